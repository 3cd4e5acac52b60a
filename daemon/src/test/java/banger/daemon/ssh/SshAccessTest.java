package banger.daemon.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.guest.GuestFile;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshAccessTest {
    @TempDir
    Path top;

    private HostPaths paths;
    private final List<Vm> vms = new ArrayList<>();
    private SshAccess access;

    @BeforeEach
    void makeFolders() throws IOException {
        // Everything that a path may hold and that ssh would take for something else.
        Path home = top.resolve("ho me's 100% \"own\" \\");
        paths = HostPaths.of(
                Map.of(
                        "HOME",
                        home.toString(),
                        "XDG_RUNTIME_DIR",
                        top.resolve("r").toString()),
                0);
        Files.createDirectories(paths.ssh());
        access = new SshAccess(
                paths, () -> List.copyOf(vms), new UserKey(paths.sshKey(), null), top.resolve("di'st 50%/bin/banger"));
    }

    @Test
    void eachVmGetsAHostKeyOfItsOwnAndTheUsersKey() throws Exception {
        List<GuestFile> first = access.forGuest(vm("one"));
        List<GuestFile> second = access.forGuest(vm("two"));
        assertEquals(
                List.of("/etc/ssh/ssh_host_ed25519_key 600", "/etc/banger/authorized_keys 644"),
                first.stream()
                        .map(file -> file.path() + " " + Integer.toOctalString(file.mode()))
                        .toList());
        assertNotEquals(text(first.getFirst()), text(second.getFirst()));
        assertEquals(text(first.getLast()), text(second.getLast()));
        assertEquals(Files.readString(paths.ssh().resolve("id_ed25519.pub")), text(first.getLast()));
    }

    @Test
    void aVmKeepsItsHostKey() {
        Vm vm = vm("one");
        assertEquals(
                text(access.forGuest(vm).getFirst()), text(access.forGuest(vm).getFirst()));
    }

    @Test
    void theHostsFilesNameExactlyTheVmsThatThereAre() throws Exception {
        Vm one = vm("one");
        access.forGuest(one);
        access.forGuest(vm("two"));
        assertEquals(List.of("one.banger", "two.banger"), access.refresh());
        assertEquals(2, Files.readAllLines(paths.sshKnownHosts()).size());
        vms.remove(one);
        access.forget(one);
        assertEquals(List.of("two.banger"), hosts());
        assertEquals(1, Files.readAllLines(paths.sshKnownHosts()).size());
        assertTrue(Files.readString(paths.sshKnownHosts()).startsWith("two.banger ssh-ed25519 "));
    }

    @Test
    void sshUnderstandsEveryPathInTheConfiguration() throws Exception {
        access.forGuest(vm("one"));
        Process ssh = new ProcessBuilder("ssh", "-G", "-F", paths.sshConfig().toString(), "one.banger")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> options = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, ssh.waitFor());
        // -G prints what the file says, before percent signs are put in.
        String key = paths.sshKey().toString().replace("%", "%%");
        assertTrue(options.contains("identityfile " + key), options.toString());
        assertTrue(options.contains("stricthostkeychecking true"), options.toString());
        assertTrue(options.contains("user root"), options.toString());
    }

    @Test
    void aPortThatTheUserSetsForEveryHostIsNotForVms() throws Exception {
        access.forGuest(vm("one"));
        Path own = top.resolve("own");
        String hosts = Files.readString(paths.sshConfig());
        Files.writeString(own, hosts + "Host *\n    Port 2222\n    HostKeyAlias other\n");
        Process ssh = new ProcessBuilder("ssh", "-G", "-F", own.toString(), "one.banger")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> options = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertTrue(options.contains("port 22"), options.toString());
        assertTrue(options.contains("hostkeyalias one.banger"), options.toString());
    }

    @Test
    void theProxyIsRunWithTheProgramsWholePath() throws Exception {
        access.forGuest(vm("one"));
        Path program = top.resolve("di'st 50%/bin/banger");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\necho \"$@\" > \"$0.ran\"\n");
        Files.setPosixFilePermissions(program, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Process ssh = new ProcessBuilder("ssh", "-F", paths.sshConfig().toString(), "one.banger", "true").start();
        ssh.getOutputStream().close();
        ssh.getErrorStream().readAllBytes();
        ssh.waitFor();
        assertEquals("vm proxy one\n", Files.readString(program.resolveSibling("banger.ran")));
    }

    @Test
    void aVmBootsWithoutKeysWhereTheUsersKeyIsRefused() throws Exception {
        access.forGuest(vm("one"));
        Files.setPosixFilePermissions(
                paths.sshKey(), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(List.of(), access.forGuest(vm("two")));
    }

    private List<String> hosts() throws IOException {
        return Files.readAllLines(paths.sshConfig()).stream()
                .filter(line -> line.startsWith("Host "))
                .map(line -> line.substring(5))
                .toList();
    }

    private Vm vm(String name) {
        Vm vm = new Vm(
                UUID.randomUUID(),
                name,
                UUID.randomUUID(),
                new VmSpec(1, 1, 1, NetworkMode.NONE, List.of()),
                VmState.CREATING,
                "0".repeat(32),
                null,
                null,
                null,
                Instant.now(),
                Instant.now());
        try {
            Files.createDirectories(paths.vm(vm.id().toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        vms.add(vm);
        return vm;
    }

    private static String text(GuestFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }
}
