package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A user's folders of their own, short enough for sockets, and the program run in them.
 *
 * <p>{@link #close} ends all that runs there and fails where anything is left that nobody accounts for. As an extension
 * of a test class it closes after the class.
 */
final class Home implements AutoCloseable, AfterAllCallback {
    private final Path folder;
    private final Dist dist;
    private final List<String> runAs;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private Home(Path folder, Dist dist, List<String> runAs) {
        this.folder = folder;
        this.dist = dist;
        this.runAs = runAs;
        try {
            environment.put("HOME", folder.toString());
            environment.put(
                    "XDG_CONFIG_HOME",
                    Files.createDirectory(folder.resolve("c")).toString());
            environment.put(
                    "XDG_STATE_HOME", Files.createDirectory(folder.resolve("s")).toString());
            environment.put(
                    "XDG_DATA_HOME", Files.createDirectory(folder.resolve("d")).toString());
            environment.put(
                    "XDG_CACHE_HOME", Files.createDirectory(folder.resolve("h")).toString());
            environment.put(
                    "XDG_RUNTIME_DIR",
                    Files.createDirectory(folder.resolve("r")).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A home in which banger was never used. */
    static Home empty() {
        try {
            return new Home(Files.createTempDirectory(Path.of("/tmp"), "bi-"), Dist.BUILT, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A home with the debian image, as {@code banger image bootstrap} made it, and no template. */
    static Home withoutTemplate() {
        Home home = withImage();
        Command.ok("rm", "-rf", home.data().resolve("templates").toString());
        return home;
    }

    /** A home with the debian image and templates of it, of which VMs of the default shape are restored. */
    static Home withImage() {
        Home home = empty();
        home.configure("");
        BaseImage.shareWith(home);
        return home;
    }

    /** The same for a program that runs by another, such as one that enters a namespace. */
    static Home withImage(List<String> runBy) {
        try {
            Home home = new Home(Files.createTempDirectory(Path.of("/tmp"), "bi-"), Dist.BUILT, runBy);
            BaseImage.shareWith(home);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty home of another user of the host, with a copy of the program for them. Root makes such a one. */
    static Home of(String user) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "bi-");
        Home home = new Home(folder, Dist.BUILT.copyTo(folder.resolve("dist")), List.of("runuser", "-u", user, "--"));
        home.configure("");
        Command.ok("chown", "-R", user + ":", folder.toString());
        return home;
    }

    Path folder() {
        return folder;
    }

    Path state() {
        return folder.resolve("s/banger");
    }

    Path data() {
        return folder.resolve("d/banger");
    }

    /** Where the user's SSH keys of banger's are. */
    Path keys() {
        return folder.resolve("c/banger/ssh");
    }

    Path database() {
        return state().resolve("banger.db");
    }

    Path socket() {
        return Path.of(environment.get("XDG_RUNTIME_DIR"), "banger/bangerd.sock");
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Templates are made only where a test says so: they would take the CPU from all others. */
    void configure(String toml) {
        configureWholly(toml + "\n[templates]\nautomatic = false\n");
    }

    void configureWholly(String toml) {
        try {
            Files.createDirectories(folder.resolve("c/banger"));
            Files.writeString(folder.resolve("c/banger/config.toml"), toml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code banger} to its end, with nothing on its input. */
    Outcome banger(String... words) {
        return run(dist.banger(), words);
    }

    Outcome run(Path program, String... words) {
        return start(program, words).input(new byte[0]).waitFor();
    }

    /** Starts {@code banger}; its input is open. */
    Command start(String... words) {
        return start(dist.banger(), words);
    }

    Command start(Path program, String... words) {
        return Command.start(builder(program, words));
    }

    ProcessBuilder builder(Path program, String... words) {
        var line = new ArrayList<>(runAs);
        line.add(program.toString());
        line.addAll(Arrays.asList(words));
        var builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        return builder;
    }

    /** Creates a VM and returns its name. */
    String create(String name, String... options) {
        var words = new ArrayList<>(List.of("vm", "create", "--name", name));
        words.addAll(List.of(options));
        return banger(words.toArray(String[]::new)).text();
    }

    /** Runs a shell script in a VM, as root whoever its image names; it must succeed. */
    String sh(String vm, String script) {
        return banger("vm", "exec", "--user", "root", vm, "sh", "-c", script).text();
    }

    Json show(String vm) {
        return Json.parse(banger("vm", "show", vm, "--format", "json").text());
    }

    String vmState(String vm) {
        return show(vm).at("state").text();
    }

    List<String> names() {
        return banger("ps", "-q").text().lines().toList();
    }

    Json daemon() {
        return Json.parse(banger("daemon", "status", "--format", "json").text());
    }

    long daemonPid() {
        return daemon().at("pid").number();
    }

    /** Ends the daemon as a crash would, and waits until it is gone. */
    void killDaemon() {
        HostProcesses.kill(daemonPid());
    }

    /** Nothing is there that no record accounts for. */
    void assertNothingLeftOver() {
        Outcome verify = run(dist.bangerd(), "verify");
        assertEquals(0, verify.exit(), () -> verify.out() + verify.err());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        try {
            if (holdsVms()) {
                Outcome deleted = banger("vm", "delete", "--all");
                assertEquals(0, deleted.exit(), () -> deleted.out() + deleted.err());
            }
            if (Files.exists(socket())) {
                banger("daemon", "stop").exits(0);
            }
            Wait.until("the daemon to end", () -> daemons().isEmpty());
            assertNothingLeftOver();
            assertEquals(List.of(), HostProcesses.of(folder), "processes that were left");
        } finally {
            HostProcesses.of(folder).forEach(process -> HostProcesses.kill(process.pid()));
            Command.start(new ProcessBuilder("rm", "-rf", folder.toString())).waitFor();
        }
    }

    private List<HostProcesses.Entry> daemons() {
        return HostProcesses.of(folder).stream()
                .filter(process -> process.line().contains("banger.daemon.Main"))
                .toList();
    }

    private boolean holdsVms() {
        try (Stream<Path> folders = Files.list(data().resolve("vms"))) {
            return folders.findAny().isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
