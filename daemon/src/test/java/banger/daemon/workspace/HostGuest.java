package banger.daemon.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A guest that is only a folder of this host: the same scripts run here, with a home and a PATH of their own. */
final class HostGuest implements Guest {
    private final Path home;
    /** Programs put here stand before the host's. */
    final Path programs;

    final List<String> started = new ArrayList<>();

    HostGuest(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("root"));
        programs = Files.createDirectories(folder.resolve("bin"));
    }

    /** A path inside the guest. */
    String path(String name) {
        return home.resolve(name).toString();
    }

    @Override
    public String name() {
        return "vm test";
    }

    @Override
    public boolean isEnding() {
        return false;
    }

    @Override
    public Program start(List<String> argv) throws IOException {
        started.add(argv.get(Math.min(3, argv.size() - 1)));
        var builder = new ProcessBuilder(argv).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new HostProgram(builder.start());
    }

    private record HostProgram(Process process) implements Program {
        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public int waitFor(Duration bound) throws IOException {
            try {
                if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("no end within " + bound);
                }
                return process.exitValue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
