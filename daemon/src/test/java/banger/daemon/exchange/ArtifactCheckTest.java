package banger.daemon.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Nothing that an artifact says of itself is trusted. */
class ArtifactCheckTest {
    private static final String DIGEST = "ab".repeat(32);
    private static final String FILE = """
            {"name":"NAME","digest":"DIGEST","bytes":8192,
            "chunks":[{"offset":4096,"bytes":4096,"digest":"sha256:DIGEST","size":100}]}""".replace("DIGEST", DIGEST);
    private static final String WHOLE = """
            {"format":1,"name":"app","architecture":"amd64","layers":[LAYER],"seed":SEED,
            "kernel":{"id":"debian-6.1","files":[VMLINUX]},"readiness":["agent"],"environment":["A=b"],"user":"",
            "folder":"","entrypoint":[],"ports":[8080],"recipe":"imported",
            "history":[{"what":"imported","layer":"DIGEST","at":"2026-01-01T00:00:00Z"}],"packages":null}""".replace("LAYER", FILE.replace("NAME", "layer"))
            .replace("SEED", FILE.replace("NAME", "seed"))
            .replace("VMLINUX", FILE.replace("NAME", "vmlinux"))
            .replace("DIGEST", DIGEST);

    private static ArtifactCheck check() {
        return new ArtifactCheck("registry.example/app:1", new ImportLimits(1 << 20, 1000));
    }

    /** The message that the artifact gets with that change. */
    private static String refusal(String before, String after) {
        assertTrue(WHOLE.contains(before), before);
        byte[] json = WHOLE.replace(before, after).getBytes(StandardCharsets.UTF_8);
        return assertThrows(Problem.class, () -> check().read(json)).getMessage();
    }

    @Test
    void aWholeArtifactIsTakenAndCounted() {
        ArtifactCheck check = check();
        assertEquals("app", check.read(WHOLE.getBytes(StandardCharsets.UTF_8)).name());
        assertEquals(3 * 4096, check.bytes());
    }

    @Test
    void namesThatWouldLeadElsewhereAreRefused() {
        assertTrue(refusal("debian-6.1", "../../escaped").contains("cannot name a kernel"));
        assertTrue(refusal("\"vmlinux\"", "\"../vmlinux\"").contains("no file \"../vmlinux\""));
        assertTrue(
                refusal("\"digest\":\"" + DIGEST, "\"digest\":\"../" + DIGEST).contains("cannot be"));
    }

    @Test
    void chunksOutsideOfTheirFileAreRefused() {
        assertTrue(refusal("\"offset\":4096", "\"offset\":8192").contains("lies where none can be"));
        assertTrue(refusal("\"offset\":4096", "\"offset\":-1").contains("lies where none can be"));
        assertTrue(refusal("\"bytes\":4096", "\"bytes\":2147483647").contains("lies where none can be"));
    }

    @Test
    void aChunkThatIsLargerPackedThanUnpackedIsRefused() {
        assertTrue(refusal("\"size\":100", "\"size\":8192").contains("lies where none can be"));
    }

    @Test
    void holesOfWhatIsReadAsAWholeCountAsWell() {
        String layer = refusal(
                "\"layer\",\"digest\":\"" + DIGEST + "\",\"bytes\":8192",
                "\"layer\",\"digest\":\"" + DIGEST + "\",\"bytes\":4398046511104");
        assertTrue(layer.contains("unpacks to more than 1048576 bytes, at its file layer"), layer);
        byte[] sparseSeed = WHOLE.replace(
                        "\"seed\",\"digest\":\"" + DIGEST + "\",\"bytes\":8192",
                        "\"seed\",\"digest\":\"" + DIGEST + "\",\"bytes\":4398046511104")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(4_398_046_511_104L, check().read(sparseSeed).seed().bytes());
    }

    @Test
    void moreThanTheLimitIsRefusedByItsName() {
        String most = WHOLE.replace("8192", "8388608").replace("\"bytes\":4096", "\"bytes\":1048576");
        Problem problem = assertThrows(Problem.class, () -> check().read(most.getBytes(StandardCharsets.UTF_8)));
        assertTrue(String.valueOf(problem.hint()).contains("import.max_size"), problem.hint());
    }

    @Test
    void whatIsMissingOrOfAnotherFormatIsRefused() {
        assertTrue(refusal("\"format\":1", "\"format\":2").contains("the format 2"));
        assertTrue(refusal("\"seed\"", "\"sead\"").contains("incomplete"));
        assertTrue(refusal("\"user\":\"\",", "").contains("incomplete"));
        assertTrue(refusal("2026-01-01T00:00:00Z", "yesterday").contains("no time"));
        assertTrue(refusal("A=b", "no variable").contains("no NAME=value"));
        assertTrue(refusal("{\"format\"", "[\"format\"").contains("cannot be read"));
    }

    @Test
    void whatWouldSteerATerminalIsRefused() {
        String said = refusal("\"recipe\":\"imported\"", "\"recipe\":\"\\u001b[2J\"");
        assertTrue(said.contains("control characters") && said.indexOf(27) < 0, said);
    }
}
