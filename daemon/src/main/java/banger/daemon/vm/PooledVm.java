package banger.daemon.vm;

import java.time.Instant;

/**
 * A restored machine that is nobody's yet: its guest is held, its disks, address and id are its own already.
 *
 * @param vm as it is recorded, {@code pooled}
 * @param template what it was restored from
 */
record PooledVm(Vm vm, LiveVm entry, FrozenVm template) {
    /** Whether a creation can still have it. */
    boolean isReady() {
        return entry.machine().isAlive() && entry.session() != null;
    }

    /** That VM with this one's id and process: the id is all that the files, sockets and addresses go by. */
    Vm named(Vm wanted) {
        return new Vm(
                vm.id(),
                wanted.name(),
                wanted.imageId(),
                wanted.spec(),
                VmState.CREATING,
                wanted.machineId(),
                entry.machine().runtime(),
                null,
                null,
                wanted.createdAt(),
                Instant.now());
    }
}
