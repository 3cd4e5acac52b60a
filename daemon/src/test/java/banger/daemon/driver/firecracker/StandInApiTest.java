package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.driver.firecracker.ApiMessages.Action;
import banger.daemon.driver.firecracker.ApiMessages.BalloonUpdate;
import banger.daemon.driver.firecracker.ApiMessages.DriveUpdate;
import banger.daemon.driver.firecracker.ApiMessages.NetworkInterface;
import banger.daemon.driver.firecracker.ApiMessages.NetworkOverride;
import banger.daemon.driver.firecracker.ApiMessages.RateLimiter;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotCreation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every request that the driver has words for, against the stand-in's rules. */
class StandInApiTest extends ApiContract {
    @Override
    Path prepare() throws IOException {
        Files.writeString(folder.resolve("vmlinux"), "boots");
        Files.writeString(folder.resolve("initramfs"), "");
        return StandInProgram.in(folder, version());
    }

    @Override
    String version() {
        return "1.13.1";
    }

    @Override
    List<NetworkInterface> interfaces() {
        return List.of(onTap("eth0", "tap-pool-1"));
    }

    private static NetworkInterface onTap(String name, String tap) {
        return new NetworkInterface(
                name, tap, "06:00:00:00:00:01", new RateLimiter(BUCKET, null), new RateLimiter(null, BUCKET));
    }

    @Test
    void everyRequestAfterTheStartIsTaken() throws IOException {
        configure();
        api.act(Action.START);
        api.update(new BalloonUpdate(64));
        api.update(new DriveUpdate("root", "root", new RateLimiter(BUCKET, BUCKET)));
        api.act(Action.FLUSH_METRICS);
        api.act(Action.CTRL_ALT_DEL);
    }

    @Test
    void anotherInterfaceWithTheSameHardwareAddressIsRefused() throws IOException {
        configure();
        api.networkInterface(onTap("eth0", "tap-pool-3"));
        assertRefused(
                "PUT /network-interfaces/eth1",
                "Network config error: The MAC address is already in use: 06:00:00:00:00:01",
                () -> api.networkInterface(onTap("eth1", "tap-pool-2")));
    }

    @Test
    void aSnapshotsNetworkIsOnTheDeviceThatIsNamedWhenItIsLoaded() throws IOException {
        FirecrackerApi fresh = restored(List.of(new NetworkOverride("eth0", "tap-pool-2")));
        fresh.createSnapshot(SnapshotCreation.full("memory-2", "state-2"));
        String told = Files.readString(folder.resolve("state-2"));
        assertTrue(told.contains("tap-pool-2") && !told.contains("tap-pool-1"), told);
    }
}
