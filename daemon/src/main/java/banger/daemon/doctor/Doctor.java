package banger.daemon.doctor;

import banger.daemon.doctor.Finding.Level;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs the checks in their order and prints what each found and what mends it. */
public final class Doctor {
    /** The exit status where something does not work, be it the diagnosis itself. */
    public static final int FAILED = Level.FAILURE.ordinal();

    private final List<Check> checks;

    public Doctor(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Every check of this host. */
    public static Doctor of(Surroundings here) {
        List<Check> checks = new ArrayList<>();
        checks.addAll(HostChecks.of(here));
        checks.addAll(FreezeChecks.of());
        checks.addAll(NetworkChecks.of(here, HostAnswers.REAL));
        checks.addAll(FolderChecks.of(here.paths()));
        checks.addAll(AccessChecks.of(here));
        checks.addAll(StoreChecks.of(here));
        return new Doctor(checks);
    }

    /** Returns the exit status: 0 all is well, 1 something to look at, 2 something that does not work. */
    public int run(PrintStream out, boolean json) {
        Level worst = Level.OK;
        List<DoctorReport.Line> lines = new ArrayList<>();
        for (Check check : checks) {
            Finding finding = check.run();
            worst = finding.level().compareTo(worst) > 0 ? finding.level() : worst;
            lines.add(new DoctorReport.Line(check.name(), word(finding.level()), finding.found(), finding.fix()));
            if (!json) {
                print(out, check.name(), finding);
            }
        }
        if (json) {
            out.println(DoctorReport.json(new DoctorReport.Report(word(worst), lines)));
        } else {
            out.println(conclusion(worst));
        }
        return worst.ordinal();
    }

    private static void print(PrintStream out, String name, Finding finding) {
        out.printf("%-8s %-12s %s%n", word(finding.level()), name, finding.found());
        if (finding.fix() != null) {
            out.printf("%21s → %s%n", "", finding.fix());
        }
    }

    private static String conclusion(Level worst) {
        return switch (worst) {
            case OK -> "all is well";
            case WARNING -> "banger works here; see the warnings";
            case FAILURE -> "mend the failures first";
        };
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
