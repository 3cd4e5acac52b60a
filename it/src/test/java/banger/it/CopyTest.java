package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files and folders copied between the host and a VM without a network. */
class CopyTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "box";
    /** Names that are no text, are options, or are long; modes, times, links, a hard link, a hole. */
    private static final String TREE = """
            set -e; mkdir -p "$1/sub" "$1/shut"; cd "$1"
            printf 1 > 'na me'; printf 2 > '-rf'; printf 3 > "$(printf 'bad\\377\\001\\nline')"; printf 4 > 'ünï"$x'
            printf 5 > exec; chmod 751 exec; touch -d '2001-02-03 04:05:06.123456789' exec; : > empty
            long=$(printf 'd%.0s' $(seq 120)); mkdir -p "$long/$long"; printf 6 > "$long/$long/$(printf 'f%.0s' $(seq 200))"
            ln -s exec link; ln -s ../exec sub/up; ln exec sub/hard; truncate -s 1M sub/hole; printf end >> sub/hole
            chmod 500 sub; touch -d '1969-12-31 12:00:00.5' sub; chmod 555 shut; touch -d '2010-01-01' .
            """;

    private static final String LIST =
            "cd \"$1\" && find . ! -type d -printf '%p %y %m %s %T@ %l %n\\n' -o -printf '%p %y %m %T@\\n' | LC_ALL=C sort | sha256sum"
                    + "; find . -type f -exec cat {} + | sha256sum >/dev/null";

    @BeforeAll
    static void createVm() {
        HOME.create(VM, "--network", "none");
    }

    @Test
    void aTreeComesBackAsItWas() {
        sh(TREE, "tree");
        HOME.banger("vm", "cp", "tree", VM + ":/srv/tree").exits(0);
        String there = HOME.banger("vm", "exec", VM, "sh", "-c", LIST, "sh", "/srv/tree")
                .text();
        assertEquals(sh(LIST, "tree"), there);
        Outcome copied = HOME.banger("vm", "cp", VM + ":/srv/tree", "back").exits(0);
        assertEquals(sh(LIST, "tree"), sh(LIST, "back"));
        sh("diff -r --no-dereference tree \"$1\"", "back");
        assertTrue(copied.err().contains("11 files"), copied.err());
    }

    @Test
    void aFolderThatExistsReceivesTheCopyAndADotItsContent() throws IOException {
        Files.createDirectories(HOME.folder().resolve("src/in"));
        Files.writeString(HOME.folder().resolve("src/in/f"), "x");
        HOME.sh(VM, "mkdir -p /srv/dst; echo keep >/srv/dst/kept");
        HOME.banger("vm", "cp", "src", VM + ":/srv/dst").exits(0);
        HOME.banger("vm", "cp", "src/.", VM + ":/srv/dst").exits(0);
        assertEquals("in/f kept src/in/f", HOME.sh(VM, "cd /srv/dst && find . -type f | cut -c3- | sort | xargs"));
        HOME.banger("vm", "cp", "src", VM + ":/srv/none/deep").fails(1, "there is no folder /srv/none");
        HOME.banger("vm", "cp", "src", VM + ":/srv/dst/kept").fails(1, "/srv/dst/kept is a file");
        HOME.banger("vm", "cp", "src/in/f", VM + ":/srv/none/").fails(1, "there is no folder /srv/none/");
        assertEquals("", HOME.sh(VM, "find / -xdev -name '.banger-cp*'"));
    }

    @Test
    void whatAGuestHasMadeToHarmIsRefusedByNameAndLeavesNothing() {
        HOME.sh(VM, """
                mkdir -p /srv/e1 /srv/e2 /srv/e3 /srv/e4; cd /srv
                ln -s /etc/passwd e1/absolute; ln -s ../../../etc/passwd e2/upward
                mknod e3/disk b 8 0; truncate -s 10T e4/endless
                """);
        HOME.banger("vm", "cp", VM + ":/srv/e1", "out").fails(1, "absolute", "is refused");
        HOME.banger("vm", "cp", VM + ":/srv/e2", "out").fails(1, "upward", "is refused");
        HOME.banger("vm", "cp", VM + ":/srv/e3", "out").fails(1, "disk", "it is a device");
        HOME.banger("vm", "cp", VM + ":/srv/e4", "out").fails(1, "endless", "room");
        assertEquals(List.of(), left("out"));
        HOME.banger("vm", "cp", "--keep-links", VM + ":/srv/e1", "out").exits(0);
        assertTrue(Files.isSymbolicLink(HOME.folder().resolve("out/absolute")));
    }

    @Test
    void aTarOfTheGuestsThatSendsAnAttackIsRefused() {
        HOME.create("evil", "--network", "none");
        HOME.sh("evil", """
                mkdir -p /usr/local/bin /srv/x
                cat > /usr/local/bin/tar <<'EOF'
                #!/usr/bin/python3
                import io, sys, tarfile
                out = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')
                link = tarfile.TarInfo('way'); link.type = tarfile.SYMTYPE; link.linkname = 'in'; out.addfile(link)
                file = tarfile.TarInfo('way/../../escaped'); file.size = 1; out.addfile(file, io.BytesIO(b'x'))
                out.close()
                EOF
                chmod 755 /usr/local/bin/tar
                """);
        HOME.banger("vm", "cp", "evil:/srv/x", "prey").fails(1, "way/../../escaped", "is refused");
        assertEquals(List.of(), left("prey"));
        assertEquals(List.of(), left("escaped"));
        HOME.banger("vm", "delete", "evil").exits(0);
    }

    @Test
    void aVmThatEndsDuringACopyLeavesNothing() {
        HOME.create("brief", "--network", "none");
        HOME.sh("brief", "head -c 400000000 /dev/zero > /root/large");
        Command copy = HOME.start("vm", "cp", "brief:large", "partial");
        copy.awaitErr("copying brief:large");
        Wait.until("the copy to have begun", () -> !left(".banger-cp").isEmpty());
        HOME.banger("vm", "kill", "brief").exits(0);
        copy.waitFor().fails(1, "brief was stopped or deleted");
        assertEquals(List.of(), left("partial"));
        assertEquals(List.of(), left(".banger-cp"));
        HOME.banger("vm", "delete", "brief").exits(0);
    }

    private static String sh(String script, String folder) {
        return HOME.run(Path.of("/bin/sh"), "-c", script, "sh", folder).text();
    }

    /** What is in the home under names that begin so. */
    private static List<String> left(String prefix) {
        try (Stream<Path> files = Files.list(HOME.folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
