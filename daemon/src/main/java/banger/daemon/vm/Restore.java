package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.operation.Progress;
import java.io.IOException;
import java.time.Duration;

/**
 * A start from a template: the machine goes on where it was frozen, held, and is let go when it has an identity of its
 * own.
 */
final class Restore {
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
    private static final String INTERFACE = "eth0";

    private final Driver driver;
    private final VmStore store;
    private final VmFiles files;
    private final GuestSetup setup;

    Restore(Driver driver, VmStore store, VmFiles files, GuestSetup setup) {
        this.driver = driver;
        this.store = store;
        this.files = files;
        this.setup = setup;
    }

    /** The VM's disks are clones of the template's. @throws IOException or Problem after the machine was ended again */
    LiveVm run(Vm vm, Templates.Frozen template, MachinePlan plan, Progress progress) throws IOException {
        progress.stage("restore", "restoring a template");
        // Only a creation restores; it stays one until it is over, so that a crash undoes it.
        store.update(vm.withState(VmState.CREATING));
        var memory = new MachinePlan.Memory.Restored(template.ram(), template.devices());
        Machine machine = driver.start(driver.complete(plan.with(memory)));
        var live = new LiveVm(machine);
        try {
            store.update(vm.withRuntime(VmState.CREATING, machine.runtime()));
            AgentSession session = AgentSession.begin(vm.name(), machine.connectAgent(CONNECT_BOUND));
            live.session(session);
            session.hello(ANSWER_BOUND);
            setup.run(vm, session);
            if (vm.spec().network() != NetworkMode.NONE) {
                byte[] address = HardwareAddress.of(vm.id()).bytes();
                session.call(
                                ChannelKind.LINK,
                                request -> request.string(INTERFACE).bytes(address),
                                ANSWER_BOUND)
                        .end();
            }
            session.call(ChannelKind.HOLD, request -> request.u8(0), ANSWER_BOUND)
                    .end();
            if (vm.spec().diskBytes() > template.diskBytes()) {
                grow(vm, machine, session);
            }
            return live;
        } catch (IOException | RuntimeException e) {
            live.closeSession();
            machine.kill();
            driver.sweep(vm.id());
            throw e;
        }
    }

    private void grow(Vm vm, Machine machine, AgentSession session) throws IOException {
        for (String disk : new String[] {"root", "work"}) {
            files.lengthen(vm, disk, vm.spec().diskBytes());
            machine.resizeDisk(disk, vm.spec().diskBytes());
        }
        for (String place : new String[] {"/", "/root"}) {
            session.call(ChannelKind.GROW, request -> request.string(place), ANSWER_BOUND);
        }
    }
}
