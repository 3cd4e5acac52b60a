package banger.cli.progress;

import banger.cli.text.Age;
import banger.cli.text.ByteSize;
import banger.cli.text.Table;
import banger.wire.rpc.OperationMessages.StageEvent;

/** The words of one stage. */
final class StageText {
    private StageText() {}

    /** What is being done and how far it is, such as {@code fetch packages (12 MiB of 40 MiB)}. */
    static String of(StageEvent event) {
        return Table.printable(event.stage() + ": " + event.text()) + amount(event);
    }

    static String elapsed(StageEvent event) {
        return Age.elapsed(event.elapsedMillis());
    }

    private static String amount(StageEvent event) {
        Long done = event.done();
        Long total = event.total();
        if (done == null) {
            return "";
        }
        boolean bytes = "bytes".equals(event.unit());
        String count = bytes ? ByteSize.format(done) : done.toString();
        if (total != null) {
            count += " of " + (bytes ? ByteSize.format(total) : total.toString());
        }
        return " (" + count + (bytes || event.unit() == null ? "" : " " + event.unit()) + ")";
    }
}
