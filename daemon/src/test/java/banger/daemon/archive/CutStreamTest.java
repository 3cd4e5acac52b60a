package banger.daemon.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** What is said of a compressed archive of which a part is missing. */
class CutStreamTest {
    @Test
    void anXzFileThatIsCutOffIsSaidToBe() throws IOException {
        byte[] content = new byte[100_000];
        new Random(7).nextBytes(content);
        var packed = new ByteArrayOutputStream();
        try (var out = new XZOutputStream(packed, new LZMA2Options(0))) {
            out.write(content);
        }
        var half = new ByteArrayInputStream(Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
        IOException failure =
                assertThrows(IOException.class, () -> Decompression.of(half).readAllBytes());
        assertEquals("it is cut off", Decompression.fault(failure));
    }
}
