package banger.daemon.ssh;

import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The SSH host keys of VMs, each made on the host when its VM first boots, so that it is known before any connection. */
final class HostKeys {
    private final HostPaths paths;

    HostKeys(HostPaths paths) {
        this.paths = paths;
    }

    /** The VM's private key, made where there is none. */
    synchronized byte[] privateKey(Vm vm) {
        Path file = paths.hostKey(vm.id().toString());
        if (!Files.exists(file)) {
            KeyGenerator.make(file, "");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The public half, where the VM has a key yet. */
    Optional<String> publicKey(Vm vm) {
        Path file = KeyGenerator.publicHalf(paths.hostKey(vm.id().toString()));
        try {
            return Files.exists(file)
                    ? Optional.of(KeyGenerator.plain(file, Files.readString(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Problem unreadable(Path file, IOException cause) {
        return new Problem(
                Problem.Kind.FAILED, "the host key " + file + " cannot be read: " + cause.getMessage(), null, cause);
    }
}
