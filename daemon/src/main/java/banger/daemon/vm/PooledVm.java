package banger.daemon.vm;

import banger.daemon.guest.GuestFile;
import java.time.Instant;
import java.util.List;

/**
 * A restored machine that is nobody's yet: its guest is held; its disks, address, id and identity are its own already,
 * and lack only a name.
 *
 * @param vm as it is recorded, {@code pooled}
 * @param template what it was restored from
 * @param given the files that its guest was given
 */
record PooledVm(Vm vm, LiveVm entry, FrozenVm template, List<GuestFile> given) {
    /** Whether a creation can still have it. */
    boolean isReady() {
        return entry.machine().isAlive() && entry.session() != null;
    }

    /** Those of the files that its guest has not, or has otherwise. */
    List<GuestFile> changed(List<GuestFile> files) {
        return files.stream()
                .filter(file -> given.stream().noneMatch(file::isLike))
                .toList();
    }

    /** That VM with this one's id and process: the id is all that the files, sockets and addresses go by. */
    Vm named(Vm wanted) {
        return new Vm(
                vm.id(),
                wanted.name(),
                wanted.imageId(),
                wanted.spec(),
                VmState.CREATING,
                vm.machineId(),
                entry.machine().runtime(),
                null,
                null,
                wanted.createdAt(),
                Instant.now());
    }
}
