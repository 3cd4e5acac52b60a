package banger.daemon.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import banger.daemon.problem.Problem.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static final Check GOOD = new Check("java", () -> Finding.ok("java 25"));
    private static final Check SO_SO = new Check("kvm", () -> Finding.warning("no kvm", null));
    private static final Check BAD =
            new Check("qemu", () -> Finding.failure("qemu is not installed", "sudo apt-get install qemu-system-x86"));

    @Test
    void theExitStatusIsThatOfTheWorstFinding() {
        assertEquals(0, status(GOOD, GOOD));
        assertEquals(1, status(GOOD, SO_SO, GOOD));
        assertEquals(2, status(BAD, SO_SO, GOOD));
    }

    @Test
    void eachCheckIsALineAndItsFixTheNext() {
        assertEquals("""
                ok       java         java 25
                failure  qemu         qemu is not installed
                                      → sudo apt-get install qemu-system-x86
                mend the failures first
                """, printed(false, GOOD, BAD));
    }

    @Test
    void jsonIsOneObjectWithTheSameFindings() {
        assertEquals(
                "{\"result\":\"failure\",\"checks\":["
                        + "{\"check\":\"kvm\",\"result\":\"warning\",\"found\":\"no kvm\"},"
                        + "{\"check\":\"qemu\",\"result\":\"failure\",\"found\":\"qemu is not installed\","
                        + "\"fix\":\"sudo apt-get install qemu-system-x86\"}]}\n",
                printed(true, SO_SO, BAD));
    }

    @Test
    void jsonKeepsTextOutsideAscii() {
        String printed = printed(true, new Check("disk", () -> Finding.ok("/home/zoë → 日本")));
        assertTrue(printed.contains("\"/home/zoë → 日本\""), printed);
    }

    @Test
    void aCheckThatFailsToLookIsAFailureAndTheOthersGoOn() {
        Check problem = new Check("database", () -> {
            throw new Problem(Kind.FAILED, "the database is damaged", "mv it away");
        });
        Check bug = new Check("odd", () -> {
            throw new IllegalStateException("surprise");
        });
        String printed = printed(false, problem, bug, GOOD);
        assertTrue(printed.contains("failure  database     the database is damaged"), printed);
        assertTrue(printed.contains("→ mv it away"), printed);
        assertTrue(printed.contains("surprise"), printed);
        assertTrue(printed.contains("ok       java"), printed);
    }

    private static int status(Check... checks) {
        return new Doctor(List.of(checks)).run(new PrintStream(new ByteArrayOutputStream()), false);
    }

    private static String printed(boolean json, Check... checks) {
        var bytes = new ByteArrayOutputStream();
        new Doctor(List.of(checks)).run(new PrintStream(bytes, true, UTF_8), json);
        return bytes.toString(UTF_8);
    }
}
