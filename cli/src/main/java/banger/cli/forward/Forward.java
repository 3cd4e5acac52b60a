package banger.cli.forward;

import banger.cli.session.CliFailure;

/**
 * A port of the host and the port in a VM that it stands for.
 *
 * @param bind the address to listen on, without brackets
 * @param hostPort 0: a free one
 */
public record Forward(String bind, int hostPort, int guestPort) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_PORT = 65_535;

    /** Reads {@code [ADDRESS:]HOST:GUEST} or {@code GUEST}; an IPv6 address stands in brackets. */
    public static Forward parse(String command, String word) {
        int last = word.lastIndexOf(':');
        String guest = word.substring(last + 1);
        if (last < 0) {
            int port = port(command, word, guest, 1);
            return new Forward(LOOPBACK, port, port);
        }
        String rest = word.substring(0, last);
        int split = rest.lastIndexOf(':');
        String bind = split < 0 ? LOOPBACK : rest.substring(0, split);
        if (bind.startsWith("[") && bind.endsWith("]")) {
            bind = bind.substring(1, bind.length() - 1);
        } else if (bind.indexOf(':') >= 0) {
            throw wrong(command, word, "an IPv6 address stands in brackets");
        }
        if (bind.isEmpty()) {
            throw wrong(command, word, "the address is empty");
        }
        return new Forward(bind, port(command, word, rest.substring(split + 1), 0), port(command, word, guest, 1));
    }

    private static int port(String command, String word, String text, int least) {
        if (text.length() <= 5 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int port = Integer.parseInt(text);
            if (port >= least && port <= MOST_PORT) {
                return port;
            }
        }
        throw wrong(command, word, "\"" + text + "\" is not a port from " + least + " to " + MOST_PORT);
    }

    private static CliFailure wrong(String command, String word, String problem) {
        return CliFailure.usage(command, "\"" + word + "\" is not [ADDRESS:]HOST:GUEST: " + problem);
    }
}
