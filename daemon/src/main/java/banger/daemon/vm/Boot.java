package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A cold boot: the machine starts, the agent says hello, the guest is set up, the image's readiness is waited for. */
final class Boot {
    private static final Duration READY_BOUND = Duration.ofMinutes(5);

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
        var start = new ColdStart(driver, "vm " + vm.name(), "banger vm logs " + vm.name());
        progress.stage("start", "starting " + driver.choose(vm.spec()).description());
        store.update(vm.withState(until));
        try (var files = setup.files(vm)) {
            ColdStart.Greeted greeted = start.run(plan, machine -> {
                store.update(vm.withRuntime(until, machine.runtime()));
                FaultPoint.PROCESS_RECORDED.pass();
                progress.stage("boot", "booting the kernel");
            });
            try {
                FaultPoint.GUEST_GREETED.pass();
                progress.checkCancelled();
                progress.stage("setup", "giving the guest its identity");
                setup.run(vm, greeted.session(), files);
                ready(image.readiness(), greeted.session(), progress);
                FaultPoint.GUEST_READY.pass();
                return new LiveVm(greeted.machine(), greeted.session());
            } catch (IOException | RuntimeException e) {
                throw start.ended(plan, greeted, e);
            }
        }
    }

    static void ready(List<String> conditions, AgentSession session, Progress progress) throws IOException {
        if (!conditions.isEmpty()) {
            progress.stage("ready", "waiting for " + String.join(", ", conditions));
            session.call(ChannelKind.READY, request -> request.strings(conditions), READY_BOUND)
                    .end();
        }
    }
}
