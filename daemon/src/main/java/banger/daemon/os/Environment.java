package banger.daemon.os;

import java.util.Map;

/** The environment variables of this process, for those who are handed them. */
public final class Environment {
    private Environment() {}

    public static Map<String, String> ofThisProcess() {
        return System.getenv();
    }
}
