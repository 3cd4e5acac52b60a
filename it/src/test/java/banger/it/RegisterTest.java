package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images that stand on files of the user's: registered, booted, promoted; and what is refused. */
class RegisterTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static Path folder;
    private static Path rootfs;
    private static Path kernel;
    private static Path modules;
    private static Path initrd;

    @BeforeAll
    static void makeFiles() throws IOException {
        folder = Files.createDirectories(HOME.folder().resolve("mine"));
        ContainerImage.in(HOME.folder());
        rootfs = folder.resolve("root.ext4");
        Path content = HOME.folder().resolve("container-image/lower");
        Files.write(content.resolve("srv/large"), random(60_000_000));
        Command.okAsRoot("mke2fs", "-q", "-t", "ext4", "-d", content.toString(), rootfs.toString(), "128M");
        kernel = Files.copy(HostKernel.in(HOME), folder.resolve("vmlinux"));
        modules = HostKernel.modulesIn(HOME, folder.resolve("modules"));
        initrd = folder.resolve("initrd.gz");
        Command.ok(
                "sh",
                "-euc",
                "cd \"$1\" && echo modules | cpio -o -H newc 2>/dev/null | gzip >initrd.gz",
                "sh",
                folder.toString());
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new java.util.Random(7).nextBytes(random);
        return random;
    }

    private static Outcome register(String name, Path root, Path elf, String... more) {
        var words = new java.util.ArrayList<>(
                List.of("image", "register", name, "--rootfs", root.toString(), "--kernel", elf.toString()));
        words.addAll(List.of(more));
        return HOME.banger(words.toArray(String[]::new));
    }

    private static String note(String image) {
        return HOME.banger("image", "list")
                .text()
                .lines()
                .filter(line -> line.startsWith(image + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itBootsFromTheUsersFilesAndIsPromotedUnderARunningVm() throws IOException {
        List<Path> files = List.of(rootfs, kernel, initrd);
        List<String> before = digests(files);
        register("mine", rootfs, kernel, "--modules", modules.toString(), "--initrd", initrd.toString())
                .exits(0);
        assertTrue(note("mine").contains("not managed"), note("mine"));
        HOME.create("mine", "--image", "mine");
        assertEquals("first", HOME.sh("mine", "cat /etc/one"));
        assertEquals("from the image", HOME.sh("mine", "cat /root/greeting"));
        assertTrue(runsOn(rootfs), "the vm has the user's file for its layer");
        HOME.banger("image", "commit", "mine", "copy").fails(1, "not stopped");

        try (Command promoting = HOME.start("image", "promote", "mine")) {
            long daemon = HOME.daemonPid();
            promoting.awaitErr("copy: ");
            HostProcesses.kill(daemon);
            assertTrue(promoting.waitFor().exit() != 0);
        }
        assertTrue(note("mine").contains("not managed"), "a promotion that a crash cuts off is none");
        HOME.assertNothingLeftOver();
        HOME.banger("image", "promote", "mine").exits(0);
        HOME.banger("image", "promote", "mine").fails(1, "managed already");
        assertEquals(before, digests(files), "the user's files are only read");
        assertEquals("still up", HOME.sh("mine", "echo still up"));

        Path aside = Files.move(folder, HOME.folder().resolve("aside"));
        HOME.banger("vm", "restart", "mine").exits(0);
        assertEquals("first", HOME.sh("mine", "cat /etc/one"));
        assertTrue(!runsOn(rootfs), "the vm has the store's file for its layer");
        Files.move(aside, folder);
        HOME.banger("vm", "delete", "mine").exits(0);
        HOME.banger("image", "delete", "mine").exits(0);
        assertEquals(
                "",
                HOME.banger("kernel", "list", "-q")
                        .text()
                        .lines()
                        .filter(each -> each.startsWith("image-"))
                        .findAny()
                        .orElse(""));
    }

    @Test
    void aHomeOfTheUsersIsTakenAsItIsNow() throws IOException {
        Path seed = seed("first");
        register("homely", rootfs, kernel, "--modules", modules.toString(), "--work-seed", seed.toString())
                .exits(0);
        HOME.create("homely", "--image", "homely");
        assertEquals("first", HOME.sh("homely", "cat /root/mine"));
        assertEquals("no", HOME.sh("homely", "test -e /root/greeting || echo no"), "the image's own home is not it");
        HOME.banger("vm", "delete", "homely").exits(0);

        seed("second");
        HOME.banger("image", "promote", "homely").exits(0);
        Files.delete(seed);
        HOME.create("homely", "--image", "homely");
        assertEquals("second", HOME.sh("homely", "cat /root/mine"));
        HOME.banger("vm", "delete", "homely").exits(0);
        HOME.banger("image", "delete", "homely").exits(0);
    }

    private static Path seed(String text) throws IOException {
        Path content = Files.createDirectories(HOME.folder().resolve("home-content"));
        Files.writeString(content.resolve("mine"), text);
        Path seed = HOME.folder().resolve("seed.ext4");
        Command.okAsRoot("mke2fs", "-q", "-F", "-t", "ext4", "-d", content.toString(), seed.toString(), "16M");
        return seed;
    }

    @Test
    void aFileThatIsGoneIsNamedAndTheImageStays() throws IOException {
        register("gone", rootfs, kernel, "--modules", modules.toString()).exits(0);
        Path aside = Files.move(rootfs, folder.resolve("aside.ext4"));
        HOME.banger("vm", "create", "--name", "none", "--image", "gone").fails(1, rootfs.toString());
        assertEquals(List.of(), HOME.names());
        assertTrue(note("gone").contains("broken: its " + rootfs + " is missing"), note("gone"));
        Files.move(aside, rootfs);
        HOME.banger("image", "delete", "gone").exits(0);
        assertTrue(Files.exists(rootfs) && Files.exists(kernel), "deleting an image deletes no file of the user's");
    }

    @Test
    void whatIsOfAnotherFormatIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no such thing\n".repeat(500));
        Path cut = Files.copy(rootfs, folder.resolve("cut.ext4"));
        Path dirty = Files.copy(rootfs, folder.resolve("dirty.ext4"));
        Path other = Files.copy(kernel, folder.resolve("other"));
        try (var shorter = new RandomAccessFile(cut.toFile(), "rw");
                var journal = new RandomAccessFile(dirty.toFile(), "rw");
                var elf = new RandomAccessFile(other.toFile(), "rw")) {
            shorter.setLength(20 << 20);
            // needs_recovery, in s_feature_incompat.
            journal.seek(1024 + 96);
            int features = journal.read();
            journal.seek(1024 + 96);
            journal.write(features | 4);
            // e_machine: 64-bit Arm.
            elf.seek(18);
            elf.write(183);
        }
        String images = HOME.banger("image", "list", "-q").text();
        String kernels = HOME.banger("kernel", "list", "-q").text();
        register("bad", folder.resolve("nowhere"), kernel).failsInALine(1, "nowhere");
        register("bad", text, kernel).failsInALine(1, "text", "no superblock");
        register("bad", cut, kernel).failsInALine(1, "cut.ext4", "cut off");
        register("bad", dirty, kernel).failsInALine(1, "dirty.ext4", "journal", "e2fsck");
        register("bad", rootfs, text).failsInALine(1, "text", "ELF", "bzImage");
        register("bad", rootfs, other).failsInALine(1, "other", "processor");
        register("bad", rootfs, kernel, "--initrd", text.toString()).failsInALine(1, "text", "cpio");
        register("bad", rootfs, kernel, "--modules", folder.toString()).failsInALine(1, "modules.builtin");
        register("bad", rootfs, kernel, "--work-seed", text.toString()).failsInALine(1, "text", "no superblock");
        register("debian", rootfs, kernel).failsInALine(1, "debian", "exists already");
        register("Bad Name", rootfs, kernel).failsInALine(1, "Bad Name");
        HOME.banger("image", "register", "bad", "--rootfs", rootfs.toString()).fails(2, "--kernel");
        assertEquals(images, HOME.banger("image", "list", "-q").text());
        assertEquals(kernels, HOME.banger("kernel", "list", "-q").text());
        Stream.of(text, cut, dirty, other)
                .forEach(file -> assertTrue(file.toFile().delete()));
    }

    private static boolean runsOn(Path file) {
        return HostProcesses.of(HOME.folder()).stream()
                .anyMatch(process ->
                        process.line().contains("qemu") && process.line().contains(file.toString()));
    }

    private static List<String> digests(List<Path> files) throws IOException {
        var digests = new java.util.ArrayList<String>();
        for (Path file : files) {
            digests.add(ContainerImage.sha256(file));
        }
        return digests;
    }
}
