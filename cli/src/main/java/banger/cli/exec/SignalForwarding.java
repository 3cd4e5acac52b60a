package banger.cli.exec;

import sun.misc.Signal;

/**
 * Hands the signals that reach the CLI on to the command in the guest.
 *
 * <p>SIGQUIT is not among them: the JVM keeps it for its thread dump and lets nobody have it.
 */
public final class SignalForwarding {
    private static final String[] FORWARDED = {"INT", "TERM", "HUP", "USR1", "USR2"};

    private SignalForwarding() {}

    public static void install(GuestStream stream) {
        for (String name : FORWARDED) {
            handle(name, () -> stream.signal(new Signal(name).getNumber()));
        }
    }

    public static void onWindowChange(Runnable action) {
        handle("WINCH", action);
    }

    private static void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // The JVM was started so that it keeps this one for itself; the command will not see it.
        }
    }
}
