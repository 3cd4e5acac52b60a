package banger.daemon.files;

import banger.daemon.image.ImageInventory;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders of VMs as they are on disk, whatever the records say. */
public record VmFolders(HostPaths paths, VmStore store) implements ImageInventory.Vms {
    /**
     * Whether there is a folder of a VM that no record knows. A VM is recorded before it has one and until it has none,
     * so then the records are not those that the folder was made with: they were lost, or are a copy from before.
     */
    @Override
    public boolean anyUnrecorded() {
        try (Stream<Path> folders = Files.list(paths.vm(""))) {
            Set<String> recorded =
                    store.list().stream().map(Vm::id).map(Object::toString).collect(Collectors.toSet());
            return folders.anyMatch(
                    folder -> !recorded.contains(folder.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // What cannot be told is taken for the case in which nothing is removed.
            return true;
        }
    }

    @Override
    public Set<String> chosenKernels() {
        return store.list().stream()
                .map(vm -> vm.spec().kernel())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
