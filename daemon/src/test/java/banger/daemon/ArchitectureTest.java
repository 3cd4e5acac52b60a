package banger.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Keeps what ARCHITECTURE.md promises about who may know whom. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("banger.daemon", "banger.wire");

    private static final DescribedPredicate<JavaClass> MAIN =
            describe("a Main", each -> each.getSimpleName().equals("Main"));

    @Test
    void packagesHaveNoCycles() {
        slices().matching("banger.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theDomainKnowsNeitherSqlNorJsonNorProcesses() {
        noClasses()
                .that()
                .resideInAPackage("banger.daemon.vm")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.sqlite..",
                        "io.avaje..",
                        "banger.wire.rpc..",
                        "banger.daemon.state..",
                        "banger.daemon.rpc..",
                        "banger.daemon.driver..",
                        "banger.daemon.config..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Process.class, ProcessBuilder.class, ProcessHandle.class)
                .check(CLASSES);
    }

    @Test
    void driversDoNotSeeEachOther() {
        slices().matching("banger.daemon.driver.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void onlyTheWiringKnowsWhichDriversThereAre() {
        noClasses()
                .that()
                .resideOutsideOfPackages("banger.daemon.driver..", "banger.daemon")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("banger.daemon.driver..")
                .check(CLASSES);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that(DescribedPredicate.not(MAIN))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnTheWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("banger.daemon")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("banger.daemon")
                .orShould()
                .dependOnClassesThat(MAIN)
                .check(CLASSES);
    }

    @Test
    void onlyOsStartsProcessesReadsTheEnvironmentAndLocksFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackage("banger.daemon.os..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .orShould()
                .accessTargetWhere(call(Runtime.class, "exec"))
                .orShould()
                .accessTargetWhere(call(System.class, "getenv"))
                .orShould()
                .accessTargetWhere(call(FileChannel.class, "lock|tryLock"))
                .check(CLASSES);
    }

    @Test
    void onlyStateSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("banger.daemon.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void onlyConfigReadsToml() {
        noClasses()
                .that()
                .resideOutsideOfPackage("banger.daemon.config..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.tomlj..")
                .check(CLASSES);
    }

    @Test
    void onlyTheRpcEdgeKnowsItsMessages() {
        noClasses()
                .that()
                .resideOutsideOfPackages("banger.daemon.rpc..", "banger.wire..")
                .and(DescribedPredicate.not(MAIN))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("banger.wire.rpc..")
                .check(CLASSES);
    }

    @Test
    void problemsAndTheHostStandBelowEverything() {
        classes()
                .that()
                .resideInAPackage("banger.daemon.problem..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("banger.daemon.problem..", "java..", "org.jspecify..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("banger.daemon.os..")
                .should()
                .dependOnClassesThat(describe(
                        "of banger, beyond os and problem",
                        each -> each.getPackageName().startsWith("banger.")
                                && !each.getPackageName().startsWith("banger.daemon.os")
                                && !each.getPackageName().startsWith("banger.daemon.problem")))
                .check(CLASSES);
    }

    @Test
    void theWireNeedsNothingButTheJsonLibrary() {
        classes()
                .that()
                .resideInAPackage("banger.wire..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("banger.wire..", "java..", "io.avaje..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void onlyMainWritesToTheTerminal() {
        noClasses()
                .that(DescribedPredicate.not(MAIN))
                .should()
                .accessTargetWhere(call(System.class, "out|err"))
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysThatNullIsTheException() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                // The JSON library's generator makes a package of its own.
                .filter(each -> !each.getName().endsWith(".jsonb"))
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .toList();
        assertEquals(List.of(), unmarked);
    }

    private static DescribedPredicate<JavaAccess<?>> call(Class<?> owner, String names) {
        return targetOwner(assignableTo(owner))
                .and(describe(names, access -> nameMatching(names).test(access.getTarget())));
    }
}
