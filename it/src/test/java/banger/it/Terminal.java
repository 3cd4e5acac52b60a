package banger.it;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A real terminal with a size, in which a shell command runs as if a person had typed it. */
final class Terminal implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Home home;
    private final Path server;

    private Terminal(Home home) {
        this.home = home;
        server = home.folder().resolve("t" + COUNT.incrementAndGet());
    }

    /** Opens one of that size; the screen shows {@code [exit N]} when the command has ended. */
    static Terminal run(Home home, int columns, int rows, String command) {
        var terminal = new Terminal(home);
        terminal.tmux(
                "new-session",
                "-d",
                "-x",
                "" + columns,
                "-y",
                "" + rows,
                command + "; printf '[exit %s]\\n' $?; stty -a >stty; echo settings-are-known; exec cat");
        return terminal;
    }

    Terminal type(String... keys) {
        var words = new String[keys.length + 1];
        words[0] = "send-keys";
        System.arraycopy(keys, 0, words, 1, keys.length);
        tmux(words);
        return this;
    }

    void resize(int columns, int rows) {
        tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
    }

    /** What the screen shows, with what has scrolled off. */
    String screen() {
        return tmux("capture-pane", "-p", "-S", "-");
    }

    Terminal await(String words) {
        try {
            Wait.until("\"" + words + "\" on the screen", () -> screen().contains(words));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", which shows:\n" + screen(), e);
        }
        return this;
    }

    private String tmux(String... words) {
        var all = new String[words.length + 4];
        all[0] = "-S";
        all[1] = server.toString();
        all[2] = "-f";
        all[3] = "/dev/null";
        System.arraycopy(words, 0, all, 4, words.length);
        return home.run(Path.of("/usr/bin/tmux"), all).text();
    }

    @Override
    public void close() {
        home.run(Path.of("/usr/bin/tmux"), "-S", server.toString(), "kill-server");
    }
}
