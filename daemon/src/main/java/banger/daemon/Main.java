package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.util.List;

/** The daemon's entry point: {@code bangerd} serves until it is told to stop. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        try {
            System.exit(run(List.of(args)));
        } catch (Problem e) {
            System.err.println("bangerd: " + e.getMessage());
            if (e.hint() != null) {
                System.err.println("  try: " + e.hint());
            }
            System.exit(1);
        }
    }

    private static int run(List<String> args) {
        HostPaths paths = HostPaths.ofThisProcess();
        return switch (args.isEmpty() ? "serve" : args.getFirst()) {
            case "serve" -> {
                Config config = ConfigFile.load(paths.configFile(), System.getenv());
                new Daemon(paths, config).serve();
                yield 0;
            }
            default -> throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT, "unknown command \"" + args.getFirst() + "\"", "bangerd");
        };
    }
}
