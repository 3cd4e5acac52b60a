package banger.daemon.ssh;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.GuestFile;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.ssh.SshFiles.Host;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets the user's ssh into guests: gives each its host key and the user's public key, and keeps the host's files about
 * them. Safe for any number of threads.
 */
public final class SshAccess implements GuestSetup.Files {
    private static final System.Logger LOG = System.getLogger(SshAccess.class.getName());
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String AUTHORIZED_KEYS = "/etc/banger/authorized_keys";
    private static final String HOST_KEY = "/etc/ssh/ssh_host_ed25519_key";
    private static final int AUTHORIZED_KEYS_MODE = 0644;
    private static final int HOST_KEY_MODE = 0600;
    private static final byte[] PLACEHOLDER = "# each vm has its own\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * Serves one connection on its standard streams. So it needs neither a network nor the guest's init, and it lets
     * the user's key in whatever the image's configuration says: who may use the agent is root there anyway.
     */
    private static final String SERVER = """
            server=$(command -v sshd) || exit 127
            mkdir -p /run/sshd && exec "$server" -i -o HostKey=%s -o PidFile=none \
            -o AuthorizedKeysFile='.ssh/authorized_keys %s' -o PermitRootLogin=prohibit-password \
            -o AllowAgentForwarding=yes -o AllowTcpForwarding=yes -o AcceptEnv='LANG LC_*'
            """.formatted(HOST_KEY, AUTHORIZED_KEYS);

    private final HostPaths paths;
    private final Supplier<List<Vm>> vms;
    private final UserKey userKey;
    private final HostKeys hostKeys;
    private final SshFiles files;
    /** The public key that each VM was given by this daemon. */
    private final Map<UUID, String> given = new ConcurrentHashMap<>();

    /**
     * @param vms all VMs as they are recorded
     * @param program {@code bin/banger} of this distribution
     */
    public SshAccess(HostPaths paths, Supplier<List<Vm>> vms, UserKey userKey, Path program) {
        this.paths = paths;
        this.vms = vms;
        this.userKey = userKey;
        hostKeys = new HostKeys(paths);
        files = new SshFiles(paths, program, userKey.file());
    }

    /** The command that serves one SSH connection in a guest; it exits with 127 where there is no server. */
    public static List<String> server() {
        return List.of("/bin/sh", "-c", SERVER);
    }

    /** Nothing where there can be no key now: a VM is of use without ssh, and {@link #ensure} will tell. */
    @Override
    public List<GuestFile> forGuest(Vm vm) {
        try {
            String key = userKey.publicKey();
            List<GuestFile> made = guestFiles(vm, key);
            refresh();
            given.put(vm.id(), key);
            return made;
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} boots without keys for ssh: {1}", vm.name(), e.getMessage());
            return List.of();
        }
    }

    @Override
    public void forget(Vm vm) {
        given.remove(vm.id());
        try {
            refresh();
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} is still among ssh's hosts: {1}", vm.name(), e.getMessage());
        }
    }

    /**
     * Makes sure that the running VM lets the user's key in and that its host key is known.
     *
     * @return what ssh calls the VM
     */
    public String ensure(Vm vm, AgentSession session) {
        String key = userKey.publicKey();
        if (!key.equals(given.get(vm.id()))) {
            try {
                for (GuestFile file : guestFiles(vm, key)) {
                    file.put(session, BOUND);
                }
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        "vm " + vm.name() + " did not take its SSH keys: " + e.getMessage(),
                        null,
                        e);
            }
            given.put(vm.id(), key);
        }
        refresh();
        return SshFiles.hostOf(vm.name());
    }

    /** Brings the host's files in line with the VMs that there are. @return the names of the hosts in them */
    public synchronized List<String> refresh() {
        List<Host> hosts = vms.get().stream()
                .flatMap(vm -> hostKeys.publicKey(vm).map(key -> new Host(vm.name(), key)).stream())
                .toList();
        try {
            files.write(hosts);
        } catch (IOException e) {
            throw SshFiles.unwritable(paths, e);
        }
        return hosts.stream().map(host -> SshFiles.hostOf(host.vm())).toList();
    }

    /** The configuration as it stands. */
    public String configText() {
        try {
            return Files.readString(paths.sshConfig());
        } catch (IOException e) {
            throw SshFiles.unwritable(paths, e);
        }
    }

    /**
     * What stands in a template for the files that each VM of it gets: a guest writes over a file in a third of the
     * time that it takes to make one. There is no key in them.
     */
    public static GuestSetup.Files placeholders() {
        return vm -> List.of(
                new GuestFile(HOST_KEY, HOST_KEY_MODE, "", PLACEHOLDER),
                new GuestFile(AUTHORIZED_KEYS, AUTHORIZED_KEYS_MODE, "", PLACEHOLDER));
    }

    private List<GuestFile> guestFiles(Vm vm, String publicKey) {
        byte[] authorized = (publicKey + " banger\n").getBytes(StandardCharsets.US_ASCII);
        return List.of(
                new GuestFile(HOST_KEY, HOST_KEY_MODE, "", hostKeys.privateKey(vm)),
                new GuestFile(AUTHORIZED_KEYS, AUTHORIZED_KEYS_MODE, "", authorized));
    }
}
