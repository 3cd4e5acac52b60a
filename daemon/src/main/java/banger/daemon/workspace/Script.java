package banger.daemon.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A shell script that is kept as a file beside the classes; its first lines say what it takes and leaves. */
record Script(String name, String text) {
    static final Script HOST_SNAPSHOT = read("host-snapshot");
    static final Script HOST_AGAIN = read("host-again");
    static final Script HOST_PACK = read("host-pack");
    static final Script HOST_LIST = read("host-list");
    static final Script REPLACE = read("guest-state").then("guest-replace").then("guest-trust");
    static final Script UPDATE = read("guest-state").then("guest-update").then("guest-trust");
    static final Script FETCH = read("guest-fetch");
    static final Script INSPECT = read("guest-state").then("guest-inspect");
    static final Script HOST_RECEIVE = read("host-receive");
    static final Script HOST_RETURNS = read("host-returns");
    static final Script UPLOAD = read("guest-upload");
    static final Script TREE = read("guest-tree");
    static final Script EXPORT = read("guest-export");

    private static Script read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".sh")) {
            if (in == null) {
                throw new IllegalStateException("no " + name + ".sh on the class path");
            }
            return new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Script then(String next) {
        Script other = read(next);
        return new Script(next.equals("guest-trust") ? name : next, text + other.text);
    }

    /** The command line that runs it. */
    List<String> argv(List<String> arguments) {
        var line = new ArrayList<>(List.of("sh", "-c", text, name));
        line.addAll(arguments);
        return line;
    }
}
