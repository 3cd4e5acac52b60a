package banger.daemon.driver.qemu;

import banger.daemon.problem.Problem;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The host's ports that QEMU itself listens on for a VM of the user's network. */
final class HostPorts {
    private HostPorts() {}

    /**
     * QEMU says of a port that is taken only that it could not set up a rule, and ends.
     *
     * @throws Problem ALREADY_EXISTS that names the port which cannot be had
     */
    static void requireFree(MachinePlan plan) {
        if (plan.spec().network() != NetworkMode.USER) {
            return;
        }
        for (PublishedPort port : plan.spec().publish()) {
            try (var probe = new ServerSocket(port.hostPort(), 1, InetAddress.getByName(port.hostAddress()))) {
                continue;
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.ALREADY_EXISTS,
                        "vm " + plan.name() + " cannot listen on " + port.hostAddress() + ":" + port.hostPort() + ": "
                                + e.getMessage(),
                        "end what listens there (ss -ltnp sport = :" + port.hostPort()
                                + "), or publish another port, or 0:" + port.guestPort() + " for any",
                        e);
            }
        }
    }
}
