package banger.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host's network of a test's own, joined by a cable to another that stands for the world: namespaces, so that the
 * network of the real host is never touched. Making one takes root.
 */
final class NetworkNamespace implements AutoCloseable {
    /** An address of the world that only routing leads to, and the same in IPv6. */
    static final String OUTSIDE = "198.51.100.1";

    static final String OUTSIDE_V6 = "fd98::1";
    /** Where the world's web server tells everybody which address they come from. */
    static final int WEB = 8000;

    private static final String SERVER = """
            import http.server, socket
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(self.client_address[0].replace('::ffff:', '').encode())
                def log_message(self, *words):
                    pass
            class Server(http.server.ThreadingHTTPServer):
                address_family = socket.AF_INET6
            server = Server(('::', %d), Handler)
            print('serving', flush=True)
            server.serve_forever()
            """;

    private static final AtomicInteger MADE = new AtomicInteger();

    private final String name = ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    private final String host = "bi-h" + name;
    private final String world = "bi-w" + name;
    private final Command server;

    NetworkNamespace() {
        ip("netns add " + host);
        ip("netns add " + world);
        ip("link add cable netns " + host + " type veth peer name cable netns " + world);
        for (String each : List.of(host, world)) {
            ip("-n " + each + " link set lo up");
            ip("-n " + each + " link set cable up");
        }
        ip("-n " + host + " addr add 192.0.2.2/24 dev cable");
        ip("-n " + host + " addr add fd99::2/64 dev cable nodad");
        ip("-n " + world + " addr add 192.0.2.1/24 dev cable");
        ip("-n " + world + " addr add fd99::1/64 dev cable nodad");
        ip("-n " + world + " addr add " + OUTSIDE + "/32 dev lo");
        ip("-n " + world + " addr add " + OUTSIDE_V6 + "/128 dev lo");
        ip("-n " + host + " route add default via 192.0.2.1");
        ip("-n " + host + " -6 route add default via fd99::1");
        var line = new ArrayList<>(enter(world));
        line.addAll(List.of("python3", "-c", SERVER.formatted(WEB)));
        server = Command.start(new ProcessBuilder(line));
        server.awaitOut("serving");
    }

    /** What runs a program on that host. */
    List<String> enter() {
        return enter(host);
    }

    private static List<String> enter(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    /** Runs a program on the host. */
    Outcome run(String... line) {
        return runIn(host, line);
    }

    Outcome runInTheWorld(String... line) {
        return runIn(world, line);
    }

    private static Outcome runIn(String namespace, String... line) {
        var all = new ArrayList<>(enter(namespace));
        all.addAll(List.of(line));
        return Command.start(new ProcessBuilder(all)).waitFor();
    }

    /** The packet filter's rules and sets. */
    String rules() {
        return run("nft", "list", "ruleset").text();
    }

    /** The names of the network devices. */
    List<String> devices() {
        return run("ip", "-o", "link", "show")
                .text()
                .lines()
                .map(line -> line.split("[ :@]+")[1])
                .toList();
    }

    private static void ip(String words) {
        var line = new ArrayList<>(List.of("ip"));
        line.addAll(List.of(words.split(" ")));
        Command.ok(line.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.process().destroyForcibly();
        server.close();
        for (String each : List.of(host, world)) {
            ip("netns del " + each);
        }
    }

    /** Whether this user may make namespaces. */
    static boolean possible() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
