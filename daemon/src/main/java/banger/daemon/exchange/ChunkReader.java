package banger.daemon.exchange;

import banger.daemon.exchange.ArtifactJson.Chunk;
import banger.daemon.exchange.ArtifactJson.StoredFile;
import banger.daemon.oci.ArtifactSource;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * Makes files of a registry's chunks. Chunks that have come are kept until the whole image is there, so that a pull that
 * was cut off goes on; those of a file whose digest is another are not.
 */
final class ChunkReader {
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final ArtifactSource source;
    private final Progress progress;
    private final long total;
    private long done;

    /** What a file's digest is. */
    interface Digest {
        String of(Path file) throws IOException;
    }

    /** @param total of the bytes to come, for the progress */
    ChunkReader(ArtifactSource source, Progress progress, long total) {
        this.source = source;
        this.progress = progress;
        this.total = total;
    }

    /** @throws Problem where what came is not what the artifact says */
    void get(StoredFile file, String what, Path target, Digest digest) throws IOException {
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Chunk chunk : file.chunks()) {
                progress.checkCancelled();
                write(out, chunk.offset(), content(chunk, what));
                done += chunk.bytes();
                progress.progress(done, total, "bytes");
            }
        }
        try (var longer = new java.io.RandomAccessFile(target.toFile(), "rw")) {
            longer.setLength(file.bytes());
        }
        String found = digest.of(target);
        if (!found.equals(file.digest())) {
            forget(file);
            throw new Problem(
                    Problem.Kind.FAILED,
                    what + " is damaged: its digest is " + found + ", expected " + file.digest(),
                    "push it again");
        }
    }

    /** Removes the chunks, as nobody needs them any more. */
    void forget(StoredFile file) throws IOException {
        for (Chunk chunk : file.chunks()) {
            source.forget(chunk.digest());
        }
    }

    private byte[] content(Chunk chunk, String what) throws IOException {
        Path blob = source.fetch(chunk.digest(), chunk.size());
        try (InputStream in = new ZstdCompressorInputStream(Files.newInputStream(blob))) {
            // Not a byte more than it says, whatever the blob would unpack to.
            byte[] content = in.readNBytes(chunk.bytes() + 1);
            if (content.length != chunk.bytes()) {
                throw new IOException("it has not the " + chunk.bytes() + " bytes that it should");
            }
            return content;
        } catch (IOException e) {
            source.forget(chunk.digest());
            throw new Problem(
                    Problem.Kind.FAILED,
                    what + " is damaged in its chunk " + chunk.digest() + ": " + e.getMessage(),
                    "push it again",
                    e);
        }
    }

    /** Blocks of zeros are left holes. */
    private static void write(FileChannel out, long offset, byte[] content) throws IOException {
        int from = 0;
        while (from < content.length) {
            int to = from;
            while (to < content.length && !isZero(content, to)) {
                to = Math.min(to + BLOCK_BYTES, content.length);
            }
            ByteBuffer data = ByteBuffer.wrap(content, from, to - from);
            while (data.hasRemaining()) {
                out.write(data, offset + data.position());
            }
            from = to;
            while (from < content.length && isZero(content, from)) {
                from = Math.min(from + BLOCK_BYTES, content.length);
            }
        }
    }

    private static boolean isZero(byte[] content, int from) {
        int to = Math.min(from + BLOCK_BYTES, content.length);
        return java.util.Arrays.equals(content, from, to, ZEROS, 0, to - from);
    }
}
