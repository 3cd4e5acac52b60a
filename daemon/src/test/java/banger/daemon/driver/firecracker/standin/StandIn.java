package banger.daemon.driver.firecracker.standin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The stand-in's process: takes the program's arguments, serves its API, and ends when its guest does. */
public final class StandIn {
    /** Releases: the exit status for arguments that cannot be parsed. */
    private static final int EXIT_ARGUMENTS = 153;

    private static final int EXIT_FAILURE = 1;
    private static final long LAST_ANSWER_MILLIS = 200;
    private static final Set<String> OPTIONS =
            Set.of("--id", "--api-sock", "--start-time-us", "--start-time-cpu-us", "--parent-cpu-time-us");

    private StandIn() {}

    public static void main(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                System.err.println("Arguments parsing error: Found argument '" + args[i] + "' which wasn't expected.");
                System.exit(EXIT_ARGUMENTS);
            }
            options.put(args[i], args[i + 1]);
        }
        // Releases: letters, digits and hyphens, at most 64.
        String id = options.getOrDefault("--id", "anonymous-instance");
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            System.err.println("Invalid instance ID: " + id);
            System.exit(EXIT_FAILURE);
        }
        try {
            var machine = new Machine(id, System.getProperty("standin.version", "1.13.1"));
            new ApiServer(machine).serve(Path.of(options.getOrDefault("--api-sock", "/run/firecracker.socket")));
        } catch (IOException e) {
            System.err.println("Failed to open the API socket at the given path: " + e.getMessage());
            System.exit(EXIT_FAILURE);
        }
    }

    /** Ends the process once the answer under way has been sent. */
    static void endSoon(int status) {
        Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(LAST_ANSWER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(status);
        });
    }
}
