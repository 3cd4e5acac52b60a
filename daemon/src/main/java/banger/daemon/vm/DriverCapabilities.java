package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a driver can do, so that the rest asks for an ability and not for a name.
 *
 * @param maxDisks how many disks fit a machine, with all other devices in place
 * @param maxVcpus how many CPUs a machine may have
 * @param networks the network modes that it serves
 * @param freezes whether its machines can be frozen and restored
 * @param overlays whether a disk may be an overlay on others, and be given one more while its machine is paused
 */
public record DriverCapabilities(
        int maxDisks, int maxVcpus, Set<NetworkMode> networks, boolean freezes, boolean overlays) {
    public DriverCapabilities {
        networks = Set.copyOf(networks);
    }

    /** @throws Problem where a VM of that shape is beyond them */
    public void require(String driver, VmSpec spec) {
        if (!networks.contains(spec.network())) {
            String served =
                    networks.stream().map(DriverCapabilities::word).sorted().collect(Collectors.joining(" and "));
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    driver + " does not serve network " + word(spec.network()) + ": expected " + served,
                    "--network " + served.split(" ")[0] + ", or set driver = \"auto\" in the configuration");
        }
        if (spec.vcpus() > maxVcpus) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    driver + " gives a vm at most " + maxVcpus + " vcpus, " + spec.vcpus() + " are wanted");
        }
    }

    /** @throws Problem where the machine is beyond them */
    public void require(String driver, MachinePlan plan) {
        require(driver, plan.spec());
        if (plan.disks().size() > maxDisks) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "vm " + plan.name() + " has " + plan.disks().size() + " disks, " + driver + " takes at most "
                            + maxDisks);
        }
    }

    private static String word(NetworkMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
