package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.Methods;
import banger.wire.rpc.WorkspaceMessages.ExportReport;
import banger.wire.rpc.WorkspaceMessages.ExportWorkspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** Brings the work in a VM's workspace home. */
@CommandDefinition(
        name = "export",
        description = "Bring the work in a VM's workspace home, as a patch file or as a new branch of the host's\n"
                + "repository. Its files, its index and its other branches stay as they are.")
public final class WorkspaceExportCommand extends CliCommand {
    private static final String PATH = "vm workspace export";
    private static final int MAX_LINES = 20;

    @Option(
            name = "patch",
            description = "a new file, for git am or git apply --3way: commits, and what is not committed")
    @Nullable
    String patch;

    @Option(name = "branch", description = "a new branch, with the guest's commits")
    @Nullable
    String branch;

    @Option(
            name = "commit-changes",
            hasValue = false,
            description = "give the branch a commit of what is not committed, too; the guest stays as it is")
    boolean commitChanges;

    @Option(
            name = "keep-links",
            hasValue = false,
            description = "take symbolic links that lead out of the repository as they are")
    boolean keepLinks;

    @Option(name = "format", description = "table (the default) or json")
    @Nullable
    String format;

    @Arguments(index = "0..*", description = "a name, an id or a prefix of one")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if ((patch == null) == (branch == null) || "".equals(patch) || "".equals(branch)) {
            throw CliFailure.usage(PATH, "give either --patch FILE or --branch NAME");
        }
        String vm = OnlyWord.of(PATH, "a VM", words);
        boolean json = "json".equals(format);
        if (format != null && !json && !format.equals("table")) {
            throw CliFailure.usage(PATH, "--format takes table or json, not \"" + format + "\"");
        }
        String file = patch == null
                ? null
                : Path.of(patch).toAbsolutePath().normalize().toString();
        try (var daemon = session.connect()) {
            var operation = daemon.call(
                    Methods.WORKSPACE_EXPORT, new ExportWorkspace(vm, file, branch, commitChanges, keepLinks));
            Foreground.follow(session, daemon, operation);
            ExportReport report = daemon.call(Methods.WORKSPACE_EXPORTED, operation);
            session.output().print(json ? JsonText.object(ExportReport.class, report) : summary(report, file));
            return 0;
        }
    }

    private String summary(ExportReport report, @Nullable String file) {
        var text = new StringBuilder();
        list(text, "commits", report.commits());
        list(
                text,
                "files",
                report.files().stream().map(line -> line.replace('\t', ' ')).toList());
        if (report.squashed()) {
            text.append("a patch cannot carry merges, so the commits became one\n");
        }
        if (!report.leftOut().isEmpty()) {
            text.append("left out, as repositories of their own: ")
                    .append(String.join(", ", report.leftOut()))
                    .append('\n');
        }
        text.append(file == null ? "in branch " + branch + " at " + report.commit() : "in " + file);
        return text.append('\n').toString();
    }

    private static void list(StringBuilder text, String what, List<String> lines) {
        String counted = lines.size() == 1 ? what.substring(0, what.length() - 1) : what;
        text.append(lines.size()).append(" ").append(counted).append(":\n");
        lines.stream()
                .limit(MAX_LINES)
                .forEach(line -> text.append("  ").append(line).append('\n'));
        if (lines.size() > MAX_LINES) {
            text.append("  and ").append(lines.size() - MAX_LINES).append(" more\n");
        }
    }

    @Override
    public String synopsis() {
        return "VM (--patch FILE | --branch NAME [--commit-changes]) [--keep-links] [--format table|json]";
    }

    @Override
    public String examples() {
        return """
                banger vm workspace export beta --patch work.patch && git am work.patch
                banger vm workspace export beta --branch topic --commit-changes
                """;
    }
}
