package banger.daemon.copy;

import banger.daemon.archive.ArchiveException;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Copies a file or a folder out of a guest, which is not trusted: its archive is taken apart and judged entry by entry,
 * and the host's tar unpacks another one that is written from what was judged.
 *
 * @param guestPath what to copy; {@code /.} at its end means a folder's content
 * @param hostPath where to; absolute
 * @param user whose permissions apply in the guest; empty: root
 * @param outwardLinks whether symbolic links may point outside of what is copied
 */
public record CopyFromGuest(String guestPath, String hostPath, String user, boolean outwardLinks) {
    /** What a full disk needs to stay usable. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final int BUFFER_BYTES = 65_536;

    public void run(String vm, AgentSession session, Progress progress) {
        progress.stage("copy", "copying " + vm + ":" + guestPath);
        var request = new ExecRequest(
                List.of("/bin/sh", "-c", GuestScripts.SEND, "sh", guestPath), List.of(), "", user, false, false, 0, 0);
        String what = vm + ":" + guestPath + " is not copied";
        try (var guest = GuestProcess.start(session, request, Transfer.START_BOUND);
                var transfer = new Transfer(progress, guest, null)) {
            try {
                receive(new BufferedInputStream(guest.stdout(), BUFFER_BYTES), transfer);
                progress.stage("copied", transfer.summary());
            } catch (IOException e) {
                throw transfer.failure(what, e);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, what + ": " + e.getMessage(), null, e);
        }
    }

    private void receive(InputStream archive, Transfer transfer) throws IOException {
        boolean folder =
                switch (line(archive)) {
                    case GuestScripts.IS_FOLDER -> true;
                    case GuestScripts.IS_FILE -> false;
                    default -> throw new IOException("the guest does not say what it sends");
                };
        try (var place = HostPlace.of(hostPath, Names.inFolder(guestPath), folder)) {
            long room = Files.getFileStore(place.aside()).getUsableSpace() - RESERVE_BYTES;
            unpack(new TarReader(archive), EntryRules.ofGuest(outwardLinks, room), folder, place, transfer);
            transfer.requireSuccess();
            place.publish();
        }
    }

    private void unpack(TarReader reader, EntryRules rules, boolean folder, HostPlace place, Transfer transfer)
            throws IOException {
        try (var tar = PipedProgram.start(
                place.aside(), List.of("tar", "-x", "-p", "--no-same-owner", "--delay-directory-restore", "-f", "-"))) {
            var said = new HostWords(tar);
            try {
                var writer = new TarWriter(new BufferedOutputStream(tar.stdin(), BUFFER_BYTES), TarWriter.Form.PAX);
                int entries = 0;
                for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
                    TarEntry judged = rules.judge(entry);
                    if (!folder && (entries > 0 || judged.kind() != TarEntry.Kind.FILE)) {
                        throw ArchiveException.refused(entry.name(), "one file was asked for");
                    }
                    place.requireFits(judged);
                    writer.put(Names.under(HostPlace.NAME, judged, folder));
                    reader.copyContent(writer.content(), transfer.counter());
                    transfer.entry(judged);
                    entries++;
                }
                if (entries == 0) {
                    throw new ArchiveException("the archive is empty");
                }
                writer.finish();
                tar.stdin().close();
            } catch (ArchiveException e) {
                throw e;
            } catch (IOException e) {
                throw said.or(e);
            }
            said.requireSuccess();
        }
    }

    private static String line(InputStream in) throws IOException {
        byte[] line = in.readNBytes(2);
        return line.length == 2 && line[1] == '\n' ? new String(line, 0, 1, StandardCharsets.US_ASCII) : "";
    }
}
