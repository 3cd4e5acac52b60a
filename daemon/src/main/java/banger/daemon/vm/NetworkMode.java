package banger.daemon.vm;

/** How a VM reaches the world. */
public enum NetworkMode {
    /** The driver's own user-space networking; needs no privileges. */
    USER,
    /** No network device at all. */
    NONE
}
