package banger.daemon.guest;

import banger.wire.frame.PayloadWriter;
import java.util.List;

/**
 * A command for the guest, as docs/guest-protocol.md has it: argv as given, no shell.
 *
 * @param mise whether {@code mise exec --} is to stand before it where the guest has mise
 */
public record ExecRequest(
        List<String> argv,
        List<String> env,
        String cwd,
        String user,
        boolean tty,
        boolean stdin,
        int columns,
        int rows,
        boolean mise) {
    /** The capability of an agent that takes {@link #mise}. */
    public static final String MISE = "exec-mise";

    private static final int FLAG_TTY = 1;
    private static final int FLAG_STDIN = 2;
    private static final int FLAG_MISE = 4;

    /** One that mise has nothing to do with. */
    public ExecRequest(
            List<String> argv,
            List<String> env,
            String cwd,
            String user,
            boolean tty,
            boolean stdin,
            int columns,
            int rows) {
        this(argv, env, cwd, user, tty, stdin, columns, rows, false);
    }

    /** A command of the daemon's own: as root, in the root's home, with stdin where it is to be fed. */
    public static ExecRequest of(boolean stdin, String... argv) {
        return new ExecRequest(List.of(argv), List.of(), "", "", false, stdin, 0, 0, false);
    }

    /** Writes the request's fields behind the kind. */
    public void writeTo(PayloadWriter payload) {
        payload.strings(argv)
                .strings(env)
                .string(cwd)
                .string(user)
                .u8((tty ? FLAG_TTY : 0) | (stdin ? FLAG_STDIN : 0) | (mise ? FLAG_MISE : 0))
                .u16(columns)
                .u16(rows);
    }
}
