package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands in a workspace through the real mise, which npm fetches. */
class MiseTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "tools";
    private static Project project;

    @BeforeAll
    static void installMise() {
        HOME.create(VM, "--network", "none", "--memory", "1G");
        Path folder = HOME.folder();
        Command.ok(
                "sh",
                "-euc",
                "cd \"$0\"; npm pack --silent @jdxcode/mise-linux-x64; tar -xzf jdxcode-mise-*.tgz",
                folder + "");
        HOME.banger("vm", "cp", folder.resolve("package/bin/mise").toString(), VM + ":/usr/local/bin/mise")
                .exits(0);
        project = Project.create(HOME, VM, "repo");
        project.host("printf '[env]\\nFROM_MISE = \"yes\"\\n' >mise.toml; git add .; git commit -q -m mise");
        project.prepare().exits(0);
    }

    @Test
    void theWorkspacesConfigurationIsTrustedAndHolds() {
        Outcome wrapped = exec("printf 'a\\0b'; echo $FROM_MISE >&2");
        assertEquals("a\0b", wrapped.exits(0).out());
        assertEquals("yes\n", wrapped.err());
        HOME.banger("vm", "exec", "--no-mise", VM, "printenv", "FROM_MISE").exits(1);
        // Without what an exec tells mise: preparing has made it trust the file for good.
        assertEquals(
                "yes",
                HOME.banger("vm", "exec", "--no-mise", VM, "mise", "exec", "--", "printenv", "FROM_MISE")
                        .text());
        assertEquals("/root/repo", HOME.banger("vm", "exec", VM, "pwd").text());
    }

    @Test
    void codesAndSignalsAreTheCommands() {
        for (int code : new int[] {0, 1, 2, 126, 127, 128, 255}) {
            exec("exit " + code).exits(code);
        }
        for (int signal : new int[] {9, 13, 15}) {
            exec("kill -" + signal + " $$").exits(128 + signal);
        }
        try (Command sleeping = HOME.start("vm", "exec", VM, "sh", "-c", "echo ready; exec sleep 1033")) {
            sleeping.awaitOut("ready");
            sleeping.signal("TERM").waitFor().exits(128 + 15);
        }
        // mise itself leaves SIGPIPE ignored in what it starts.
        assertEquals(
                "141",
                HOME.banger("vm", "exec", VM, "bash", "-c", "yes | true; echo ${PIPESTATUS[0]}")
                        .text());
        Outcome unknown = HOME.banger("vm", "exec", VM, "no-such-command").exits(127);
        assertTrue(unknown.err().contains("cannot execute no-such-command"), unknown.err());
        HOME.banger("vm", "exec", VM, "/etc/passwd").exits(126);
        assertEquals(
                "nobody",
                HOME.banger("vm", "exec", "-u", "nobody", "-w", "/", VM, "id", "-un")
                        .text());
    }

    private static Outcome exec(String script) {
        return HOME.banger("vm", "exec", VM, "sh", "-c", script);
    }
}
