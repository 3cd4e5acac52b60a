package banger.daemon.driver.firecracker;

import static banger.daemon.os.FaultPoint.*;

import banger.daemon.os.FaultPoint;
import banger.daemon.vm.VmState;
import java.util.List;
import java.util.stream.Stream;

/** An action on a VM, and the named steps that it comes by. */
enum FaultRow {
    CREATE(null, Stream.concat(Stream.of(VM_RECORDED, DISKS_MADE), starting()).toList()),
    START(VmState.STOPPED, starting().toList()),
    STOP(
            VmState.RUNNING,
            Stream.concat(Stream.of(STOP_RECORDED, GUEST_DOWN), ending()).toList()),
    DELETE(
            VmState.RUNNING,
            Stream.concat(Stream.concat(Stream.of(DELETION_RECORDED), ending()), forgetting())
                    .toList()),
    DELETE_STOPPED(
            VmState.STOPPED,
            Stream.concat(Stream.of(DELETION_RECORDED, PROCESS_ENDED), forgetting())
                    .toList());

    /** What it is done to; none where it makes the VM. */
    final VmState before;

    private final List<FaultPoint> steps;

    FaultRow(VmState before, List<FaultPoint> steps) {
        this.before = before;
        this.steps = steps;
    }

    /** @param bridged whether the VM is on a bridge, with a port published */
    List<FaultPoint> steps(boolean bridged) {
        return steps.stream()
                .filter(step -> bridged || !step.name().matches("(TAP|LEASE|FILTER)_.*"))
                .toList();
    }

    private static Stream<FaultPoint> starting() {
        return Stream.of(
                TAP_RECORDED,
                TAP_MADE,
                TAP_TAKEN,
                LEASE_RECORDED,
                FILTER_OPENED,
                PROCESS_STARTED,
                PROCESS_RECORDED,
                GUEST_GREETED,
                GUEST_READY,
                RUNNING_RECORDED);
    }

    private static Stream<FaultPoint> ending() {
        return Stream.of(FILTER_CLOSED, LEASE_ENDED, TAP_GIVEN_BACK, PROCESS_ENDED);
    }

    private static Stream<FaultPoint> forgetting() {
        return Stream.of(FILES_DELETED, LEASE_FORGOTTEN, VM_FORGOTTEN);
    }
}
