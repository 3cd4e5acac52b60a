package banger.daemon.driver.firecracker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where a Firecracker process works: the folder that it calls its own, and what it sees there of the host's files. */
sealed interface Workplace permits OpenWorkplace, Jail {
    /** Makes it ready for a process that is about to start; nothing of an earlier one is left. */
    void prepare() throws IOException;

    /** The command that starts the process in it. */
    List<String> command(FirecrackerProgram program);

    /**
     * Lets the process see the file.
     *
     * @param as a name of its own within the plan
     * @return the file's name for the process, relative to its folder
     */
    String show(Path file, String as, boolean readOnly) throws IOException;

    /** The user that the process runs as. */
    long user();
}
