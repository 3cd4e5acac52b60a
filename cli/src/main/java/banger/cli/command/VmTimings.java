package banger.cli.command;

import banger.cli.text.Table;
import banger.wire.rpc.OperationMessages.OperationList;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.VmMessages.VmView;
import java.time.Instant;
import java.util.List;

/** What was done with one VM, as far as the daemon remembers, and how long each stage took. */
record VmTimings(VmView vm, List<OperationView> actions) {
    private static final String PREFIX = "vm.";

    /** A VM of that name that was there before has no part in it. */
    static VmTimings of(VmView vm, OperationList known) {
        Instant created = Instant.parse(vm.createdAt());
        List<OperationView> actions = known.operations().stream()
                .filter(each -> each.subject().equals(vm.name()) && each.kind().startsWith(PREFIX))
                .filter(each -> !Instant.parse(each.startedAt()).isBefore(created))
                .toList();
        return new VmTimings(vm, actions);
    }

    void print(Session session, boolean json) {
        if (json) {
            session.output().print(JsonText.array(OperationView.class, actions));
        } else if (actions.isEmpty()) {
            session.output().note("nothing was done with " + vm.name() + " since the daemon began");
            session.output().note("  try: banger daemon logs");
        } else {
            session.output().print(table());
        }
    }

    private String table() {
        Table table = new Table("ACTION", "STATE", "STAGE", ">MS");
        for (OperationView action : actions) {
            String name = action.kind().substring(PREFIX.length());
            for (StageEvent stage : action.stages()) {
                table.row(name, stage.state(), stage.stage(), Long.toString(stage.elapsedMillis()));
            }
            table.row(name, action.state(), "(all)", Long.toString(action.elapsedMillis()));
        }
        return table.render();
    }
}
