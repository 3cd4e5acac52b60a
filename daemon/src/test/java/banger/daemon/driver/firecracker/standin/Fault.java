package banger.daemon.driver.firecracker.standin;

/** A request that is refused, with the words of its {@code fault_message} (definition Error). */
final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    /** Operations that are "Pre-boot only" in the description. */
    static final String STARTED = "The requested operation is not supported after starting the microVM.";
    /** Operations that are "Post-boot only" in the description. */
    static final String NOT_STARTED = "The requested operation is not supported before starting the microVM.";

    Fault(String words) {
        super(words);
    }

    static Fault json(String words) {
        return new Fault("An error occurred when deserializing the json body of a request: " + words + ".");
    }
}
