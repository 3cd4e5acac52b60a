package banger.daemon.network;

import banger.daemon.os.Privileges;
import banger.daemon.os.Privileges.Capability;
import banger.daemon.os.Programs;
import banger.daemon.os.TapDevice;
import banger.daemon.problem.Problem;
import java.util.List;

/** What a host must have before VMs can share a bridge. */
public final class BridgeRequirements {
    private static final List<String> PROGRAMS = List.of("ip", "nft");

    private BridgeRequirements() {}

    /** @throws Problem MISSING_REQUIREMENT that names the first that is lacking */
    public static void check() {
        if (!Privileges.lacking(List.of(Capability.NET_ADMIN)).isEmpty()) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "network bridge needs CAP_NET_ADMIN, which the daemon lacks",
                    "--network user, or run the daemon as root");
        }
        if (!TapDevice.available()) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    TapDevice.CONTROL + " cannot be opened, so there are no tap devices",
                    "sudo modprobe tun");
        }
        for (String program : PROGRAMS) {
            if (Programs.find(program).isEmpty()) {
                throw Programs.missing(program);
            }
        }
    }
}
