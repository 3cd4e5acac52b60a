package banger.daemon.exchange;

import banger.daemon.exchange.ArtifactJson.Chunk;
import banger.daemon.exchange.ArtifactJson.StoredFile;
import banger.daemon.oci.ArtifactTarget;
import banger.daemon.operation.Progress;
import banger.daemon.os.DataWindows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/**
 * Puts files into a registry in chunks, each compressed by itself and named by its digest. A chunk that is there already
 * is not sent again, which is how a push that was cut off goes on.
 */
final class ChunkWriter {
    static final int CHUNK_BYTES = 16 << 20;
    private static final int LEVEL = 3;

    private final ArtifactTarget target;
    private final Progress progress;
    private final long total;
    private long done;

    /** @param total of the bytes to come, for the progress */
    ChunkWriter(ArtifactTarget target, Progress progress, long total) {
        this.target = target;
        this.progress = progress;
        this.total = total;
    }

    /** What the chunks of these files unpack to, or a little more. */
    static long bytes(List<Path> files) throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += (long) DataWindows.of(file, CHUNK_BYTES).size() * CHUNK_BYTES;
        }
        return sum;
    }

    StoredFile put(String name, Path file, String digest) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (long offset : DataWindows.of(file, CHUNK_BYTES)) {
                progress.checkCancelled();
                byte[] content = read(channel, offset);
                byte[] blob = compressed(content);
                chunks.add(new Chunk(offset, content.length, target.put(blob), blob.length));
                done += content.length;
                progress.progress(Math.min(done, total), total, "bytes");
            }
            return new StoredFile(name, digest, channel.size(), chunks);
        }
    }

    private static byte[] read(FileChannel channel, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, channel.size() - offset));
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
            continue;
        }
        return buffer.hasRemaining() ? java.util.Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
    }

    private static byte[] compressed(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream(content.length / 2);
        try (var zstd = ZstdCompressorOutputStream.builder()
                .setOutputStream(out)
                .setLevel(LEVEL)
                .setChecksum(false)
                .get()) {
            zstd.write(content);
        }
        return out.toByteArray();
    }
}
