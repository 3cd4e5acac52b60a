package banger.cli.command;

import banger.wire.rpc.VmMessages.Publish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of {@code --publish}. */
final class PublishedPorts {
    private static final int MOST_PORT = 65_535;

    private PublishedPorts() {}

    static List<Publish> of(String path, @Nullable List<String> texts) {
        return texts == null
                ? List.of()
                : texts.stream().map(text -> of(path, text)).toList();
    }

    private static Publish of(String path, String text) {
        int last = text.lastIndexOf(':');
        int middle = text.lastIndexOf(':', last - 1);
        String address = last < 0 || middle < 0 ? "127.0.0.1" : text.substring(0, middle);
        int guest = Numbers.between(path, "--publish", text.substring(last + 1), 1, MOST_PORT);
        int host = last < 0 ? 0 : Numbers.between(path, "--publish", text.substring(middle + 1, last), 0, MOST_PORT);
        return new Publish(address, host, guest);
    }
}
