package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts programs that outlive the daemon: in a session of their own, with no terminal, writing to a log file. */
public final class DetachedProcess {
    private DetachedProcess() {}

    /**
     * Starts the program in that folder.
     *
     * @throws Problem where it cannot be started
     */
    public static HostProcess start(List<String> command, Path folder, Path log) {
        var line = new ArrayList<String>();
        // setsid(1) calls setsid(2) and then execs: the pid stays that of the child which the JVM started.
        line.add("setsid");
        line.addAll(command);
        try {
            Process process = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectErrorStream(true)
                    .start();
            // A process that is gone already has no start time; callers see that it is not alive.
            return HostProcess.of(process.pid()).orElseGet(() -> new HostProcess(process.pid(), -1));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "cannot start " + command.getFirst() + ": " + e.getMessage(),
                    "banger doctor",
                    e);
        }
    }
}
