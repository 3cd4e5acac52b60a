package banger.daemon.workspace;

import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import banger.daemon.vm.VmStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A store that holds one VM, of which only the workspace changes. */
final class OneVm implements VmStore {
    private final UUID id = new UUID(1, 2);
    private @Nullable String workspace;

    Vm vm() {
        var spec = new VmSpec(1, 1, 1, NetworkMode.NONE, List.of());
        return new Vm(id, "test", id, spec, VmState.RUNNING, "", null, workspace, null, Instant.EPOCH, Instant.EPOCH);
    }

    @Override
    public void setWorkspace(UUID vm, @Nullable String json) {
        workspace = json;
    }

    @Override
    public Optional<Vm> find(UUID vm) {
        return Optional.of(vm());
    }

    @Override
    public void insert(Vm vm) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void update(Vm vm) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(UUID vm) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Vm> findByName(String exactName) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Vm resolve(String reference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Vm> list() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Vm> pooled() {
        throw new UnsupportedOperationException();
    }
}
