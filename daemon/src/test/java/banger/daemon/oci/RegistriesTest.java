package banger.daemon.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.oci.StubRegistry.Stall;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.TarFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is taken of registries, and what is said of those that cannot be asked or do not go on. */
class RegistriesTest {
    private static final byte[] LAYER =
            new TarFile().file("bin/sh", "shell".repeat(20_000)).bytes();
    private static final long MOST_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private Problem failure(Registries registries, String reference, Progress progress) {
        return assertThrows(Problem.class, () -> registries.open(reference, folder, MOST_BYTES, progress));
    }

    private String failure(String reference) {
        return failure(new Registries(null), reference, Progress.NONE).getMessage();
    }

    @Test
    void anImageIsFetched() throws IOException {
        try (var registry = new StubRegistry(Stall.NEVER, LAYER, LAYER.length)) {
            OciImage image = new Registries(null).open(registry.reference(), folder, MOST_BYTES, Progress.NONE);
            assertArrayEquals(LAYER, image.layers().getFirst().opener().open().readAllBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_MANIFEST", "IN_THE_LAYER"})
    void aRegistryThatDoesNotGoOnIsGivenUp(Stall stall) throws IOException {
        try (var registry = new StubRegistry(stall, LAYER, LAYER.length)) {
            var impatient = new Registries(null, Duration.ofSeconds(1));
            Problem problem = failure(impatient, registry.reference(), Progress.NONE);
            assertTrue(problem.getMessage().matches("nothing has moved .* for 1 s; given up"), problem.getMessage());
        }
    }

    @Test
    void anUploadThatIsNotTakenIsGivenUp() throws IOException {
        try (var registry = new StubRegistry(Stall.IN_AN_UPLOAD, LAYER, LAYER.length)) {
            var impatient = new Registries(null, Duration.ofSeconds(1));
            var target = impatient.target(registry.reference(), Progress.NONE);
            Problem problem = assertThrows(Problem.class, () -> target.put(new byte[100]));
            assertTrue(problem.getMessage().contains("given up"), problem.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_MANIFEST", "IN_THE_LAYER"})
    void whoeverCancelsDoesNotWaitForTheRegistry(Stall stall) throws IOException {
        try (var registry = new StubRegistry(stall, LAYER, LAYER.length)) {
            var patient = new Registries(null, Duration.ofDays(1));
            Progress cancelledThen = new Progress() {
                @Override
                public void stage(String name, String text) {}

                @Override
                public void progress(long done, @Nullable Long total, String unit) {}

                @Override
                public boolean cancelled() {
                    return registry.stalled.getCount() == 0;
                }
            };
            assertEquals(
                    Problem.Kind.CANCELLED,
                    failure(patient, registry.reference(), cancelledThen).kind());
        }
    }

    @Test
    void aLayerThatIsSaidToBeBiggerThanTheLimitIsNotFetched() throws IOException {
        try (var registry = new StubRegistry(Stall.IN_THE_LAYER, LAYER, MOST_BYTES + 1)) {
            Problem problem = failure(new Registries(null), registry.reference(), Progress.NONE);
            assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, problem.kind());
            assertTrue(String.valueOf(problem.hint()).contains("import.max_size"), problem.hint());
            assertEquals(1, registry.stalled.getCount());
            try (var files = Files.list(folder)) {
                assertEquals(0, files.count());
            }
        }
    }

    @Test
    void whereNothingListensIsSaid() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String reference = "127.0.0.1:" + port + "/team/app:1";
        assertEquals("fetching " + reference + " failed: nothing answers at 127.0.0.1:" + port, failure(reference));
    }

    @Test
    void anAddressOfTheWebIsNoReference() {
        assertEquals(
                "\"https://registry.example/app\" is no reference of an image:"
                        + " it begins with the registry's name, not with a scheme",
                failure("https://registry.example/app"));
    }
}
