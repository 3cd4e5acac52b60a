package banger.cli.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserSshConfigTest {
    private static final Path KEPT = Path.of("/home/me/.config/banger/ssh/config");
    private static final String LINE = "Include " + KEPT + "\n";

    @TempDir
    Path folder;

    @Test
    void whatTheUserWroteIsTheSameBytesAfterInstallAndAfterRemove() throws IOException {
        Random random = new Random(20261123);
        Path file = folder.resolve("config");
        UserSshConfig config = new UserSshConfig(file, KEPT);
        for (int i = 0; i < 500; i++) {
            byte[] before = text(random);
            Files.write(file, before);
            assertTrue(config.install());
            byte[] installed = Files.readAllBytes(file);
            assertArrayEquals(joined(LINE.getBytes(StandardCharsets.UTF_8), before), installed);
            assertFalse(config.install());
            assertArrayEquals(installed, Files.readAllBytes(file));
            assertTrue(config.remove());
            assertArrayEquals(before, Files.readAllBytes(file));
            assertFalse(config.remove());
        }
    }

    @Test
    void aMissingFileIsMadeForTheUserAlone() throws IOException {
        Path file = folder.resolve(".ssh/config");
        UserSshConfig config = new UserSshConfig(file, KEPT);
        assertFalse(config.remove());
        assertTrue(Files.notExists(file.getParent()));
        assertTrue(config.install());
        assertEquals(LINE, Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    @Test
    void aLinkThatLeadsNowhereIsRefusedAndStays() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("config"), folder.resolve("unmounted/dotfiles"));
        UserSshConfig config = new UserSshConfig(link, KEPT);
        CliFailure failure = assertThrows(CliFailure.class, config::install);
        assertTrue(failure.getMessage().contains("unmounted/dotfiles, which is not there"), failure.getMessage());
        assertThrows(CliFailure.class, config::remove);
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void modeAndSymbolicLinkStay() throws IOException {
        Path real = Files.writeString(folder.resolve("dotfiles"), "Host a\n");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("config"), Path.of("dotfiles"));
        UserSshConfig config = new UserSshConfig(link, KEPT);
        assertTrue(config.install());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(LINE + "Host a\n", Files.readString(real));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void aLineBelowAHostHoldsForThatHostOnlyAndIsNotEnough() throws IOException {
        Path file = Files.writeString(folder.resolve("config"), "Port 22\n  hOST a b\n" + LINE);
        UserSshConfig config = new UserSshConfig(file, KEPT);
        assertTrue(config.install());
        assertEquals(LINE + "Port 22\n  hOST a b\n" + LINE, Files.readString(file));
        assertTrue(config.remove());
        assertEquals("Port 22\n  hOST a b\n", Files.readString(file));
    }

    @Test
    void linesThatOnlyLookLikeOursAreTheUsers() throws IOException {
        String text =
                "# " + LINE + " " + LINE + "include " + KEPT + "\n" + LINE.strip() + "2\n" + LINE.strip() + " other\n";
        Path file = Files.writeString(folder.resolve("config"), text);
        UserSshConfig config = new UserSshConfig(file, KEPT);
        assertFalse(config.remove());
        assertTrue(config.install());
        assertEquals(LINE + text, Files.readString(file));
    }

    @Test
    void aPathWithABlankIsQuoted() throws IOException {
        Path file = folder.resolve("config");
        new UserSshConfig(file, Path.of("/home/my own/config")).install();
        assertEquals("Include \"/home/my own/config\"\n", Files.readString(file));
    }

    @Test
    void aFileThatCannotBeChangedIsSaidWithTheLine() throws IOException {
        Path file = Files.createDirectory(folder.resolve("config"));
        CliFailure e = assertThrows(CliFailure.class, () -> new UserSshConfig(file, KEPT).install());
        assertTrue(e.text().contains(file + " is left as it was"), e.text());
        assertTrue(String.valueOf(e.hint()).contains(LINE.strip()), e.hint());
    }

    /** Lines of all sorts of bytes, with all sorts of ends, among them what almost is ours. */
    private static byte[] text(Random random) {
        String[] pieces = {
            "Host *",
            "\n",
            "\r\n",
            " ",
            "\t",
            "Include ",
            "Include /x",
            KEPT.toString(),
            "#",
            "\u00ff\u00fe",
            "\u0000",
            "Match all\n",
            "Host a b\n",
            "  User me\n",
            "=",
            "\"",
            LINE.strip() + " ",
            "\n\n",
            "é"
        };
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(30); n > 0; n--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        String made = text.toString();
        // The user's own line of these very words would be ours.
        return ("\n" + made + "\n").contains("\n" + LINE)
                ? new byte[0]
                : made.getBytes(random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
