package banger.daemon.driver.firecracker;

import banger.daemon.os.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The VM's folder itself, for a process of the daemon's own user. */
record OpenWorkplace(UUID vm, FirecrackerFiles files) implements Workplace {
    @Override
    public void prepare() throws IOException {
        Files.createDirectories(files.runtime());
        Path link = files.folder().resolve("run");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, files.runtime());
        files.makeLogs();
    }

    @Override
    public List<String> command(FirecrackerProgram program) {
        return List.of(program.binary().toString(), "--id", vm.toString(), "--api-sock", FirecrackerFiles.API_SOCKET);
    }

    @Override
    public String show(Path file, String as, boolean readOnly) {
        return files.folder().relativize(file).toString();
    }

    @Override
    public long user() {
        return Privileges.user();
    }
}
