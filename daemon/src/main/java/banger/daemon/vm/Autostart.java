package banger.daemon.vm;

import banger.daemon.operation.Operation;
import banger.daemon.operation.Operations;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostBoot;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the VMs that are to run whenever the host does, once after each of its boots.
 *
 * <p>The boot counts as served when each of them has had its turn: a daemon that ends before leaves the rest to the
 * next one. Whoever stops such a VM later has it stopped until the host starts again.
 */
public final class Autostart implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Autostart.class.getName());

    private final VmStore store;
    private final Lifecycle lifecycle;
    private final HostBoot boot;
    private volatile boolean closed;

    public Autostart(VmStore store, Lifecycle lifecycle, HostBoot boot) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.boot = boot;
    }

    /** Begins the operation where there is something to start; comes after {@link Reconciliation}. */
    public void begin(Operations operations) {
        if (!isDue()) {
            return;
        }
        List<Vm> due = store.list().stream()
                .filter(vm -> vm.spec().autostart() && vm.state() != VmState.BROKEN)
                .toList();
        if (due.isEmpty()) {
            served();
            return;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "the host has been started again: starting {0}",
                String.join(", ", due.stream().map(Vm::name).toList()));
        operations.begin(
                "vm.autostart", due.size() + (due.size() == 1 ? " vm" : " vms"), work -> run(due, operations, work));
    }

    /** Starts no further VM. */
    @Override
    public void close() {
        closed = true;
    }

    /** One after the other: a host that has just started has enough to do. */
    private void run(List<Vm> due, Operations operations, Progress progress) {
        var failed = new ArrayList<String>();
        for (Vm vm : due) {
            if (progress.cancelled()) {
                served();
                progress.checkCancelled();
            }
            progress.stage("start", "starting " + vm.name());
            if (!started(vm, operations) && !closed) {
                failed.add(vm.name());
            }
            if (closed) {
                return;
            }
        }
        served();
        if (!failed.isEmpty()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "after the host's start these did not start: " + String.join(", ", failed),
                    "banger daemon logs");
        }
    }

    private boolean isDue() {
        try {
            return boot.isNew();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "whether the host has been started again is unknown", e);
            return false;
        }
    }

    /** Without the record the next daemon has them started again, which harms less than no daemon. */
    private void served() {
        try {
            boot.remember();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the host's boot cannot be recorded", e);
        }
    }

    /** As an operation of its own, which the VM's timings are told from. */
    private boolean started(Vm vm, Operations operations) {
        var start = operations.aside("vm.start", vm.name(), progress -> lifecycle.start(vm, progress));
        return start.snapshot().state() == Operation.State.DONE;
    }
}
