package banger.daemon.disk;

import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an ext4 file system is to be like when it is made. Nothing is mounted, and nothing of the host's mke2fs.conf
 * is used: the same description gives the same file system everywhere.
 *
 * @param label at most 16 bytes
 * @param uuid also the seed of its directories' hashes, so that the same content gives the same bytes
 * @param journal whether it is to be written to
 * @param growsToBytes what it is to be able to grow to while mounted, or 0
 * @param files how many files, folders and links it must have room for, or 0: in proportion to its size
 * @param content a folder whose content becomes the root's, or null
 */
public record Ext4(
        String label,
        String uuid,
        boolean journal,
        long growsToBytes,
        long files,
        @Nullable Path content) {
    /** Sizes of file systems are multiples of it. */
    public static final int BLOCK_BYTES = 4096;

    public static final int INODE_BYTES = 256;
    private static final int RESERVED_INODES = 16;

    /** The least that ext4 allows: a new disk costs little more than its journal. */
    private static final int JOURNAL_MIB = 4;

    private static final Duration FORMAT_BOUND = Duration.ofMinutes(10);
    private static final String FEATURES =
            "none,ext_attr,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,"
                    + "extra_isize,metadata_csum";

    /** For a VM to write to: it can grow while mounted. */
    public static Ext4 writable(String label, String uuid, long growsToBytes, @Nullable Path content) {
        return new Ext4(label, uuid, true, growsToBytes, 0, content);
    }

    /**
     * Makes the file, sparse, of this length.
     *
     * @param enter how the command is to be run: in the namespace where the content's owners are right
     */
    public void make(Path file, long bytes, UnaryOperator<Command> enter) {
        try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
            created.setLength(bytes);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making " + file);
        }
        // A fixed clock: bytes must not depend on when they were made. (The first is for e2fsprogs up to 1.47.0.)
        enter.apply(Command.of(command(file))
                        .with("MKE2FS_CONFIG", "/dev/null")
                        .with("E2FSPROGS_FAKE_TIME", "1")
                        .with("SOURCE_DATE_EPOCH", "1")
                        .within(FORMAT_BOUND))
                .succeed();
    }

    // The file is new and sparse, so that what lazy_journal_init leaves out is zero already. The inode tables are holes
    // too: mke2fs knows that of a file and marks them as zeroed, and no guest spends its first minutes on them.
    private List<String> command(Path file) {
        List<String> extended = new ArrayList<>(List.of("hash_seed=" + uuid, "root_owner=0:0", "lazy_journal_init=1"));
        String features = FEATURES;
        if (growsToBytes > 0) {
            features += ",resize_inode";
            extended.add("resize=" + growsToBytes / BLOCK_BYTES);
        }
        List<String> argv = new ArrayList<>(List.of(
                "mke2fs",
                "-q",
                "-F",
                "-b",
                "" + BLOCK_BYTES,
                "-I",
                "" + INODE_BYTES,
                "-m",
                "0",
                "-L",
                label,
                "-U",
                uuid));
        argv.addAll(files > 0 ? List.of("-N", "" + (files + RESERVED_INODES)) : List.of("-i", "16384"));
        if (journal) {
            features += ",has_journal";
            argv.addAll(List.of("-J", "size=" + JOURNAL_MIB));
        }
        argv.addAll(List.of("-O", features, "-E", String.join(",", extended)));
        if (content != null) {
            argv.addAll(List.of("-d", content.toString()));
        }
        argv.add(file.toString());
        return argv;
    }
}
