package banger.daemon.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random repositories, changed at random: status, trees, modes and contents are the same on both sides after each step. */
class RandomRepositoryTest {
    private static final int STEPS = 4;
    private static final int CHANGES = 14;
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "file.txt",
            "with space",
            "-dash",
            "tab\there",
            "line\nfeed",
            "ends in line feed\n",
            "quote\"s'",
            "back\\slash",
            "\303\251t\303\251",
            "\377not utf8",
            "*star?",
            "[x]",
            "$(echo no)",
            "#hash",
            "!bang",
            "~",
            "%n",
            "{}",
            ":(top)magic",
            "d/x",
            "d/y z",
            "d/e/f",
            "a.d/\303\274",
            "weird\001control");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "1,SHALLOW", "2,SHALLOW", "3,SHALLOW", "4,SHALLOW", "5,SHALLOW", "6,SHALLOW", "7,SHALLOW", "8,SHALLOW",
        "9,FULL", "10,FULL", "11,FULL", "12,FULL", "13,FULL_COPY", "14,FULL_COPY", "15,FULL_COPY", "16,FULL_COPY"
    })
    void bothSidesAreTheSame(long seed, WorkspaceMode mode) throws IOException {
        var random = new Random(seed);
        var at = new Surroundings(Files.createDirectory(folder.resolve("s" + seed)));
        at.begin();
        for (int step = 0; step < STEPS; step++) {
            var script = new StringBuilder();
            for (int i = 0; i < CHANGES; i++) {
                script.append(change(random)).append('\n');
            }
            at.onHost(script.toString());
            at.prepare(mode);
            at.assertSame("seed " + seed + ", step " + step + " after:\n" + script);
            at.inGuest("git fsck --no-dangling --connectivity-only");
        }
    }

    /** One line of shell that changes something, if only it can; it never fails. */
    private static String change(Random random) {
        String names = Shell.set("n", name(random)) + Shell.set("m", name(random));
        String parents = "mkdir -p -- \"$(dirname -- \"./$n\")\" && ";
        String command = switch (random.nextInt(14)) {
            case 0, 1, 2 -> parents + write(random);
            case 3 -> "rm -rf -- \"./$n\"";
            case 4 -> "git add -A -- .";
            case 5 -> "git --literal-pathspecs add -A -- \"./$n\"";
            case 6 -> "git mv -k -- \"./$n\" \"./$m\"";
            case 7 ->
                "[ -f \"./$n\" ] && [ ! -L \"./$n\" ] && chmod " + (random.nextBoolean() ? "755" : "644")
                        + " -- \"./$n\"";
            case 8 -> "git add -A && git commit -q -m more";
            case 9 -> "git --literal-pathspecs rm -q --cached -r -- \"./$n\"";
            case 10 -> "rm -rf -- \"./$n\"; " + parents + "ln -s -- \"$m\" \"./$n\"";
            case 11 -> "git --literal-pathspecs add -N -- \"./$n\"";
            case 12 -> "git reset -q --mixed";
            default -> "mkdir -p ignored; date >ignored/now; git checkout -q -B b" + random.nextInt(3);
        };
        return "(" + names + command + ") >/dev/null 2>&1 || true";
    }

    private static String write(Random random) {
        String content = switch (random.nextInt(4)) {
            case 0 -> ":";
            case 1 -> "head -c " + random.nextInt(20_000) + " /dev/urandom";
            case 2 -> "echo " + random.nextInt(3);
            default -> "printf 'a\\0b\\r\\n'";
        };
        return "[ ! -L \"./$n\" ] && " + content + (random.nextBoolean() ? " >" : " >>") + "\"./$n\"";
    }

    private static String name(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
