package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.time.Duration;

/** Tries to kill the first process of its own namespace, which the kernel does not let it; prints what it is told. */
public final class UnkillableInit {
    private UnkillableInit() {}

    public static void main(String[] arguments) {
        try {
            HostProcess.of(1).orElseThrow().kill(Duration.ofSeconds(1));
            System.out.println("killed");
        } catch (Problem e) {
            System.out.println(e.getMessage());
        }
    }
}
