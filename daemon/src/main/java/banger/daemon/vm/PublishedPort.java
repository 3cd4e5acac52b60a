package banger.daemon.vm;

import banger.daemon.problem.Problem;

/** A port of the guest that the host serves; host port 0 is chosen at start. */
public record PublishedPort(String hostAddress, int hostPort, int guestPort) {
    public PublishedPort {
        if (hostPort < 0 || hostPort > 65_535 || guestPort < 1 || guestPort > 65_535) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "published port " + hostPort + ":" + guestPort + " is out of range: expected 1 to 65535",
                    "--publish 8080:80");
        }
    }
}
