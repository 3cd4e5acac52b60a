package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code doctor} and {@code verify}: they look, and touch nothing. */
class DoctorTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static List<Json> checks(Home home) {
        Outcome outcome = home.banger("doctor", "--json");
        assertTrue(outcome.exit() <= 1, outcome.out() + outcome.err());
        return Json.parse(outcome.out()).at("checks").items();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void onAFreshHomeTheyMakeNothingAndStartNothing() throws IOException {
        try (Home home = Home.empty()) {
            List<String> before = files(home.folder());
            checks(home);
            home.assertNothingLeftOver();
            home.banger("version").exits(0);
            home.banger("daemon", "status").exits(1);
            assertEquals(before, files(home.folder()));
            assertEquals(List.of(), HostProcesses.of(home.folder()));
        }
    }

    @Test
    void allIsWellWithAVmThatRunsAndTheDriverIsNamed() {
        HOME.create("healthy");
        List<Json> checks = checks(HOME);
        assertTrue(checks.stream().noneMatch(check -> check.at("result").text().equals("failure")), checks::toString);
        assertTrue(checks.stream()
                .anyMatch(check -> check.at("check").text().equals("driver")
                        && check.at("found").text().contains("qemu")));
        assertTrue(
                checks.stream()
                        .filter(check -> List.of("folders", "vms", "images", "leftovers", "database")
                                .contains(check.at("check").text()))
                        .allMatch(check -> check.at("result").text().equals("ok")),
                checks::toString);
        HOME.banger("vm", "delete", "healthy").exits(0);
    }

    @Test
    void theExitCodeTellsHowBadItIs() {
        Outcome outcome = HOME.banger("doctor");
        List<Json> checks = checks(HOME);
        boolean warned =
                checks.stream().anyMatch(check -> check.at("result").text().equals("warning"));
        assertEquals(warned ? 1 : 0, outcome.exit(), outcome.out());
        try (Home broken = Home.empty()) {
            broken.configure("qemu_bin = \"/no/such/qemu\"\n");
            assertEquals(2, broken.banger("doctor").exits(2).exit());
        }
        HOME.banger("doctor", "--nonsense").exits(2);
    }

    @Test
    void whatNobodyAccountsForIsFoundAndNamed() throws IOException {
        HOME.banger("daemon", "start").exits(0);
        Path orphan = Files.createDirectories(HOME.data().resolve("vms/11111111-2222-3333-4444-555555555555"));
        Path scratch = Files.writeString(HOME.data().resolve("tmp/half"), "x");
        Outcome verify = HOME.run(Dist.BUILT.bangerd(), "verify").exits(1);
        assertTrue(verify.out().contains(orphan.toString()) && verify.out().contains(scratch.toString()), verify.out());
        assertTrue(Files.exists(orphan) && Files.exists(scratch), "it only looks");
        Files.delete(orphan);
        Files.delete(scratch);
        HOME.assertNothingLeftOver();
    }
}
