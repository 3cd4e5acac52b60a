package banger.cli.exec;

/** How a stream to the guest ended. */
public sealed interface StreamOutcome {
    /** The command ended by itself. */
    record Exited(int status) implements StreamOutcome {}

    /** A signal ended the command. */
    record Killed(int signal) implements StreamOutcome {}

    /** Nobody reads our output any more, so the command was given up. */
    record OutputClosed() implements StreamOutcome {}

    /** The stream broke before the command's end was told. */
    record Broken(String reason) implements StreamOutcome {}
}
