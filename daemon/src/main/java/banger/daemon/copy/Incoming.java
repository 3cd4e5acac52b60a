package banger.daemon.copy;

import banger.daemon.archive.ArchiveException;
import banger.daemon.archive.EntryRules;
import banger.daemon.archive.TarEntry;
import banger.daemon.archive.TarReader;
import banger.daemon.archive.TarWriter;
import banger.daemon.os.PipedProgram;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/**
 * What a guest sends, on its way to a place on the host: a line that says whether it is a folder's content or one file,
 * and an archive. The archive is taken apart and judged, and the host's tar unpacks another one, written from that.
 */
final class Incoming {
    /** What a full disk needs to stay usable. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final int BUFFER_BYTES = 65_536;

    private final InputStream in;
    private final Counter counter;
    private final boolean outwardLinks;

    /** @param outwardLinks whether symbolic links may point outside of what is copied */
    Incoming(InputStream in, boolean outwardLinks, Counter counter) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.outwardLinks = outwardLinks;
        this.counter = counter;
    }

    /**
     * Unpacks all of it beside the place, for the caller to publish or, in any case, to close.
     *
     * @param hostPath the destination, as a person wrote it
     * @param name what the copy is called inside of a folder that exists
     * @throws ArchiveException where an entry is refused; then nothing is left
     */
    HostPlace unpack(String hostPath, String name) throws IOException {
        boolean folder = switch (kind()) {
            case GuestScripts.IS_FOLDER -> true;
            case GuestScripts.IS_FILE -> false;
            default -> throw new IOException("the guest does not say what it sends");
        };
        HostPlace place = HostPlace.of(hostPath, name, folder);
        try {
            unpack(place, folder);
            return place;
        } catch (IOException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private void unpack(HostPlace place, boolean folder) throws IOException {
        try (var tar = PipedProgram.start(
                place.aside(), List.of("tar", "-x", "-p", "--no-same-owner", "--delay-directory-restore", "-f", "-"))) {
            var said = new HostWords(tar);
            try {
                pass(
                        place,
                        folder,
                        new TarWriter(new BufferedOutputStream(tar.stdin(), BUFFER_BYTES), TarWriter.Form.PAX));
                tar.stdin().close();
            } catch (ArchiveException e) {
                throw e;
            } catch (IOException e) {
                throw said.or(e);
            }
            said.requireSuccess();
        }
    }

    private void pass(HostPlace place, boolean folder, TarWriter writer) throws IOException {
        long room = Files.getFileStore(place.aside()).getUsableSpace() - RESERVE_BYTES;
        EntryRules rules = EntryRules.ofGuest(outwardLinks, room);
        TarReader reader = new TarReader(in);
        int entries = 0;
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            TarEntry judged = rules.judge(entry);
            if (!folder && (entries > 0 || judged.kind() != TarEntry.Kind.FILE)) {
                throw ArchiveException.refused(entry.name(), "one file was asked for");
            }
            if (folder) {
                place.requireFits(judged);
            }
            writer.put(Names.under(HostPlace.NAME, judged, folder));
            reader.copyContent(writer.content(), counter::bytes);
            counter.entry(judged);
            entries++;
        }
        if (entries == 0) {
            throw new ArchiveException("the archive is empty");
        }
        writer.finish();
    }

    private String kind() throws IOException {
        byte[] line = in.readNBytes(2);
        return line.length == 2 && line[1] == '\n' ? new String(line, 0, 1, StandardCharsets.US_ASCII) : "";
    }
}
