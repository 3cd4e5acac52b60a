package banger.daemon.debian;

/** One version of a Debian binary package. */
public record DebianPackage(String name, String version) {
    /** What the names of its files begin with: apt writes an epoch's colon as {@code %3a}. */
    String fileNameStart() {
        return name + "_" + version.replace(":", "%3a") + "_";
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
