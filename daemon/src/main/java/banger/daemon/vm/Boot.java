package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A cold boot: the machine starts, the agent says hello, the guest is set up, the image's readiness is waited for.
 *
 * <p>A guest whose agent does not come is taken for hung and started once more: a kernel on an emulated machine can
 * miss its timer before the console is up.
 */
final class Boot {
    private static final int ATTEMPTS = 2;
    private static final Duration HELLO_BOUND = Duration.ofSeconds(90);
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    private static final System.Logger LOG = System.getLogger(Boot.class.getName());

    private final Driver driver;
    private final VmStore store;
    private final GuestSetup setup;

    Boot(Driver driver, VmStore store, GuestSetup setup) {
        this.driver = driver;
        this.store = store;
        this.setup = setup;
    }

    /** Records each step in the store before it is made. @throws Problem after the machine was ended again */
    LiveVm run(Vm vm, Image image, MachinePlan plan, Progress progress) {
        // A creation that a crash cuts off, however late, is undone, as no client learned that it succeeded.
        VmState until = vm.state() == VmState.CREATING ? VmState.CREATING : VmState.STARTING;
        for (int attempt = 1; ; attempt++) {
            progress.stage("start", "starting " + driver.choose(vm.spec()).description());
            store.update(vm.withState(until));
            Machine machine = driver.start(driver.complete(plan));
            var live = new LiveVm(machine);
            try {
                store.update(vm.withRuntime(until, machine.runtime()));
                FaultPoint.PROCESS_RECORDED.pass();
                booted(vm, image, live, progress);
                return live;
            } catch (IOException | RuntimeException e) {
                boolean hung = machine.isAlive() && live.session() == null;
                String words = machine.lastWords();
                live.closeSession();
                machine.kill();
                driver.sweep(vm.id());
                if (e instanceof Problem problem) {
                    throw problem;
                }
                if (!hung || attempt == ATTEMPTS) {
                    throw new Problem(
                            Problem.Kind.FAILED,
                            "vm " + vm.name() + " did not boot: " + e.getMessage()
                                    + (words.isEmpty() ? "" : "; its last words:\n" + words),
                            "banger vm logs " + vm.name(),
                            e);
                }
                LOG.log(System.Logger.Level.WARNING, "vm {0} hung while booting, started once more", vm.name());
            }
        }
    }

    private void booted(Vm vm, Image image, LiveVm live, Progress progress) throws IOException {
        try (var files = setup.files(vm)) {
            progress.stage("boot", "booting the kernel");
            hello(vm, live);
            FaultPoint.GUEST_GREETED.pass();
            progress.checkCancelled();
            progress.stage("setup", "giving the guest its identity");
            AgentSession session = requireSession(vm, live);
            setup.run(vm, session, files);
            ready(image.readiness(), session, progress);
            FaultPoint.GUEST_READY.pass();
        }
    }

    private static void hello(Vm vm, LiveVm live) throws IOException {
        AgentSession session = AgentSession.begin(vm.name(), live.machine().connectAgent(CONNECT_BOUND));
        try {
            session.hello(HELLO_BOUND);
        } catch (IOException e) {
            session.close();
            throw e;
        }
        live.session(session);
    }

    private static AgentSession requireSession(Vm vm, LiveVm live) throws IOException {
        AgentSession session = live.session();
        if (session == null) {
            throw new IOException("the stream to the guest of " + vm.name() + " ended at once");
        }
        return session;
    }

    static void ready(List<String> conditions, AgentSession session, Progress progress) throws IOException {
        if (!conditions.isEmpty()) {
            progress.stage("ready", "waiting for " + String.join(", ", conditions));
            session.call(ChannelKind.READY, request -> request.strings(conditions), READY_BOUND)
                    .end();
        }
    }
}
