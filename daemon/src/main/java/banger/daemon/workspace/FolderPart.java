package banger.daemon.workspace;

import java.nio.file.Path;
import java.util.List;

/**
 * A host folder whose content goes below a path of the guest's copy.
 *
 * @param prefix what comes before each name in the guest, empty or ending with a slash
 * @param leftOut conditions of find(1) that keep files out
 */
record FolderPart(Path folder, String prefix, List<String> leftOut) {
    static FolderPart of(Path folder, String prefix, String... leftOut) {
        return new FolderPart(folder, prefix, List.of(leftOut));
    }

    /** Tar's option that puts the prefix before names, but not into what links point to. */
    List<String> archiveOptions() {
        return prefix.isEmpty()
                ? List.of("--no-recursion")
                : List.of("--no-recursion", "--transform=flags=rSh;s," + "^," + prefix + ",");
    }
}
