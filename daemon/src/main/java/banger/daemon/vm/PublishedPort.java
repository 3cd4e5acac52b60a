package banger.daemon.vm;

import banger.daemon.os.FreePort;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A port of the guest that the host serves; host port 0 is chosen at start.
 *
 * @param hostAddress an IPv4 address in four numbers: it becomes part of a VMM's command line, and names nothing to ask
 */
public record PublishedPort(String hostAddress, int hostPort, int guestPort) {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final int MAX_SHOWN = 40;
    private static final String ANY_ADDRESS = "0.0.0.0";
    /** Linux's words for EADDRNOTAVAIL and EACCES. */
    private static final String NOT_HERE = "Cannot assign requested address";

    private static final String NOT_ALLOWED = "Permission denied";

    public PublishedPort {
        if (hostPort < 0 || hostPort > 65_535 || guestPort < 1 || guestPort > 65_535) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "published port " + hostPort + ":" + guestPort + " is out of range: expected 1 to 65535",
                    "--publish 8080:80");
        }
        if (!isAddress(hostAddress)) {
            String plain = hostAddress.replaceAll("\\p{Cntrl}", "?");
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + plain.substring(0, Math.min(plain.length(), MAX_SHOWN))
                            + "\" is no host address: expected IPv4, such as 127.0.0.1",
                    "--publish 127.0.0.1:8080:80");
        }
    }

    /** With a host port that is free now, where none was named. */
    public PublishedPort chosen() {
        return hostPort == 0 ? new PublishedPort(hostAddress, free(), guestPort) : this;
    }

    /**
     * VMMs and packet filters take a port that is taken without a word, or with few.
     *
     * @throws Problem where the host does not let it be listened on now
     */
    public void requireFree() {
        free();
    }

    private int free() {
        try {
            return FreePort.check(hostAddress, hostPort);
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** Whether one host cannot serve both. */
    public boolean clashes(PublishedPort other) {
        return hostPort == other.hostPort
                && hostPort != 0
                && (hostAddress.equals(other.hostAddress)
                        || hostAddress.equals(ANY_ADDRESS)
                        || other.hostAddress.equals(ANY_ADDRESS));
    }

    /** What to tell where another VM publishes it. */
    Problem taken(String vm) {
        return refused("vm " + vm + " has published it", "banger vm stop " + vm + "; or " + another());
    }

    /** What to tell where it cannot be published. */
    public Problem refused(String reason) {
        return refused(
                reason,
                switch (reason) {
                    case NOT_HERE -> "ip -brief address lists this host's addresses";
                    case NOT_ALLOWED -> "publish a port from 1024 on, as only root may listen on those below";
                    default -> "ss -ltnp sport = :" + hostPort + " tells who listens there; " + another();
                });
    }

    private String another() {
        return "--publish of vm create and vm set takes another port, or 0:" + guestPort + " for any";
    }

    /** The kind says that neither another try nor another way of starting will do better. */
    private Problem refused(String reason, String hint) {
        return new Problem(
                Problem.Kind.ALREADY_EXISTS,
                "host port " + hostAddress + ":" + hostPort + " cannot be published: " + reason,
                hint);
    }

    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches()
                && Arrays.stream(text.split("\\.")).allMatch(number -> Integer.parseInt(number) <= 255);
    }
}
