package banger.daemon.state;

import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import banger.daemon.vm.VmStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The VMs in the database's table {@code vms}. */
public final class SqliteVmStore implements VmStore {
    private static final String COLUMNS =
            "name, image_id, state, updated_at, spec_json, runtime_json, machine_id, workspace_json, broken";

    private static final String INSERT = "INSERT INTO vms (" + COLUMNS
            + ", id, created_at, last_touched_at, guest_ip) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?4, ?12)";

    /**
     * The workspace has a statement of its own, so that work on the VM's state never writes an old one back. A VM of the
     * pool is created for its user when it is taken.
     */
    private static final String UPDATE = "UPDATE vms SET (" + COLUMNS + ", last_touched_at, created_at)"
            + " = (?1, ?2, ?3, ?4, ?5, ?6, ?7, workspace_json, ?9, ?4,"
            + " CASE state WHEN 'pooled' THEN ?11 ELSE created_at END) WHERE id = ?10";

    private final Database database;
    /** All of them: nearly every call of a client's looks at the whole list, the daemon's start many times. */
    private final Remembered<List<Vm>> all = new Remembered<>();

    public SqliteVmStore(Database database) {
        this.database = database;
    }

    @Override
    public void insert(Vm vm) {
        write(connection -> {
            refuseTakenName(connection, vm, null);
            try (var insert = connection.prepareStatement(INSERT)) {
                VmRow.write(insert, vm, imageRow(connection, vm));
                insert.setString(10, vm.id().toString());
                insert.setString(11, vm.createdAt().toString());
                // Unique and not null in old installs; a VM behind user networking has no address of its own.
                insert.setString(12, "none:" + vm.id());
                return insert.executeUpdate();
            }
        });
    }

    @Override
    public void update(Vm vm) {
        write(connection -> {
            String id = RowId.text(connection, "vms", vm.id());
            if (id == null) {
                throw new Problem(Problem.Kind.NOT_FOUND, "no vm \"" + vm.name() + "\"", "banger vm list");
            }
            if (!Row.first(connection, "vms", "id", id, VmRow::understands).orElse(false)) {
                return updateStateAlone(connection, id, vm);
            }
            refuseTakenName(connection, vm, id);
            try (var update = connection.prepareStatement(UPDATE)) {
                VmRow.write(update, vm, imageRow(connection, vm));
                update.setString(10, id);
                update.setString(11, vm.createdAt().toString());
                return update.executeUpdate();
            }
        });
    }

    @Override
    public void setWorkspace(UUID id, @Nullable String json) {
        write(connection -> {
            try (var update = connection.prepareStatement("UPDATE vms SET workspace_json = ? WHERE id = ?")) {
                update.setString(1, json);
                update.setString(2, RowId.text(connection, "vms", id));
                return update.executeUpdate();
            }
        });
    }

    @Override
    public void delete(UUID id) {
        write(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM vms WHERE id = ?")) {
                delete.setString(1, RowId.text(connection, "vms", id));
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public Optional<Vm> find(UUID id) {
        return database.read(connection -> byRowId(connection, RowId.text(connection, "vms", id)));
    }

    @Override
    public Optional<Vm> findByName(String exactName) {
        return database.read(connection -> Row.first(connection, "vms", "name", exactName, VmRow::read));
    }

    @Override
    public Vm resolve(String reference) {
        return database.read(connection -> {
            Optional<Vm> named = Row.first(connection, "vms", "name", reference, VmRow::read)
                    .filter(vm -> vm.state() != VmState.POOLED);
            if (named.isPresent()) {
                return named.get();
            }
            List<Reference.Candidate> candidates = Row.all(connection, "vms", SqliteVmStore::candidate).stream()
                    .flatMap(Optional::stream)
                    .toList();
            UUID id = new Reference("vm", reference).among(candidates);
            return byRowId(connection, RowId.text(connection, "vms", id)).orElseThrow();
        });
    }

    @Override
    public List<Vm> list() {
        return listed(vm -> vm.state() != VmState.POOLED);
    }

    @Override
    public List<Vm> pooled() {
        return listed(vm -> vm.state() == VmState.POOLED);
    }

    private List<Vm> listed(Predicate<Vm> which) {
        return all.get(() -> database.read(connection -> Row.all(connection, "vms", VmRow::read))).stream()
                .filter(which)
                .toList();
    }

    private void write(Database.Work<Integer> work) {
        try {
            database.write(work);
        } finally {
            all.forget();
        }
    }

    private static Optional<Reference.Candidate> candidate(Row row) throws SQLException {
        return VmRow.state(VmState.POOLED).equals(row.text("state"))
                ? Optional.empty()
                : Optional.of(Reference.candidate(row));
    }

    private static Optional<Vm> byRowId(Connection connection, @Nullable String id) throws SQLException {
        return Row.first(connection, "vms", "id", id, VmRow::read);
    }

    /** A row that cannot be understood keeps what it says, for the program that can. */
    private static int updateStateAlone(Connection connection, String id, Vm vm) throws SQLException {
        try (var update =
                connection.prepareStatement("UPDATE vms SET state = ?, broken = ?, updated_at = ? WHERE id = ?")) {
            update.setString(1, VmRow.state(vm.state()));
            update.setString(2, vm.broken());
            update.setString(3, vm.updatedAt().toString());
            update.setString(4, id);
            return update.executeUpdate();
        }
    }

    private static void refuseTakenName(Connection connection, Vm vm, @Nullable String ownId) throws SQLException {
        Optional<String> holder = Row.first(connection, "vms", "name", vm.name(), row -> row.text("id", ""));
        if (holder.isPresent() && !holder.get().equals(ownId)) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    "a vm named \"" + vm.name() + "\" exists already",
                    "choose another name, or: banger vm delete " + vm.name());
        }
    }

    private static String imageRow(Connection connection, Vm vm) throws SQLException {
        String row = RowId.text(connection, "images", vm.imageId());
        if (row == null) {
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "the image " + vm.imageId() + " of vm \"" + vm.name() + "\" is not there any more",
                    "banger image list");
        }
        return row;
    }
}
