package banger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a distribution of its own, with JDKs that only print how they were called. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path home;

    private record Result(int code, String output) {}

    @BeforeEach
    void install() throws IOException {
        home = folder.resolve("dist with blank");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib/cli"));
        Files.writeString(home.resolve("lib/cli/a.jar"), "");
        Files.writeString(home.resolve("lib/cli/b.jar"), "");
        Files.copy(Path.of("src/dist/banger"), home.resolve("bin/banger"));
        Files.copy(Path.of("../daemon/src/dist/find-jdk"), home.resolve("lib/find-jdk"));
    }

    @Test
    void theRecordedJdkRunsTheCliWithItsHomeItsJarsAndItsArguments() throws Exception {
        Files.writeString(home.resolve("lib/jdk"), jdk("recorded", "25.0.1") + "\n");
        Result result = run(Map.of("JAVA_HOME", jdk("other", "26").toString()), "vm", "exec", "a b");
        assertEquals(0, result.code(), result.output());
        assertTrue(result.output().startsWith("recorded\n"), result.output());
        assertTrue(result.output().contains("\n-Dbanger.home=" + home.toRealPath() + "\n"), result.output());
        assertTrue(result.output().contains(home.toRealPath() + "/lib/cli/a.jar:"), result.output());
        assertTrue(result.output().endsWith("\nbanger.cli.Main\nvm\nexec\na b\n"), result.output());
    }

    @Test
    void aJdkThatIsNamedComesFirst() throws Exception {
        Files.writeString(home.resolve("lib/jdk"), jdk("recorded", "25.0.1") + "\n");
        Result result = run(Map.of("BANGER_JAVA_HOME", jdk("named", "25").toString()));
        assertTrue(result.output().startsWith("named\n"), result.output());
    }

    @Test
    void aNamedJdkThatIsTooOldIsAnErrorThatNamesIt() throws Exception {
        Path old = jdk("old", "17.0.2");
        Result result = run(Map.of("BANGER_JAVA_HOME", old.toString()));
        assertEquals(125, result.code());
        assertTrue(result.output().contains(old.toString()), result.output());
    }

    @Test
    void javaHomeServesWhereTheRecordedJdkIsGone() throws Exception {
        Files.writeString(home.resolve("lib/jdk"), folder.resolve("gone") + "\n");
        Result result = run(Map.of("JAVA_HOME", jdk("mine", "27-ea").toString()));
        assertTrue(result.output().startsWith("mine\n"), result.output());
    }

    @Test
    void aLinkToTheLauncherFindsTheDistribution() throws Exception {
        Files.writeString(home.resolve("lib/jdk"), jdk("recorded", "25.0.1") + "\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.resolve("bin/banger"));
        Result result = run(link, Map.of());
        assertTrue(result.output().contains("-Dbanger.home=" + home.toRealPath() + "\n"), result.output());
    }

    private Result run(Map<String, String> environment, String... words) throws Exception {
        return run(home.resolve("bin/banger"), environment, words);
    }

    private static Result run(Path launcher, Map<String, String> environment, String... words) throws Exception {
        var line = new ArrayList<String>();
        line.add("sh");
        line.add(launcher.toString());
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("BANGER_JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Result(process.exitValue(), output);
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = Files.createDirectories(folder.resolve(name));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho " + name + "\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return jdk;
    }
}
