package banger.cli.command;

import banger.cli.session.CliFailure;
import java.util.List;

/** The one object that a command is about. */
final class OnlyWord {
    private OnlyWord() {}

    /** The only word. @throws CliFailure where there is none, or more than one, saying that {@code what} is expected */
    static String of(String path, String what, List<String> words) {
        if (words.size() == 1 && !words.getFirst().isEmpty()) {
            return words.getFirst();
        }
        throw CliFailure.usage(path, words.size() > 1 ? "unexpected \"" + words.get(1) + "\"" : "give " + what);
    }
}
