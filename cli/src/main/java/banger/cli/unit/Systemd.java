package banger.cli.unit;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A manager of units, asked through {@code systemctl}. */
public enum Systemd {
    USER("systemctl", "--user"),
    HOST("systemctl");

    private final List<String> program;

    Systemd(String... program) {
        this.program = List.of(program);
    }

    /** The command line that a person would type. */
    public String typed(String... words) {
        return String.join(" ", line(words));
    }

    /** Whether systemd is there at all, running or not. */
    public static boolean isHere(String searchPath) {
        return Arrays.stream(searchPath.split(":"))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemctl")));
    }

    /** Whether this manager runs and answers. */
    public boolean answers() throws IOException {
        return run(line("show-environment")).code == 0;
    }

    /** @throws CliFailure with what systemctl said */
    public void require(String... words) throws IOException {
        Ended ended = run(line(words));
        if (ended.code != 0) {
            throw new CliFailure(typed(words) + " failed: " + ended.said.strip(), typed("status", DaemonUnit.NAME));
        }
    }

    /** Whether it did so. */
    public boolean did(String... words) throws IOException {
        return run(line(words)).code == 0;
    }

    /** A group of that name, made where there is none. */
    public static void makeGroup(String name) throws IOException {
        if (run(List.of("getent", "group", name)).code == 0) {
            return;
        }
        Ended made = run(List.of("groupadd", "--system", name));
        if (made.code != 0) {
            throw new CliFailure(
                    "the group " + name + " cannot be made: " + made.said.strip(), "groupadd --system " + name);
        }
    }

    private List<String> line(String... words) {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(words));
        return line;
    }

    private record Ended(int code, String said) {}

    private static Ended run(List<String> line) throws IOException {
        Process process = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure("interrupted", null);
        }
    }
}
