package banger.daemon.ssh;

import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/**
 * What the host's ssh reads: a known_hosts file, and a configuration with a host for each VM.
 *
 * <p>Each host is written out. One for {@code *.banger} would put a name that somebody else chose (such as that of a
 * git submodule's address) into the proxy's command line.
 */
final class SshFiles {
    private static final String DOMAIN = ".banger";
    private static final String HEADER = """
            # The VMs of banger, which keeps this file: changes here are lost.
            # banger ssh-config install makes your own ssh configuration include it.
            """;

    private final HostPaths paths;
    private final Path program;
    private final Path key;

    /** A VM that can be logged in to. */
    record Host(String vm, String hostKey) {}

    /**
     * @param program {@code bin/banger} of this distribution
     * @param key the user's private key
     */
    SshFiles(HostPaths paths, Path program, Path key) {
        this.paths = paths;
        this.program = program;
        this.key = key;
    }

    static String hostOf(String vm) {
        return vm + DOMAIN;
    }

    /** Writes both files where they differ from what they should say. */
    void write(List<Host> hosts) throws IOException {
        Files.createDirectories(
                paths.ssh(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        StringBuilder known = new StringBuilder();
        StringBuilder config = new StringBuilder(HEADER);
        for (Host host : hosts) {
            known.append(hostOf(host.vm())).append(' ').append(host.hostKey()).append('\n');
            config.append('\n').append(stanza(host.vm()));
        }
        put(paths.sshKnownHosts(), known.toString());
        put(paths.sshConfig(), config.toString());
    }

    private String stanza(String vm) {
        return """
                Host %1$s
                    HostKeyAlias %1$s
                    Port 22
                    User root
                    ProxyCommand %2$s vm proxy %3$s
                    IdentityFile %4$s
                    IdentitiesOnly yes
                    UserKnownHostsFile %5$s
                    GlobalKnownHostsFile /dev/null
                    StrictHostKeyChecking yes
                    UpdateHostKeys no
                    CheckHostIP no
                    SendEnv LANG LC_*
                """.formatted(
                        hostOf(vm),
                        // ssh hands the line to a shell, once it has put in what follows a percent sign.
                        percents("'" + program.toString().replace("'", "'\\''") + "'"),
                        vm,
                        quoted(key),
                        quoted(paths.sshKnownHosts()));
    }

    private static String quoted(Path path) {
        return percents("\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    private static String percents(String text) {
        return text.replace("%", "%%");
    }

    private void put(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Path made = Files.createTempFile(paths.ssh(), "." + file.getFileName(), "");
        try {
            // Not synced: whatever a power cut leaves of it is written anew with the next VM.
            Files.write(made, bytes);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    static Problem unwritable(HostPaths paths, IOException cause) {
        return new Problem(
                Problem.Kind.FAILED,
                "cannot write to " + paths.ssh() + ": " + cause.getMessage(),
                "banger doctor",
                cause);
    }
}
