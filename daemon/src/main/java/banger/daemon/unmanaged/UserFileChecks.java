package banger.daemon.unmanaged;

import banger.daemon.archive.Decompression;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.image.UserFiles;
import banger.daemon.kernel.BootSets;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Checks that files of the user's are what an image needs; they are only read, and only their beginnings. */
final class UserFileChecks {
    private static final int MAGIC_BYTES = 6;
    /** The kernel unpacks this format, which few programs use and no library here. */
    private static final byte[] LZ4_LEGACY = {0x02, 0x21, 0x4c, 0x18};

    private UserFileChecks() {}

    /** @throws Problem that names the first file which is not what it should be */
    static void check(UserFiles files) {
        try {
            fileSystem(files.rootfs());
            BootSets.check(readable(files.kernel()));
            if (files.initrd() != null) {
                archive(readable(files.initrd()));
            }
            if (files.modules() != null) {
                BootSets.checkModules(files.modules());
            }
            if (files.workSeed() != null) {
                fileSystem(files.workSeed());
            }
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "reading the files of an image");
        }
    }

    private static Path readable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no file " + file + " that can be read");
        }
        return file;
    }

    private static void fileSystem(Path file) throws IOException {
        try (Ext4Volume volume = Ext4Volume.open(readable(file))) {
            if (volume.superblock().needsRecovery()) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        "the file system in " + file + " is in use, or was not unmounted: its journal has to be"
                                + " played back first",
                        "unmount it, or: e2fsck -p " + file);
            }
        }
    }

    private static void archive(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(LZ4_LEGACY.length), LZ4_LEGACY)) {
                return;
            }
        }
        try (InputStream in = Decompression.of(Files.newInputStream(file))) {
            start = in.readNBytes(MAGIC_BYTES);
        } catch (IOException | IllegalArgumentException e) {
            throw noArchive(file, e.getMessage());
        }
        String magic = new String(start, StandardCharsets.ISO_8859_1);
        if (!magic.equals("070701") && !magic.equals("070702")) {
            throw noArchive(file, "it does not begin as one of the newc format");
        }
    }

    private static Problem noArchive(Path file, String reason) {
        return new Problem(Problem.Kind.FAILED, file + " is no cpio archive: " + reason, "file " + file);
    }
}
