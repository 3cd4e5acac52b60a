package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.doctor.NetworkLeftovers.Known;
import banger.daemon.doctor.NetworkLeftovers.Seen;
import banger.daemon.network.Bridge;
import banger.daemon.network.Lease;
import banger.daemon.network.Subnet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NetworkLeftoversTest {
    private static final Bridge BRIDGE = new Bridge("banger0", Subnet.parse("10.209.0.0/22"), null);
    private static final UUID BETA = UUID.fromString("00000000-0000-0000-0000-00000000beef");
    private static final Known KNOWN =
            new Known(BRIDGE, Set.of("tap-pool-0", "tap-pool-1"), List.of(new Lease(BETA, 2, "tap-pool-0", List.of())));

    @Test
    void readyDevicesAndARunningVmsAreNoLeftovers() {
        var seen = new Seen(
                Set.of("banger0", "tap-pool-0", "tap-pool-1"),
                Set.of("table bridge banger0", "table inet banger0"),
                Set.of("tap-pool-0"),
                Set.of("10.209.0.2"));
        assertEquals(List.of(), NetworkLeftovers.of(seen, KNOWN, BETA.toString()::equals, BETA.toString()::equals));
    }

    @Test
    void whatIsNotRecordedIsNamed() {
        var seen = new Seen(
                Set.of("banger1", "tap-pool-7"),
                Set.of("table inet banger1"),
                Set.of("tap-pool-7"),
                Set.of("10.209.0.9"));
        assertEquals(
                List.of(
                        "network bridge banger1",
                        "network tap device tap-pool-7",
                        "network nftables table inet banger1",
                        "network packet filter entries of tap-pool-7",
                        "network published ports of 10.209.0.9"),
                found(seen, KNOWN, true));
    }

    @Test
    void theEntriesOfAVmThatDoesNotRunAreLeftOver() {
        var seen = new Seen(
                Set.of("banger0", "tap-pool-0", "tap-pool-1"),
                Set.of("table inet banger0"),
                Set.of("tap-pool-0"),
                Set.of("10.209.0.2"));
        assertEquals(
                List.of("network packet filter entries of tap-pool-0", "network published ports of 10.209.0.2"),
                found(seen, KNOWN, false));
    }

    @Test
    void withoutADatabaseEverythingIsLeftOver() {
        var seen = new Seen(Set.of("banger0", "tap-pool-0"), Set.of("table bridge banger0"), Set.of(), Set.of());
        assertEquals(
                List.of(
                        "network bridge banger0",
                        "network tap device tap-pool-0",
                        "network nftables table bridge banger0"),
                found(seen, Known.NOTHING, true));
    }

    @Test
    void recordsOfWhatIsNotThereAreNamed() {
        var seen = new Seen(Set.of("banger0", "tap-pool-0"), Set.of(), Set.of(), Set.of());
        assertEquals(
                List.of("network addresses of vm " + BETA, "network record of tap device tap-pool-1"),
                NetworkLeftovers.of(seen, KNOWN, vm -> false, vm -> false).stream()
                        .map(Leftover::toString)
                        .toList());
    }

    @Test
    void recordsOfABridgeThatIsGoneWaitForTheNextDaemon() {
        assertEquals(List.of(), found(Seen.NOTHING, KNOWN, true));
    }

    private static List<String> found(Seen seen, Known known, boolean mayRun) {
        return NetworkLeftovers.of(seen, known, vm -> mayRun, vm -> true).stream()
                .map(Leftover::toString)
                .toList();
    }
}
