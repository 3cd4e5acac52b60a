package banger.daemon.vm;

import java.util.Optional;

/**
 * Brings records and processes together when the daemon starts: running VMs are taken up again, half-made ones are
 * undone, half-deleted ones are deleted, and VMs whose process is gone are stopped.
 */
public final class Reconciliation {
    private static final System.Logger LOG = System.getLogger(Reconciliation.class.getName());

    private final VmStore store;
    private final Driver driver;
    private final Lifecycle lifecycle;
    private final LiveVms live;

    public Reconciliation(VmStore store, Driver driver, Lifecycle lifecycle, LiveVms live) {
        this.store = store;
        this.driver = driver;
        this.lifecycle = lifecycle;
        this.live = live;
    }

    /** Runs before any request is taken. One VM that cannot be reconciled does not keep the others from it. */
    public void run() {
        for (Vm vm : store.list()) {
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
                lifecycle.finishDelete(vm);
            }
            case DELETING -> lifecycle.finishDelete(vm);
            case STARTING, RUNNING, STOPPING -> takeUp(vm);
            case STOPPED, BROKEN -> driver.sweep(vm.id());
        }
    }

    private void takeUp(Vm vm) {
        Runtime runtime = vm.runtime();
        // A VM that was starting may lack its identity; one that was stopping was meant to end.
        Optional<Machine> machine =
                runtime == null || vm.state() != VmState.RUNNING ? Optional.empty() : driver.attach(vm.id(), runtime);
        if (machine.isPresent()) {
            live.add(vm, new LiveVm(machine.get()), lifecycle::exited);
        } else {
            driver.sweep(vm.id());
            store.update(vm.withState(VmState.STOPPED));
        }
    }
}
