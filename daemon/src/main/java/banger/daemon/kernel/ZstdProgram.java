package banger.daemon.kernel;

import banger.daemon.os.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decompresses zstd, which some distributions' kernels use, with the host's program. */
final class ZstdProgram {
    static final int MAGIC = 0xFD2FB528;

    private ZstdProgram() {}

    static byte[] decompress(byte[] compressed) throws IOException {
        Path in = Files.createTempFile("banger-kernel-", ".zst");
        Path out = Path.of(in.toString().replace(".zst", ""));
        try {
            Files.write(in, compressed);
            Command.of("zstd", "-q", "-d", "-f", "-o", out.toString(), in.toString())
                    .succeed();
            return Files.readAllBytes(out);
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(out);
        }
    }
}
