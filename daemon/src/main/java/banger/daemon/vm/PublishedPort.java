package banger.daemon.vm;

import banger.daemon.problem.Problem;
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

    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches()
                && Arrays.stream(text.split("\\.")).allMatch(number -> Integer.parseInt(number) <= 255);
    }
}
