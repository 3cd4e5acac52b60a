package banger.daemon.oci;

/** What OCI calls this machine's processor. */
public final class Architecture {
    private Architecture() {}

    public static String ofThisMachine() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }
}
