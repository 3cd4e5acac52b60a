package banger.daemon.state;

import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code vms} as a VM and back. A row that cannot be understood is a broken VM, never a failure. */
final class VmRow {
    static final String OLD =
            "made by an older banger, whose disks this one cannot run; delete it, or run the older one";

    private static final VmSpec UNKNOWN = new VmSpec(0, 0, 0, NetworkMode.NONE, List.of());

    private VmRow() {}

    static Vm read(Row row) throws SQLException {
        String machineId = row.text("machine_id");
        if (machineId == null) {
            return broken(row, OLD);
        }
        try {
            String runtime = row.text("runtime_json");
            return vm(
                    row,
                    Json.SPEC.fromJson(row.text("spec_json", "")).toDomain(),
                    VmState.valueOf(row.text("state", "").toUpperCase(Locale.ROOT)),
                    machineId,
                    runtime == null || runtime.equals("{}")
                            ? null
                            : Json.PROCESS.fromJson(runtime).toDomain(),
                    row.text("broken"));
        } catch (RuntimeException e) {
            return broken(row, "its record cannot be read: " + e.getMessage());
        }
    }

    /** Whether the row is one that {@link #write} may replace without losing what it says. */
    static boolean understands(Row row) throws SQLException {
        return !UNKNOWN.equals(read(row).spec());
    }

    private static Vm broken(Row row, String reason) throws SQLException {
        return vm(row, UNKNOWN, VmState.BROKEN, row.text("machine_id", ""), null, reason);
    }

    private static Vm vm(
            Row row, VmSpec spec, VmState state, String machineId, @Nullable Runtime runtime, @Nullable String broken)
            throws SQLException {
        UUID id = RowId.uuid(row.text("id", ""));
        return new Vm(
                id,
                row.text("name", id.toString()),
                RowId.uuid(row.text("image_id", "")),
                spec,
                state,
                machineId,
                runtime,
                row.text("workspace_json"),
                broken,
                row.time("created_at"),
                row.time("updated_at"));
    }

    /** Sets what insert and update share: parameters 1 to 9. */
    static void write(PreparedStatement statement, Vm vm, String imageRow) throws SQLException {
        Runtime runtime = vm.runtime();
        statement.setString(1, vm.name());
        statement.setString(2, imageRow);
        statement.setString(3, state(vm.state()));
        statement.setString(4, vm.updatedAt().toString());
        statement.setString(5, Json.SPEC.toJson(VmJson.Spec.of(vm.spec())));
        statement.setString(6, runtime == null ? "{}" : Json.PROCESS.toJson(VmJson.Process.of(runtime)));
        statement.setString(7, vm.machineId());
        statement.setString(8, vm.workspace());
        statement.setString(9, vm.broken());
    }

    static String state(VmState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
