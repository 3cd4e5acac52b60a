package banger.daemon.workspace;

import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Every file of a whole copy by its path in the guest. Paths are bytes, kept as ISO 8859-1 text.
 *
 * <p>As a file: fields ended by NULs, three to an entry: the part's number, what it is, its path.
 */
record Manifest(TreeMap<String, Item> items) {
    private static final int MAX_ITEMS = 4_000_000;

    /** One file, folder or link. @param is as host-list.sh tells it: its kind, mode, and for a file size and time */
    record Item(int part, String name, String is) {
        boolean isFolder() {
            return is.startsWith("d ");
        }

        long size() {
            return is.startsWith("f ") ? Long.parseLong(is.split(" ")[2]) : 0;
        }
    }

    static Manifest of(List<FolderPart> parts) {
        var items = new TreeMap<String, Item>();
        for (int i = 0; i < parts.size(); i++) {
            list(parts.get(i), i, items);
        }
        return new Manifest(items);
    }

    private static void list(FolderPart part, int number, TreeMap<String, Item> items) {
        var arguments = new ArrayList<>(List.of(part.folder().toString()));
        arguments.addAll(part.leftOut());
        try (PipedProgram find = PipedProgram.start(Path.of("/"), Script.HOST_LIST.argv(arguments))) {
            find.stdin().close();
            var said = new StringBuffer();
            Thread listener = HostStream.listen(find.stderr(), said);
            InputStream output = new BufferedInputStream(find.stdout(), 1 << 16);
            for (String is = field(output); is != null; is = field(output)) {
                String name = String.valueOf(field(output));
                items.put(part.prefix() + name, new Item(number, name, is));
                if (items.size() > MAX_ITEMS) {
                    throw new Problem(
                            Problem.Kind.RESOURCE_EXHAUSTED,
                            part.folder() + " has more than " + MAX_ITEMS + " files, the most that can be copied");
                }
            }
            int status = find.waitFor();
            listener.join();
            if (status != 0) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        "listing " + part.folder() + " failed: "
                                + said.toString().strip());
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "listing " + part.folder() + " failed: " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "listing " + part.folder() + " was interrupted");
        }
    }

    static Manifest read(Path file) throws IOException {
        var items = new TreeMap<String, Item>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (String part = field(in); part != null; part = field(in)) {
                String is = String.valueOf(field(in));
                String path = String.valueOf(field(in));
                items.put(path, new Item(Integer.parseInt(part), path, is));
            }
        }
        return new Manifest(items);
    }

    void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (var item : items.entrySet()) {
                String fields = item.getValue().part() + "\0" + item.getValue().is() + "\0" + item.getKey() + "\0";
                out.write(fields.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String field(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream(80);
        for (int next = in.read(); next > 0; next = in.read()) {
            bytes.write(next);
        }
        // Neither a path nor what it is can be empty, so nothing at all is the end.
        return bytes.size() == 0 ? null : bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
