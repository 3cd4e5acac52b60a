package banger.daemon;

import banger.daemon.problem.Problem;
import java.nio.file.Path;

/** Where the files of this distribution are, as its launcher says. */
final class Distribution {
    private Distribution() {}

    static Path agent() {
        return home().resolve("lib/agent/banger-agent");
    }

    static Path cli() {
        return home().resolve("bin/banger");
    }

    private static Path home() {
        String home = System.getProperty("banger.home");
        if (home == null) {
            throw new Problem(Problem.Kind.MISSING_REQUIREMENT, "banger.home is not set", "start bin/bangerd");
        }
        return Path.of(home);
    }
}
