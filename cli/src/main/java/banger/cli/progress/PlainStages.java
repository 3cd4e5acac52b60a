package banger.cli.progress;

import banger.cli.session.Output;
import banger.cli.text.Table;
import banger.wire.rpc.OperationMessages.StageEvent;

/** A line when a stage begins and one when it ends, for logs and pipes. */
public final class PlainStages implements StageDisplay {
    private final Output output;
    private String announced = "";

    public PlainStages(Output output) {
        this.output = output;
    }

    @Override
    public void show(StageEvent event) {
        switch (event.state()) {
            case "done" -> output.note(StageText.of(event) + ": done in " + StageText.elapsed(event));
            case "failed" -> output.note(StageText.of(event) + ": failed after " + StageText.elapsed(event));
            default -> {
                if (!announced.equals(event.stage())) {
                    announced = event.stage();
                    output.note(StageText.of(event));
                }
            }
        }
    }

    @Override
    public void output(String line) {
        output.note(Table.printable(line));
    }
}
