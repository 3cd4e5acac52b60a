package banger.daemon.vm;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps VMs across restarts. Safe for any number of threads; each call is one transaction. */
public interface VmStore {
    /** @throws banger.daemon.problem.Problem ALREADY_EXISTS where the name is taken */
    void insert(Vm vm);

    /** Replaces the record of the same id, but for its workspace. @throws banger.daemon.problem.Problem NOT_FOUND where there is none */
    void update(Vm vm);

    /** Records the workspace alone, whatever else happens to the VM meanwhile; no error where there is no such VM. */
    void setWorkspace(UUID id, @Nullable String json);

    /** Forgets it; no error where there is none. */
    void delete(UUID id);

    Optional<Vm> find(UUID id);

    /** Whether its guest runs and nobody has asked for its end. */
    default boolean runs(UUID id) {
        return find(id).map(vm -> switch (vm.state()) {
                    case RUNNING, FREEZING, RESUMING -> true;
                    case CREATING, STARTING, STOPPING, STOPPED, SUSPENDED, POOLED, DELETING, BROKEN -> false;
                })
                .orElse(false);
    }

    Optional<Vm> findByName(String exactName);

    /**
     * The VM that a person means: an exact name, an exact id, or a prefix of either that fits only one.
     *
     * @throws banger.daemon.problem.Problem NOT_FOUND, or AMBIGUOUS with the names that fit
     */
    Vm resolve(String reference);

    /** All of them by name, but for the pooled. A row that cannot be read comes as a broken VM, with the reason. */
    List<Vm> list();

    /** Those that are nobody's yet. */
    List<Vm> pooled();
}
