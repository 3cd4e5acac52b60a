package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.os.Uninterrupted;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts a machine whose guest boots, and waits for its agent's first word.
 *
 * <p>A guest that says none while its machine lives is taken for hung, and started once more: an emulated kernel can
 * hang before its first process.
 */
public final class ColdStart {
    private static final int ATTEMPTS = 2;
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration HELLO_BOUND = Duration.ofSeconds(90);
    private static final System.Logger LOG = System.getLogger(ColdStart.class.getName());

    private final Driver driver;
    private final String name;
    private final String hint;

    /**
     * @param name what boots, as messages name it
     * @param hint the next command where it does not
     */
    public ColdStart(Driver driver, String name, String hint) {
        this.driver = driver;
        this.name = name;
        this.hint = hint;
    }

    /** A machine whose agent has said hello. */
    public record Greeted(Machine machine, AgentSession session) {}

    /**
     * Starts it.
     *
     * @param begun is told of the machine as soon as there is one, and of the second, where the first hung
     * @throws Problem after the machine was ended again
     */
    public Greeted run(MachinePlan plan, Consumer<Machine> begun) {
        for (int attempt = 1; ; attempt++) {
            Machine machine = driver.start(driver.complete(plan));
            AgentSession session = null;
            try {
                begun.accept(machine);
                session = AgentSession.begin(plan.name(), machine.connectAgent(CONNECT_BOUND));
                session.hello(HELLO_BOUND);
                return new Greeted(machine, session);
            } catch (IOException | RuntimeException e) {
                boolean hung = e instanceof IOException
                        && machine.isAlive()
                        && !Thread.currentThread().isInterrupted();
                Problem failure = ended(plan, machine, session, e);
                if (!hung || attempt == ATTEMPTS) {
                    throw failure;
                }
                LOG.log(System.Logger.Level.WARNING, "{0} hung while booting, started once more", name);
            }
        }
    }

    /** Ends a machine whose guest failed after its first word, and tells why. */
    public Problem ended(MachinePlan plan, Greeted greeted, Exception why) {
        return ended(plan, greeted.machine(), greeted.session(), why);
    }

    private Problem ended(MachinePlan plan, Machine machine, @Nullable AgentSession session, Exception why) {
        String words = machine.lastWords();
        if (session != null) {
            session.close();
        }
        Uninterrupted.run(() -> {
            machine.kill();
            driver.sweep(plan.vm());
        });
        if (why instanceof Problem problem) {
            return problem;
        }
        String last = words.isEmpty() ? "" : "; its last words:\n" + words;
        return new Problem(Problem.Kind.FAILED, name + " did not boot: " + why.getMessage() + last, hint, why);
    }
}
