package banger.daemon.state;

import banger.daemon.problem.Problem;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a person types to mean one VM or image: an exact name, else an exact id, else a prefix that fits only one. */
record Reference(String kind, String text) {
    private static final int MAX_LISTED = 10;
    private static final int MAX_SHOWN = 80;

    /** Something that can be meant. */
    record Candidate(UUID id, String name) {
        private boolean fits(String prefix) {
            return name.startsWith(prefix) || id.toString().startsWith(prefix.toLowerCase(Locale.ROOT));
        }
    }

    static Candidate candidate(Row row) throws SQLException {
        UUID id = RowId.uuid(row.text("id", ""));
        return new Candidate(id, row.text("name", id.toString()));
    }

    /** @throws Problem INVALID_ARGUMENT, NOT_FOUND, or AMBIGUOUS with the names that fit */
    UUID among(List<Candidate> candidates) {
        if (text.isEmpty()) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the " + kind + " is empty: expected a name, an id, or the beginning of one",
                    listCommand());
        }
        for (Candidate candidate : candidates) {
            if (candidate.name().equals(text)) {
                return candidate.id();
            }
        }
        for (Candidate candidate : candidates) {
            if (candidate.id().toString().equalsIgnoreCase(text)) {
                return candidate.id();
            }
        }
        List<Candidate> fitting = candidates.stream().filter(c -> c.fits(text)).toList();
        return switch (fitting.size()) {
            case 0 ->
                throw new Problem(
                        Problem.Kind.NOT_FOUND,
                        "no " + kind + " has a name or id that begins with \"" + shown() + "\"",
                        listCommand());
            case 1 -> fitting.getFirst().id();
            default ->
                throw new Problem(
                        Problem.Kind.AMBIGUOUS,
                        "\"" + shown() + "\" fits " + fitting.size() + " " + kind + "s: " + names(fitting),
                        "type more of the name");
        };
    }

    private static String names(List<Candidate> candidates) {
        String listed =
                candidates.stream().limit(MAX_LISTED).map(Candidate::name).collect(Collectors.joining(", "));
        return candidates.size() > MAX_LISTED ? listed + ", …" : listed;
    }

    private String shown() {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > MAX_SHOWN ? plain.substring(0, MAX_SHOWN) + "…" : plain;
    }

    private String listCommand() {
        return "banger " + kind + " list";
    }
}
