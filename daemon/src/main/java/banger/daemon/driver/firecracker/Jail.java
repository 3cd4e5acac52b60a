package banger.daemon.driver.firecracker;

import banger.daemon.os.DiskUsage;
import banger.daemon.os.Privileges;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * The folder that Firecracker's jailer shuts a process into: its root, with a user, a cgroup and device files of its own.
 *
 * <p>The VM's files are in it by hard links, which last as long as the jail does and leave nothing to unmount.
 */
final class Jail implements Workplace {
    /** systemd's table of user ids has no owner for those from here to 2^31 (UIDs and GIDs on systemd systems). */
    private static final int FIRST_USER = 1_879_048_192;
    /** One in 16 million for each VM, from its id: that two share one is unlikely, and harms only what parts them. */
    private static final int USERS = 1 << 24;

    private static final String CGROUP_PARENT = "banger";
    /** A thread for each vCPU and a few more; far from what a runaway process would take. */
    private static final String CGROUP_LIMIT = "pids.max=256";

    private final UUID vm;
    private final FirecrackerFiles files;
    private final FirecrackerProgram program;
    private final Path cgroups;

    /** @param cgroups where the host has its cgroups */
    Jail(UUID vm, FirecrackerFiles files, FirecrackerProgram program, Path cgroups) {
        this.vm = vm;
        this.files = files;
        this.program = program;
        this.cgroups = cgroups;
    }

    @Override
    public void prepare() throws IOException {
        remove(vm, files, cgroups);
        Path run = root().resolve("run");
        Files.createDirectories(run);
        Files.createDirectories(files.runtime().getParent());
        Files.createSymbolicLink(files.runtime(), run);
        files.makeLogs();
        for (Path log : List.of(files.log(), files.metrics())) {
            show(log, log.getFileName().toString(), false);
        }
    }

    @Override
    public List<String> command(FirecrackerProgram found) {
        String user = Long.toString(user());
        var words = new ArrayList<>(List.of(
                Objects.requireNonNull(found.jailer()).toString(),
                "--id",
                vm.toString(),
                "--exec-file",
                found.binary().toString(),
                "--uid",
                user,
                "--gid",
                user,
                "--chroot-base-dir",
                files.jail().toString()));
        if (limitsProcesses(cgroups)) {
            words.addAll(List.of("--cgroup-version", "2", "--parent-cgroup", CGROUP_PARENT, "--cgroup", CGROUP_LIMIT));
        }
        words.addAll(List.of("--", "--api-sock", FirecrackerFiles.API_SOCKET));
        return words;
    }

    @Override
    public String show(Path file, String as, boolean readOnly) throws IOException {
        try {
            Files.createLink(root().resolve(as), file.toRealPath());
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    file + " cannot be linked into the jail of its vm: " + e.getReason(),
                    "keep images on the file system of " + files.folder(),
                    e);
        }
        if (readOnly) {
            // The folders above it keep other users of the host out; the jail has it by a path of its own.
            var permissions = Files.getPosixFilePermissions(file);
            if (permissions.add(PosixFilePermission.OTHERS_READ)) {
                requireOurs(file);
                Files.setPosixFilePermissions(file, permissions);
            }
        } else {
            Privileges.give(file, (int) user());
        }
        return as;
    }

    /** Files of the user's, which an image may stand on, are never changed. */
    private void requireOurs(Path file) throws IOException {
        Path store = files.jail().getParent().getParent();
        if (!file.toRealPath().startsWith(store.toRealPath())) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    file + " cannot be read by the jailed process of its vm",
                    "chmod o+r " + file + ", or: banger image promote");
        }
    }

    @Override
    public long user() {
        return userOf(vm);
    }

    static long userOf(UUID vm) {
        return FIRST_USER + (vm.getLeastSignificantBits() & (USERS - 1));
    }

    /** Where the jailer makes the process's root: below its base by the program's name and the id. */
    private Path root() throws IOException {
        String name = program.binary().toRealPath().getFileName().toString();
        return files.jail().resolve(name).resolve(vm.toString()).resolve("root");
    }

    /** Whether the host has cgroups of version 2 that count processes. */
    static boolean limitsProcesses(Path cgroups) {
        try {
            return List.of(Files.readString(cgroups.resolve("cgroup.controllers"))
                            .strip()
                            .split(" "))
                    .contains("pids");
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes the jail of a process that has ended, if there was one; idempotent. */
    static void remove(UUID vm, FirecrackerFiles files, Path cgroups) throws IOException {
        if (Files.isSymbolicLink(files.runtime())) {
            Files.delete(files.runtime());
        }
        DiskUsage.remove(files.jail());
        Files.deleteIfExists(cgroups.resolve(CGROUP_PARENT).resolve(vm.toString()));
    }
}
