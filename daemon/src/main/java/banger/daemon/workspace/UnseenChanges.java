package banger.daemon.workspace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that were replaced by others of the same size within the second that the index knows. On the host git tells them
 * apart by their inode; in a guest, where inodes are others, nothing but the size could be seen to differ: so the index
 * that goes there has it as 0, which makes git look at the content.
 */
final class UnseenChanges {
    private UnseenChanges() {}

    /** Marks them in an index file, whose time stays. @param tree the work tree as it is */
    static void mark(Path index, GitIndex tree, int objectIdBytes) throws IOException {
        List<GitIndex.Entry> unseen = find(GitIndex.read(index, objectIdBytes), tree);
        if (unseen.isEmpty()) {
            return;
        }
        FileTime time = Files.getLastModifiedTime(index);
        byte[] bytes = Files.readAllBytes(index);
        for (GitIndex.Entry entry : unseen) {
            ByteBuffer.wrap(bytes).putInt(entry.sizeAt(), 0);
        }
        int end = bytes.length - objectIdBytes;
        System.arraycopy(checksum(bytes, end, objectIdBytes), 0, bytes, end, objectIdBytes);
        Files.write(index, bytes);
        Files.setLastModifiedTime(index, time);
    }

    private static List<GitIndex.Entry> find(GitIndex index, GitIndex tree) {
        Map<String, GitIndex.Entry> files = new HashMap<>();
        tree.files().forEach(file -> files.put(file.path(), file));
        var unseen = new ArrayList<GitIndex.Entry>();
        for (GitIndex.Entry entry : index.files()) {
            GitIndex.Entry file = files.get(entry.path());
            if (file != null
                    && !file.object().equals(entry.object())
                    && file.size() == entry.size()
                    && file.modified() == entry.modified()) {
                unseen.add(entry);
            }
        }
        return unseen;
    }

    private static byte[] checksum(byte[] bytes, int end, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance(length == 32 ? "SHA-256" : "SHA-1");
            digest.update(bytes, 0, end);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
