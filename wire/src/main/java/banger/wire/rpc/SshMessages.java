package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;

/** Messages about logging in to VMs, connecting to their ports and copying files. */
public final class SshMessages {
    private SshMessages() {}

    /**
     * How the host's ssh reaches a VM.
     *
     * @param vm the VM's whole name
     * @param host what ssh calls it: {@code NAME.banger}
     * @param config the ssh configuration that holds that host, with its key, its host key and its proxy
     */
    @Json
    public record SshAccess(String vm, String host, String config) {}

    /** The ssh configuration that banger keeps, and the hosts in it. */
    @Json
    public record SshConfig(String config, String text, List<String> hosts) {}

    /** A TCP connection that begins in the guest; {@code host} is an address there, empty for the guest itself. */
    @Json
    public record Connect(String vm, String host, int port) {}

    /**
     * Copies a file or a folder between the host and a VM.
     *
     * @param hostPath absolute; a slash at its end asks for a folder, {@code /.} for a folder's content
     * @param guestPath the same, or relative to the user's home
     * @param toGuest else from the guest
     * @param user who reads or owns it in the guest; empty: root
     * @param keepLinks take symbolic links from the guest that point outside of what is copied
     */
    @Json
    public record Copy(String vm, String hostPath, String guestPath, boolean toGuest, String user, boolean keepLinks) {}
}
