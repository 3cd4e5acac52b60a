package banger.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a shell may offer in one place of a command line, besides options. */
sealed interface CompletionWords {
    /** Nothing of ours: the shell offers files. */
    record None() implements CompletionWords {}

    /** @param text the words, with spaces between them */
    record Fixed(String text) implements CompletionWords {}

    /** @param kind what {@link NamesCommand} prints the names of */
    record Names(String kind) implements CompletionWords {}

    /** The values of options that have the same meaning wherever they are taken. */
    Map<String, CompletionWords> OF_OPTIONS = ofOptions();

    /** The objects of a command. */
    static CompletionWords ofPath(String path) {
        return switch (path) {
            case "vm create", "vm run", "vm list" -> new None();
            case "image commit" -> new Names("vm");
            case "image show",
                    "image history",
                    "image diff",
                    "image bootstrap",
                    "image delete",
                    "image warm",
                    "image push",
                    "image promote" -> new Names("image");
            case "kernel show", "kernel default", "kernel delete" -> new Names("kernel");
            case "template delete" -> new Names("template");
            case "operation watch", "operation cancel" -> new Names("operation");
            case "completion" -> new Fixed("bash zsh fish");
            default -> path.startsWith("vm ") ? new Names("vm") : new None();
        };
    }

    private static Map<String, CompletionWords> ofOptions() {
        Map<String, CompletionWords> words = new LinkedHashMap<>();
        words.put("--format", new Fixed("table json"));
        words.put("--network", new Fixed("user bridge none"));
        words.put("--image", new Names("image"));
        words.put("--kernel", new Names("kernel"));
        return words;
    }
}
