package banger.daemon.rootfs;

import banger.daemon.archive.Decompression;
import banger.daemon.operation.Progress;
import banger.daemon.os.OwnedTree;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks layers one over the other into a folder, with the owners, modes, links and attributes that they name.
 *
 * <p>Archives are read and judged here; what is left is written as an archive of our own to a tar that runs as root of a
 * namespace, as only such a one may give files to others. A layer over others is read twice: what it removes must be
 * gone before its files come.
 */
public final class Rootfs {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final RootNamespace namespace;
    private final Progress progress;
    private final Budget budget;
    private final FileTree tree = new FileTree();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int layers;

    /** @param folder empty, the caller's */
    public Rootfs(Path folder, RootNamespace namespace, ImportLimits limits, Progress progress) {
        this.folder = folder;
        this.namespace = namespace;
        this.progress = progress;
        budget = new Budget(limits);
    }

    /** Unpacks the next layer. @throws Problem that names the layer and the entry; the folder is of no use then */
    public void add(StoredLayer layer) throws IOException {
        int number = layers++;
        try {
            if (number == 0) {
                LayerPlan plan = new LayerPlan(tree, number, layer.name(), budget);
                unpack(layer, entry -> plan.place(entry), true);
            } else {
                addOver(layer, number);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED, layer.name() + " cannot be unpacked: " + Decompression.fault(e), null, e);
        }
    }

    private void addOver(StoredLayer layer, int number) throws IOException {
        LayerPlan plan = new LayerPlan(tree, number, layer.name(), budget);
        List<LayerPlan.@Nullable Placed> placed = new ArrayList<>();
        read(layer, true, (entry, content) -> placed.add(plan.place(entry)));
        OwnedTree.remove(namespace, folder, plan.removals(), progress::cancelled);
        var next = placed.iterator();
        unpack(layer, entry -> next.next(), false);
    }

    private interface Placing {
        LayerPlan.@Nullable Placed place(LayerEntry entry);
    }

    private interface Taker {
        void take(LayerEntry entry, InputStream content) throws IOException;
    }

    private void unpack(StoredLayer layer, Placing placing, boolean check) throws IOException {
        try (OwnedTree.Unpacking unpacking = OwnedTree.unpack(namespace, folder)) {
            try (RootfsTar out = new RootfsTar(unpacking.archive())) {
                read(layer, check, (entry, content) -> {
                    LayerPlan.Placed placed = placing.place(entry);
                    if (placed != null) {
                        for (String missing : placed.missingFolders()) {
                            out.folder(missing);
                        }
                        out.entry(entry, placed, content, buffer);
                    }
                });
                out.finish();
            } catch (OwnedTree.Stopped e) {
                // tar said why it has given up; the broken pipe only follows from that.
                unpacking.failure().ifPresent(said -> {
                    throw said;
                });
                throw e;
            }
            unpacking.await(progress::cancelled);
        }
    }

    private void read(StoredLayer layer, boolean check, Taker taker) throws IOException {
        MessageDigest digest = Sha256.digest();
        long[] count = {0};
        InputStream stored = new Counted(layer.opener().open(), count);
        try (LayerReader reader = new LayerReader(check ? new DigestInputStream(stored, digest) : stored)) {
            LayerEntry entry;
            while ((entry = reader.next()) != null) {
                progress.checkCancelled();
                taker.take(entry, reader.content());
                progress.progress(count[0], layer.bytes(), "bytes");
            }
            reader.drain();
            if (reader.isEmpty() && layers == 1) {
                throw new IOException("it is no tar archive, or an empty one");
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (check && layer.sha256() != null && !layer.sha256().equals(found)) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    layer.name() + " is damaged: its digest is sha256:" + found + ", expected sha256:"
                            + layer.sha256());
        }
    }

    private static final class Counted extends FilterInputStream {
        private final long[] count;

        Counted(InputStream in, long[] count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count[0] += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count[0] += Math.max(read, 0);
            return read;
        }
    }
}
