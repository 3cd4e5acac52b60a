package banger.daemon.vm;

/** How a VM reaches the world. */
public enum NetworkMode {
    /** The driver's own user-space networking; needs no privileges. */
    USER,
    /** A bridge on the host, with addresses of its own, NAT and filters; needs CAP_NET_ADMIN. */
    BRIDGE,
    /** No network device at all. */
    NONE
}
