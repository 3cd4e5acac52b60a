package banger.daemon.doctor;

import banger.daemon.os.HostPaths;
import banger.daemon.vm.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks of banger's folders: whose they are, whether sockets fit, how much space there is. */
final class FolderChecks {
    private static final long SCARCE_BYTES = 10L << 30;
    private static final long TOO_FEW_BYTES = 1L << 30;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final Set<PosixFilePermission> OTHERS_WRITING = PosixFilePermissions.fromString("----w--w-");

    private final HostPaths paths;

    private FolderChecks(HostPaths paths) {
        this.paths = paths;
    }

    static List<Check> of(HostPaths paths) {
        FolderChecks checks = new FolderChecks(paths);
        return List.of(
                new Check("folders", checks::folders),
                new Check("sockets", checks::socketPaths),
                new Check("disk", checks::disk));
    }

    private Finding folders() {
        List<Finding> faults = new ArrayList<>();
        for (Path folder : List.of(paths.config(), paths.state(), paths.data(), paths.cache(), paths.runtime())) {
            // Settings may be read; the keys beside them have modes of their own.
            Finding finding = folder(folder, folder.equals(paths.config()) ? OTHERS_WRITING : OTHERS);
            if (finding.level() != Finding.Level.OK) {
                faults.add(finding);
            }
        }
        if (faults.isEmpty()) {
            return Finding.ok(paths.data() + ", " + paths.state() + ", " + paths.runtime());
        }
        // A folder that is shut matters more than one that is too open.
        return faults.stream()
                .max(java.util.Comparator.comparing(Finding::level))
                .orElseThrow();
    }

    private static Finding folder(Path folder, Set<PosixFilePermission> unwanted) {
        if (!Files.exists(folder)) {
            Path parent = existing(folder);
            return Files.isDirectory(parent) && Files.isWritable(parent)
                    ? Finding.ok("not made yet")
                    : Finding.failure(folder + " cannot be made: " + parent + " is not writable", "ls -ld " + parent);
        }
        if (!Files.isDirectory(folder)) {
            return Finding.failure(folder + " is not a folder", "mv " + folder + " " + folder + ".old");
        }
        if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
            return Finding.failure(
                    folder + " is not this user's to use",
                    "sudo chown -R " + System.getProperty("user.name") + " " + folder);
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            boolean open = permissions.stream().anyMatch(unwanted::contains);
            return open
                    ? Finding.warning(
                            folder + " is open to other users: " + PosixFilePermissions.toString(permissions),
                            "chmod 700 " + folder)
                    : Finding.ok("for its user alone");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Finding socketPaths() {
        Path longest = paths.longestSocket();
        int bytes = longest.toString().getBytes(StandardCharsets.UTF_8).length;
        String found = "the longest path has " + bytes + " of " + HostPaths.MAX_SOCKET_PATH_BYTES + " bytes";
        return bytes <= HostPaths.MAX_SOCKET_PATH_BYTES
                ? Finding.ok(found)
                : Finding.failure(
                        found + ": " + longest, "set XDG_RUNTIME_DIR to a shorter folder, such as /run/user/UID");
    }

    private Finding disk() {
        try {
            FileStore store = Files.getFileStore(existing(paths.data()));
            long free = store.getUsableSpace();
            String found = ByteSize.format(free) + " free on " + store.type() + ", " + cloning(store.type());
            if (free < TOO_FEW_BYTES) {
                return Finding.failure(
                        found + ": too little to make an image", "free some space: df -h " + paths.data());
            }
            if (store.type().equals("tmpfs")) {
                return Finding.warning(
                        found + ": the vms will be gone after a reboot", "set XDG_DATA_HOME to a folder on a disk");
            }
            return free < SCARCE_BYTES
                    ? Finding.warning(found + ": room for few vms", "free some space: df -h " + paths.data())
                    : Finding.ok(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cloning(String type) {
        return switch (type) {
            case "btrfs", "bcachefs" -> "disks are cloned by reference";
            case "xfs" -> "disks are cloned by reference where it was made with reflinks";
            default -> "disks are cloned by copying their data";
        };
    }

    private static Path existing(Path folder) {
        Path at = folder;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
