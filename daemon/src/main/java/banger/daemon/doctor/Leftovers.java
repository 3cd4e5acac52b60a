package banger.daemon.doctor;

import banger.daemon.doctor.Leftover.Kind;
import banger.daemon.network.OwnerMark;
import banger.daemon.os.HostPaths;
import banger.daemon.os.ProcessTable;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds every process, socket and file that is banger's and that no record accounts for. Reads only. */
public final class Leftovers {
    /** What makes disks and images in the scratch folder. */
    private static final Set<String> BUILDERS =
            Set.of("mmdebstrap", "mke2fs", "debugfs", "resize2fs", "depmod", "apt-get", "unshare");

    /** A script's name comes after its interpreter and the interpreter's options. */
    private static final int NAME_WORDS = 3;

    /** What VMs' cgroups are below, as jailed processes have them. */
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup/banger");

    private static final int MAX_SHOWN = 120;

    /** Whose device is being made, or whose folder removed, is done with it by then. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final HostPaths paths;
    private final Path cgroups;

    Leftovers(HostPaths paths, Path cgroups) {
        this.paths = paths;
        this.cgroups = cgroups;
    }

    public static Leftovers of(HostPaths paths) {
        return new Leftovers(paths, CGROUPS);
    }

    /** Prints what is left. Returns the exit status: 0 nothing, 1 something, or that it cannot be told. */
    public int run(PrintStream out) {
        try {
            List<Leftover> found = find();
            found.forEach(out::println);
            out.println(found.isEmpty() ? "nothing is left over" : found.size() + " left over");
            return found.isEmpty() ? 0 : 1;
        } catch (Problem e) {
            out.println("cannot tell what is left over: " + e.getMessage());
            return 1;
        }
    }

    /**
     * Everything that is there in two looks, one after the other: what a VM that is just being deleted had is gone in
     * the second.
     */
    public List<Leftover> find() {
        List<Leftover> found = look();
        if (found.isEmpty()) {
            return found;
        }
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Leftover> again = look();
        return found.stream().filter(again::contains).toList();
    }

    private List<Leftover> look() {
        // Things first, records after: what is made is recorded before, so that no new thing seems to lack its record.
        List<ProcessTable.Entry> processes = ProcessTable.list();
        List<Path> machines = children(paths.vm(""));
        List<Path> runtimes = children(paths.vmRuntime(""));
        List<Path> jails = children(paths.vmJail(""));
        List<Path> scratch = children(paths.scratch());
        List<Path> groups =
                children(cgroups).stream().filter(Files::isDirectory).toList();
        List<Path> images = Stream.of(
                        paths.layer("").getParent(), paths.workSeed("").getParent())
                .flatMap(folder -> children(folder).stream())
                .toList();
        NetworkLeftovers.Seen network = NetworkLeftovers.look(OwnerMark.of(paths));
        Records records = Records.read(paths);

        List<Leftover> found = new ArrayList<>();
        for (ProcessTable.Entry process : processes) {
            if (isLeft(process, records)) {
                found.add(new Leftover(Kind.PROCESS, process.process().pid() + ": " + shown(process.argv())));
            }
        }
        machines.stream().filter(folder -> !records.knows(name(folder))).forEach(folder -> found.add(file(folder)));
        groups.stream().filter(group -> isLeft(group, records)).forEach(group -> found.add(file(group)));
        jails.stream()
                .filter(folder -> !records.mayHaveAMachine(name(folder)))
                .forEach(folder -> found.add(file(folder)));
        for (Path folder : runtimes) {
            if (!records.mayHaveAMachine(name(folder))) {
                found.addAll(sockets(folder, records.knows(name(folder))));
            }
        }
        if (!records.working()) {
            scratch.forEach(file -> found.add(file(file)));
        }
        if (!records.working() && records.imagesTellAll()) {
            images.stream().filter(file -> !records.imageFiles().contains(file)).forEach(file -> found.add(file(file)));
        }
        found.addAll(NetworkLeftovers.of(network, records.network(), records::mayHaveAMachine, records::mayBe));
        if (records.deserted()) {
            found.add(new Leftover(Kind.SOCKET, paths.socket().toString()));
        }
        return found;
    }

    private static String shown(List<String> argv) {
        String line = String.join(" ", argv);
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }

    /** One of a VM that is not ours may be another banger's, unless nothing is in it any more. */
    private static boolean isLeft(Path group, Records records) {
        try {
            return !records.mayRun(name(group))
                    && (records.knows(name(group))
                            || Files.readString(group.resolve("cgroup.procs")).isBlank());
        } catch (IOException e) {
            // It has just gone.
            return false;
        }
    }

    private boolean isLeft(ProcessTable.Entry process, Records records) {
        String program = baseName(process.argv().getFirst());
        if (program.contains("firecracker") || program.equals("jailer")) {
            return vmOf(process, records)
                    .filter(vm -> !records.accountFor(vm, process.process()))
                    .isPresent();
        }
        if (program.startsWith("qemu")) {
            return process.argv().stream()
                    .flatMap(word -> Stream.concat(below(paths.vm(""), word), below(paths.vmRuntime(""), word)))
                    .findFirst()
                    .filter(vm -> !records.accountFor(vm, process.process()))
                    .isPresent();
        }
        boolean builds = process.argv().stream().limit(NAME_WORDS).anyMatch(word -> BUILDERS.contains(baseName(word)));
        return builds
                && !records.working()
                && process.argv().stream()
                        .anyMatch(word -> below(paths.scratch(), word).findAny().isPresent());
    }

    /**
     * The VM of a Firecracker, which is told no paths of the host but the VM's id. It is banger's where there is such a
     * VM, where it works in that VM's folder, or where that VM has a jail.
     */
    private Optional<String> vmOf(ProcessTable.Entry process, Records records) {
        int option = process.argv().indexOf("--id");
        if (option < 0 || option + 1 == process.argv().size()) {
            return Optional.empty();
        }
        String id = process.argv().get(option + 1);
        boolean ours = id.matches("[0-9a-f-]{36}")
                && (records.knows(id)
                        || process.process().folder().equals(Optional.of(paths.vm(id)))
                        || Files.exists(paths.vmJail(id)));
        return ours ? Optional.of(id) : Optional.empty();
    }

    /** The name in the folder that a command line's word speaks of. */
    private static Stream<String> below(Path folder, String word) {
        // QEMU's options double a comma that is part of a value.
        for (String prefix : List.of(folder + "/", (folder + "/").replace(",", ",,"))) {
            int at = word.indexOf(prefix);
            if (at >= 0) {
                return Stream.of(word.substring(at + prefix.length()).split("[/,]", 2)[0]);
            }
        }
        return Stream.empty();
    }

    /** What is in a folder of sockets; the empty folder of a VM that there is may stay for its next start. */
    private static List<Leftover> sockets(Path folder, boolean known) {
        List<Leftover> sockets = children(folder).stream().map(Leftovers::file).toList();
        return sockets.isEmpty() && !known ? List.of(file(folder)) : sockets;
    }

    private static Leftover file(Path file) {
        boolean plain = Files.isRegularFile(file) || Files.isDirectory(file) || Files.isSymbolicLink(file);
        return new Leftover(plain ? Kind.FILE : Kind.SOCKET, file.toString());
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static String baseName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }
}
