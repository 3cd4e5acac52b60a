package banger.daemon.kernel;

/** A kernel bundle in the store: one that can be used, or one that cannot and why. */
public sealed interface KernelEntry {
    String id();

    record Usable(Kernel kernel) implements KernelEntry {
        @Override
        public String id() {
            return kernel.id();
        }
    }

    /** @param reason for a person */
    record Broken(String id, String reason) implements KernelEntry {}
}
