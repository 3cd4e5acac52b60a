package banger.cli.progress;

import banger.cli.text.Age;
import banger.cli.text.Table;
import banger.wire.rpc.OperationMessages.StageEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One line on a terminal, rewritten as the stage moves and as time goes by; it is gone when closed. */
public final class LiveStages implements StageDisplay {
    private static final int TICK_MILLIS = 100;
    private static final String CLEAR_LINE = "\r\u001b[K";
    /** Nothing is known of the terminal's width here; a line that wraps could not be cleared. */
    private static final int MOST_COLUMNS = 78;

    private final OutputStream terminal;
    private @Nullable StageEvent current;
    private long shownAt;
    private @Nullable Thread ticker;
    private boolean closed;

    public LiveStages(OutputStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void show(StageEvent event) {
        current = event;
        shownAt = System.nanoTime();
        draw();
        if (ticker == null) {
            ticker = new Thread(this::tick, "stage-ticker");
            ticker.setDaemon(true);
            ticker.start();
        }
    }

    @Override
    public synchronized void output(String line) {
        write(CLEAR_LINE + Table.printable(line) + "\n");
        draw();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        write(CLEAR_LINE);
    }

    private synchronized void tick() {
        try {
            while (!closed) {
                draw();
                wait(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        StageEvent event = current;
        if (event == null || closed) {
            return;
        }
        boolean running = event.state().equals("running");
        long since = running ? (System.nanoTime() - shownAt) / 1_000_000 : 0;
        String time = "  " + Age.elapsed(event.elapsedMillis() + since);
        String text = StageText.of(event);
        int room = MOST_COLUMNS - time.length();
        write(CLEAR_LINE + (text.length() > room ? text.substring(0, room - 1) + "…" : text) + time);
    }

    private void write(String text) {
        try {
            terminal.write(text.getBytes(StandardCharsets.UTF_8));
            terminal.flush();
        } catch (IOException e) {
            // The terminal is gone; the operation goes on without an audience.
        }
    }
}
