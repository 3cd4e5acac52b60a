package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Brings records and processes together when the daemon starts: running VMs are taken up again, half-made ones are
 * undone, half-deleted ones are deleted, and VMs whose process is gone are stopped.
 */
public final class Reconciliation {
    private static final System.Logger LOG = System.getLogger(Reconciliation.class.getName());

    private final Vms vms;

    public Reconciliation(Vms vms) {
        this.vms = vms;
    }

    /** Runs before any request is taken. One VM that cannot be reconciled does not keep the others from it. */
    public void run() {
        var all = new ArrayList<>(vms.store.list());
        all.addAll(vms.store.pooled());
        for (Vm vm : all) {
            try {
                reconcile(vm);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "vm " + vm.name() + " could not be reconciled", e);
            }
        }
    }

    private void reconcile(Vm vm) {
        switch (vm.state()) {
            case CREATING -> {
                LOG.log(System.Logger.Level.WARNING, "vm {0} was half made and is removed", vm.name());
                vms.finishDelete(vm);
                return;
            }
            case DELETING, POOLED -> {
                vms.finishDelete(vm);
                return;
            }
            case RUNNING ->
                attached(vm).ifPresentOrElse(machine -> vms.goesOn(vm, new LiveVm(machine)), () -> stopped(vm));
            // A VM that was starting may lack its identity; one that was stopping was meant to end.
            case STARTING, STOPPING -> stopped(vm);
            case FREEZING, RESUMING -> frozenOrRunning(vm);
            case SUSPENDED -> suspendedOrStopped(vm);
            case BROKEN -> vms.sweep(vm);
            case STOPPED -> {
                vms.sweep(vm);
                vms.takeBack(vm);
            }
        }
        vms.files.suspended(vm.id()).abandon();
    }

    /** Where its memory is whole on the disk its guest has not run since; where it is not, the guest is to go on. */
    private void frozenOrRunning(Vm vm) {
        if (vms.files.suspended(vm.id()).exists()) {
            Vm suspended = vm.withState(VmState.SUSPENDED);
            vms.store.update(suspended);
            sleeping(suspended);
            return;
        }
        Optional<Machine> machine = attached(vm);
        machine.ifPresent(each -> resume(vm, each));
        takeUp(vm, machine);
        machine.ifPresent(each -> Thread.ofVirtual().name("let-go-" + vm.name()).start(() -> letGo(vm)));
    }

    /** Its memory is taken away first where it is given up, before the record tells so. */
    private void suspendedOrStopped(Vm vm) {
        if (vms.files.suspended(vm.id()).exists()) {
            sleeping(vm);
        } else {
            stopped(vm);
        }
    }

    private void sleeping(Vm vm) {
        vms.sweep(vm);
        Runtime last = vm.runtime();
        vms.ports.open(vm, last == null ? vm.spec().publish() : last.ports());
    }

    private static void resume(Vm vm, Machine machine) {
        try {
            machine.resume();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "vm " + vm.name() + " was paused and does not go on", e);
        }
    }

    /** Its guest may have been held to be copied. */
    private void letGo(Vm vm) {
        try {
            vms.setup.goOn(vms.live.session(vm));
        } catch (IOException | Problem e) {
            LOG.log(System.Logger.Level.ERROR, "vm " + vm.name() + " may still be held", e);
        }
    }

    private Optional<Machine> attached(Vm vm) {
        Runtime runtime = vm.runtime();
        return runtime == null ? Optional.empty() : vms.driver.attach(vm.id(), runtime);
    }

    private void takeUp(Vm vm, Optional<Machine> machine) {
        if (machine.isPresent()) {
            vms.runs(vm, new LiveVm(machine.get()));
        } else {
            stopped(vm);
        }
    }

    private void stopped(Vm vm) {
        vms.sweep(vm);
        vms.store.update(vm.withState(VmState.STOPPED));
        vms.takeBack(vm);
    }
}
