package banger.daemon.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The name servers that the host itself asks. */
public final class HostResolvers {
    private static final Path FILE = Path.of("/etc/resolv.conf");
    private static final String KEY = "nameserver ";

    private HostResolvers() {}

    /** As resolv.conf has them now; those that are no address are left out. */
    public static List<InetAddress> now() {
        try {
            return Files.readAllLines(FILE).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(KEY))
                    .map(line -> line.substring(KEY.length()).strip())
                    .filter(HostResolvers::isAddress)
                    .map(InetAddress::ofLiteral)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
