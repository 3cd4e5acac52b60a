package banger.daemon.workspace;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A VM's guest, by its agent.
 *
 * @param ending whether the VM does not run any more, or is about to end
 */
public record AgentGuest(String name, AgentSession session, BooleanSupplier ending) implements Guest {
    private static final Duration START_BOUND = Duration.ofSeconds(60);

    @Override
    public boolean isEnding() {
        return ending.getAsBoolean();
    }

    @Override
    public Program start(List<String> argv) throws IOException {
        ExecRequest request = ExecRequest.of(true, argv.toArray(String[]::new));
        return new AgentProgram(GuestProcess.start(session, request, START_BOUND));
    }

    private record AgentProgram(GuestProcess process) implements Program {
        @Override
        public OutputStream stdin() {
            return process.stdin();
        }

        @Override
        public InputStream stdout() {
            return process.stdout();
        }

        @Override
        public InputStream stderr() {
            return process.stderr();
        }

        @Override
        public int waitFor(Duration bound) throws IOException {
            return process.waitFor(bound);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
