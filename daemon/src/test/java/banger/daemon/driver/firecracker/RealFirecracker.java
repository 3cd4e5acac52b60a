package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.image.Image;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The real program, which {@code BANGER_FIRECRACKER} names, on a host whose KVM works and whose user has the image
 * {@code debian}.
 */
record RealFirecracker(Path program, Kvm kvm, HostPaths users, Image image) {
    static final Path AGENT = Path.of("../dist/banger/lib/agent/banger-agent").toAbsolutePath();

    /** Where something of it is missing the test is skipped, and says what. */
    static RealFirecracker orSkip() {
        String program = System.getenv("BANGER_FIRECRACKER");
        assumeTrue(program != null, "BANGER_FIRECRACKER does not name a firecracker to test with");
        Kvm kvm = Kvm.look(Kvm.DEVICE, HostCpu.ofThisHost().virtualizes());
        assumeTrue(kvm.works(), "firecracker needs kvm: " + kvm.reason());
        assumeTrue(Files.exists(AGENT), "there is no " + AGENT + ": ./dev build");
        HostPaths users = HostPaths.ofThisProcess();
        return new RealFirecracker(Path.of(program), kvm, users, debian(users));
    }

    private static Image debian(HostPaths users) {
        assumeTrue(Files.exists(users.database()), "there is no image: banger image bootstrap");
        try (Database database = Database.openReadOnly(users.database())) {
            Optional<Image> debian = new SqliteImageStore(database).findByName("debian");
            assumeTrue(debian.isPresent(), "there is no image debian: banger image bootstrap");
            return debian.get();
        }
    }
}
