package banger.daemon.build;

import banger.daemon.copy.CopyToGuest;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs steps in a guest, as root, and passes on what they say. */
final class StepRunner {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MAX_LINE = 64 << 10;

    /** A service may seed a generator of its own from randomness that a template has too. */
    private static final String ENABLE = """
            systemctl enable "$@"
            mkdir -p /etc/banger
            printf '%s\\n' "$@" >>/etc/banger/restart-after-restore
            """;

    /** With whichever package manager the guest has; what it downloaded is removed, as it would be in the layer. */
    private static final String INSTALL = """
            if command -v apt-get >/dev/null; then
                export DEBIAN_FRONTEND=noninteractive
                apt-get -q update
                # What dpkg would sync file by file is synced as a whole when the step has ended.
                apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io install "$@"
                apt-get clean
                rm -rf /var/lib/apt/lists/*
            elif command -v apk >/dev/null; then
                apk add --no-cache "$@"
            elif command -v xbps-install >/dev/null; then
                xbps-install -S -y "$@"
                rm -rf /var/cache/xbps/*
            elif command -v dnf >/dev/null; then
                dnf -y install "$@"
                dnf clean all
            else
                echo "this image has no package manager that banger knows: apt-get, apk, xbps-install or dnf" >&2
                exit 1
            fi
            """;

    private static final String NPM = """
            command -v npm >/dev/null || {
                echo "npm is not there yet: install it, or an image with it, first" >&2
                exit 1
            }
            cache=$(mktemp -d)
            # One after the other: a newer node or npm in the list serves those behind it.
            for each in "$@"; do
                echo "$each"
                hash -r
                npm install --global --no-fund --no-audit --no-update-notifier --cache "$cache" "$each"
            done
            rm -rf "$cache"
            """;

    private final String image;
    private final AgentSession session;
    private final List<String> environment;
    private final Duration bound;
    private final BuildLog log;
    private final Progress progress;

    StepRunner(
            String image,
            AgentSession session,
            Map<String, String> environment,
            Duration bound,
            BuildLog log,
            Progress progress) {
        this.image = image;
        this.session = session;
        this.environment = environment.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        this.bound = bound;
        this.log = log;
        this.progress = progress;
    }

    /** @param number such as {@code "3/5"} @throws Problem where it fails, with its last lines */
    void run(String number, Step step) throws IOException {
        switch (step) {
            case Step.Install(var packages) -> script(number, step, INSTALL, packages);
            case Step.Npm(var packages) -> script(number, step, NPM, packages);
            case Step.Run(var script) -> script(number, step, script, List.of());
            case Step.Enable(var units) -> script(number, step, ENABLE, units);
            case Step.Copy copy -> copy(number, copy);
        }
    }

    private void copy(String number, Step.Copy copy) throws IOException {
        String folder = copy.target().endsWith("/")
                ? copy.target()
                : copy.target().substring(0, copy.target().lastIndexOf('/') + 1);
        script(number, copy, "mkdir -p \"$1\"", List.of(folder));
        new CopyToGuest(copy.source().toString(), copy.target(), "")
                .run("the build of " + image, session, new Silent(progress));
    }

    private void script(String number, Step step, String script, List<String> arguments) throws IOException {
        List<String> argv = Stream.concat(Stream.of("/bin/sh", "-ec", script, "sh"), arguments.stream())
                .toList();
        var request = new ExecRequest(argv, environment, "", "", false, false, 0, 0);
        long begun = System.nanoTime();
        try (var process = GuestProcess.start(session, request, START_BOUND)) {
            Thread output = reading(process.stdout());
            Thread errors = reading(process.stderr());
            while (!process.endsWithin(LOOK)) {
                progress.checkCancelled();
                if (System.nanoTime() - begun > bound.toNanos()) {
                    throw failure(number, step, "it did not end within " + bound.toSeconds() + " s");
                }
            }
            output.join();
            errors.join();
            int status = process.waitFor(LOOK);
            if (status != 0) {
                throw failure(number, step, "exit status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "the build of " + image + " was interrupted");
        }
    }

    private Problem failure(String number, Step step, String why) {
        String said = log.lastLines();
        return new Problem(
                Problem.Kind.FAILED,
                "step " + number + " of image " + image + " (" + step.what() + ") failed: " + why
                        + (said.isEmpty() ? "" : "; its last lines:\n" + said),
                DiskFull.isSaidBy(said)
                        ? "raise build.disk in config.toml where the guest's disk was full; all it said: " + log.file()
                        : "all it said: " + log.file());
    }

    private Thread reading(InputStream in) {
        return Thread.ofVirtual().name("build-" + image).start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                var line = new StringBuilder();
                for (int next = reader.read(); next >= 0; next = reader.read()) {
                    if (next == '\n') {
                        log.line(line.toString());
                        line.setLength(0);
                    } else if (line.length() < MAX_LINE) {
                        line.append((char) next);
                    }
                }
                if (!line.isEmpty()) {
                    log.line(line.toString());
                }
            } catch (IOException e) {
                // The guest is gone, which whoever waits for the step's end learns as well.
            }
        });
    }

    /** A copy's own stages would stand between those of the build. */
    private record Silent(Progress progress) implements Progress {
        @Override
        public void stage(String name, String text) {}

        @Override
        public void progress(long done, @org.jspecify.annotations.Nullable Long total, String unit) {}

        @Override
        public boolean cancelled() {
            return progress.cancelled();
        }
    }
}
