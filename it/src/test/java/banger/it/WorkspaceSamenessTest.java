package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repositories of odd forms and random content: the guest's has the same status, tree, modes and files. */
class WorkspaceSamenessTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "same";
    private static final int STEPS = 3;
    private static final int CHANGES = 8;
    /** As shell words: each is one name. */
    private static final List<String> NAMES = List.of(
            "a",
            "'with space'",
            "\"$(printf 'line\\nfeed')\"",
            "'d/ümläut'",
            "d/e/f",
            "'*star'",
            "'-dash'",
            "\"$(printf 'no\\377text')\"",
            "one",
            "src/two",
            "link");

    private static final String LOOK = """
            git status --porcelain --untracked-files=all -z | tr '\\0' '\\n'; git rev-parse HEAD; git ls-files -s -z | tr '\\0' '\\n'
            find . \\( -path ./.git -o -name ignored \\) -prune -o \\( -type f -o -type l \\) -printf '%y %m %l %P\\n' | LC_ALL=C sort
            find . \\( -path ./.git -o -name ignored \\) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha1sum
            """;

    @BeforeAll
    static void createVm() {
        HOME.create(VM, "--network", "none");
    }

    @ParameterizedTest
    @CsvSource({"1,shallow", "2,shallow", "3,full", "4,full_copy"})
    void randomRepositoriesAreTheSameAfterEachPrepare(int seed, String mode) {
        var random = new Random(seed);
        Project project = Project.create(HOME, VM, "random" + seed);
        for (int step = 0; step < STEPS; step++) {
            var script = new StringBuilder();
            for (int i = 0; i < CHANGES; i++) {
                script.append("{ ").append(change(random)).append("; } >/dev/null 2>&1 || true\n");
            }
            project.host(script.toString());
            project.prepare("--mode", mode).exits(0);
            assertEquals(
                    project.host(LOOK), project.guest(LOOK), "seed " + seed + ", step " + step + " after\n" + script);
        }
    }

    private static String change(Random random) {
        String name = name(random);
        String parents = "mkdir -p \"$(dirname ./" + name + ")\" && ";
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> parents + "[ ! -L ./" + name + " ] && echo " + random.nextInt(100) + " >>./" + name;
            case 3 ->
                parents + "[ ! -L ./" + name + " ] && head -c " + random.nextInt(50_000) + " /dev/urandom >./" + name;
            case 4 -> "rm -rf ./" + name;
            case 5 -> "git mv -k ./" + name + " ./" + name(random);
            case 6 -> "[ -f ./" + name + " ] && [ ! -L ./" + name + " ] && chmod 755 ./" + name;
            case 7 -> "rm -rf ./" + name + "; " + parents + "ln -s target ./" + name;
            case 8 -> "git add -A && git commit -q -m more";
            default -> "git --literal-pathspecs add ./" + name;
        };
    }

    private static String name(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    @Test
    void aLinkedWorkTreeWithADetachedHeadAndPointersComesAsARepositoryOfItsOwn() {
        Project main = Project.create(HOME, VM, "main");
        main.host("""
                printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 12\\n' 7 >large.bin
                echo '*.bin filter=lfs diff=lfs merge=lfs -text' >.gitattributes; : >empty
                git add .; git commit -q -m pointers; git worktree add -q --detach ../linked HEAD~1
                """);
        Project linked = new Project(HOME, VM, main.repository().resolveSibling("linked"), "/root/linked");
        linked.host("git checkout -q --detach main; echo more >>one");
        for (Project each : List.of(main, linked)) {
            each.prepare().exits(0);
            assertEquals(each.host(LOOK), each.guest(LOOK));
            assertEquals(each.host("cat large.bin"), each.guest("cat large.bin"));
        }
        assertEquals("detached", linked.guest("git symbolic-ref -q HEAD || echo detached; [ -d .git ]"));
        assertEquals("main", main.guest("git symbolic-ref --short HEAD"));
    }

    @Test
    void filesOfEverySizeComeAlong() {
        Project project = Project.create(HOME, VM, "sizes");
        project.host("for n in 0 1 511 512 513 1000000; do head -c $n /dev/urandom >f$n; done");
        project.prepare().exits(0);
        assertEquals(project.host("sha1sum f*"), project.guest("sha1sum f*"));
    }
}
