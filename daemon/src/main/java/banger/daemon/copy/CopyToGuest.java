package banger.daemon.copy;

import banger.daemon.archive.EntryRules;
import banger.daemon.archive.TarEntry;
import banger.daemon.archive.TarReader;
import banger.daemon.archive.TarWriter;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.operation.Progress;
import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Copies a file or a folder of the host into a guest, where it is unpacked beside its place and then moved there.
 *
 * @param hostPath what to copy, absolute; {@code /.} at its end means a folder's content
 * @param guestPath where to; relative to the user's home
 * @param user who does the work in the guest and owns what comes; empty: root
 */
public record CopyToGuest(String hostPath, String guestPath, String user) {
    private static final int BUFFER_BYTES = 65_536;
    private static final int MAX_LINE_BYTES = 16;

    public void run(String vm, AgentSession session, Progress progress) {
        Path source = Path.of(hostPath);
        boolean folder = Files.isDirectory(source);
        if (!folder && (!Files.isRegularFile(source) || hostPath.endsWith("/"))) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    Files.exists(source) ? hostPath + " is neither a file nor a folder" : "there is no " + hostPath);
        }
        String what = hostPath + " is not copied to " + vm + ":" + guestPath;
        String name = Names.inFolder(hostPath);
        var script = List.of(
                "/bin/sh",
                "-c",
                GuestScripts.RECEIVE,
                "sh",
                guestPath,
                name,
                folder ? GuestScripts.IS_FOLDER : GuestScripts.IS_FILE,
                name.isEmpty() ? "content" : "");
        var request = new ExecRequest(script, List.of(), "", user, false, true, 0, 0);
        try (var guest = GuestProcess.start(session, request, Transfer.START_BOUND);
                var transfer =
                        new Transfer(progress, "copying " + hostPath, guest, folder ? null : Files.size(source))) {
            try {
                send(source.toAbsolutePath(), folder, guest, transfer);
                progress.stage("copied", transfer.summary());
            } catch (IOException e) {
                throw transfer.failure(what, e);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, what + ": " + e.getMessage(), null, e);
        }
    }

    private static void send(Path source, boolean folder, GuestProcess guest, Transfer transfer) throws IOException {
        var form = line(guest.stdout()).equals(GuestScripts.GNU_TAR) ? TarWriter.Form.PAX : TarWriter.Form.GNU;
        Path from = folder ? source : source.getParent();
        // A link that was named is followed, those in a folder stay what they are.
        List<String> argv = folder
                ? List.of("tar", "-c", "--format=pax", "--pax-option=delete=atime,delete=ctime", "-f", "-", ".")
                : List.of("tar", "-c", "-h", "--format=pax", "-f", "-", "./" + source.getFileName());
        try (var tar = PipedProgram.start(from, argv)) {
            var said = new HostWords(tar);
            try {
                pass(
                        new TarReader(new BufferedInputStream(tar.stdout(), BUFFER_BYTES)),
                        folder,
                        new TarWriter(new BufferedOutputStream(guest.stdin(), BUFFER_BYTES), form),
                        transfer);
            } catch (IOException e) {
                throw said.or(e);
            }
            // Only now may the guest take the archive for complete.
            said.requireSuccess();
        }
        guest.stdin().close();
        transfer.requireSuccess();
    }

    private static void pass(TarReader reader, boolean folder, TarWriter writer, Transfer transfer) throws IOException {
        // Names are made plain by the same rules; what links point to is the user's business.
        var rules = EntryRules.ofHost();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            TarEntry plain = rules.judge(entry);
            writer.put(Names.under(HostPlace.NAME, plain, folder));
            reader.copyContent(writer.content(), transfer::bytes);
            transfer.entry(plain);
        }
        writer.finish();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() >= MAX_LINE_BYTES) {
                throw new IOException("the guest does not take it");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
