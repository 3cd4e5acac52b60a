package banger.daemon.vm;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A persistent virtual machine.
 *
 * @param machineId the guest's machine id: 32 hex digits
 * @param runtime its process, while the state says that it may run
 * @param workspace the workspace prepared in it, as JSON text that only the workspace package reads
 * @param broken why it is broken, in that state
 */
public record Vm(
        UUID id,
        String name,
        UUID imageId,
        VmSpec spec,
        VmState state,
        String machineId,
        @Nullable Runtime runtime,
        @Nullable String workspace,
        @Nullable String broken,
        Instant createdAt,
        Instant updatedAt) {

    /** Of the process that it ran in a suspended VM keeps the record: its ports are its own still. */
    public Vm withState(VmState next) {
        boolean same = state.mayRun() && next.mayRun() || next == VmState.SUSPENDED;
        Runtime kept = same ? runtime : null;
        return new Vm(id, name, imageId, spec, next, machineId, kept, workspace, null, createdAt, Instant.now());
    }

    public Vm withRuntime(VmState next, Runtime process) {
        return new Vm(id, name, imageId, spec, next, machineId, process, workspace, null, createdAt, Instant.now());
    }

    public Vm withSpec(VmSpec changed) {
        return new Vm(
                id, name, imageId, changed, state, machineId, runtime, workspace, broken, createdAt, Instant.now());
    }

    public Vm withWorkspace(@Nullable String json) {
        return new Vm(id, name, imageId, spec, state, machineId, runtime, json, broken, createdAt, Instant.now());
    }

    public Vm brokenBy(String reason) {
        return new Vm(
                id, name, imageId, spec, VmState.BROKEN, machineId, null, workspace, reason, createdAt, Instant.now());
    }
}
