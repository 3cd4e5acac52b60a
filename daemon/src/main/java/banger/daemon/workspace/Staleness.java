package banger.daemon.workspace;

import banger.daemon.os.Command;
import banger.daemon.os.Commands;
import banger.daemon.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a host repository differs now from what was prepared of it.
 *
 * <p>One run of {@code git status} tells both HEAD's commit and the files, as it compares the work tree with the index
 * that was kept of it then.
 */
final class Staleness {
    /** How a notice begins that a further preparation would do away with. */
    static final String STALE = "stale: ";

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int SHORT_ID = 12;

    private static final String HEAD = "# branch.oid ";

    private final Workspace workspace;
    private final Path kept;

    /** @param kept the folder that {@link Source#keep} filled */
    Staleness(Workspace workspace, Path kept) {
        this.workspace = workspace;
        this.kept = kept;
    }

    /** What is out of date, in one line, or null where nothing is. Never fails: what cannot be found out is said. */
    @Nullable
    String notice() {
        if (!Files.isDirectory(workspace.hostPath())) {
            return "its host repository " + workspace.hostPath() + " is gone";
        }
        if (workspace.apart()) {
            return null;
        }
        try {
            Path tree = kept.resolve("tree");
            Commands.Result status = Files.isRegularFile(tree) ? status(tree) : status(null);
            if (status.status() != 0) {
                return "its host repository " + workspace.hostPath() + " cannot be looked at: "
                        + lastLine(status.errors());
            }
            return describe(status);
        } catch (Problem e) {
            return "its host repository " + workspace.hostPath() + " cannot be looked at: " + e.getMessage();
        }
    }

    /** @param index what the files are compared with; null: the repository's own */
    private Commands.Result status(@Nullable Path index) {
        Command command = Repository.git(
                        workspace.hostPath(),
                        "-c",
                        "core.fsmonitor=false",
                        "-c",
                        "core.untrackedCache=false",
                        "status",
                        "--porcelain=v2",
                        "--branch",
                        "--no-ahead-behind",
                        "-z",
                        "--no-renames",
                        "--untracked-files=normal",
                        "--ignore-submodules=dirty")
                .within(BOUND);
        return (index == null ? command : command.with("GIT_INDEX_FILE", index.toString())).run();
    }

    private @Nullable String describe(Commands.Result ofPrepared) {
        var parts = new ArrayList<String>();
        String head = head(ofPrepared.output());
        String commit = workspace.commit();
        boolean moved = head != null && commit != null && !head.equals(commit);
        if (moved) {
            parts.add("prepared at " + shortened(commit) + ", the host's HEAD is " + shortened(head)
                    + distance(commit, head));
        }
        // What was prepared differs from the files of a HEAD that has moved, however clean they are.
        Commands.Result status = moved ? status(null) : ofPrepared;
        int differing = differing(status.output(), moved);
        if (differing > 0) {
            parts.add("host tree dirty (" + (status.isCut() ? "more than " : "") + differing
                    + (differing == 1 ? " file differs" : " files differ") + ")");
        }
        return parts.isEmpty() ? null : STALE + String.join(", ", parts);
    }

    private static @Nullable String head(String status) {
        for (String entry : status.split("\0")) {
            if (entry.startsWith(HEAD)) {
                return entry.substring(HEAD.length());
            }
        }
        return null;
    }

    /** @param staged whether what differs from HEAD in the index alone counts too */
    private int differing(String status, boolean staged) {
        int count = 0;
        Set<String> nested = nested();
        for (String entry : status.split("\0")) {
            if (entry.startsWith("? ")) {
                count += nested.contains(entry.substring(2)) ? 0 : 1;
            } else if (entry.length() > 3 && !entry.startsWith("#") && (staged || entry.charAt(3) != '.')) {
                count++;
            }
        }
        return count;
    }

    private String distance(String commit, String head) {
        Commands.Result counted = Repository.git(
                        workspace.hostPath(), "rev-list", "--count", "--left-right", commit + "..." + head)
                .within(BOUND)
                .run();
        String[] counts = counted.output().strip().split("\t");
        if (counted.status() != 0 || counts.length != 2) {
            return " (the host has " + shortened(commit) + " no more)";
        }
        String behind = counts[1] + (counts[1].equals("1") ? " commit behind" : " commits behind");
        return " (" + behind + (counts[0].equals("0") ? ")" : ", " + counts[0] + " that HEAD does not have)");
    }

    private Set<String> nested() {
        return Snapshot.nestedIn(kept).stream()
                .map(name -> new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static String shortened(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    private static String lastLine(String text) {
        return text.lines().reduce((first, last) -> last).orElse("git said nothing");
    }
}
