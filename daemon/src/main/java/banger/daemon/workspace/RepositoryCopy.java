package banger.daemon.workspace;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.operation.Progress;
import banger.daemon.os.PipedProgram;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One copy of a repository into a guest, over the agent's stream: git's own transport for the commit, tar for tracked
 * files that differ from it.
 */
final class RepositoryCopy {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration BOUND = Duration.ofMinutes(30);
    private static final int BUFFER_BYTES = 65_536;

    private static final String FETCH =
            """
            set -e
            mkdir -p -- "$1"
            cd -- "$1"
            if [ -n "$(ls -A .)" ]; then echo "$1 is not empty" >&2; exit 1; fi
            git init -q
            # git puts pipes of its own on the helper's descriptors 0 and 1.
            exec git -c protocol.version=0 fetch -q --depth=1 --no-tags fd::3,4 HEAD 3<&0 4>&1 </dev/null >&2
            """;
    private static final String CHECK_OUT =
            """
            set -e
            cd -- "$1"
            if [ -n "$2" ]; then git checkout -q -B "$2" FETCH_HEAD; else git checkout -q --detach FETCH_HEAD; fi
            """;

    private final Repository repository;
    private final AgentSession session;
    private final String guestPath;
    private final Progress progress;
    private final AtomicLong bytes = new AtomicLong();

    RepositoryCopy(Repository repository, AgentSession session, String guestPath, Progress progress) {
        this.repository = repository;
        this.session = session;
        this.guestPath = guestPath;
        this.progress = progress;
    }

    void run() {
        String branch = repository.branch() == null ? "" : repository.branch();
        progress.stage("fetch", "copying commit " + repository.commit().substring(0, 12));
        join(List.of("git", "upload-pack", repository.top().toString()), "sh", "-c", FETCH, "sh", guestPath);
        progress.stage("checkout", "checking it out in " + guestPath);
        join(List.of("true"), "sh", "-c", CHECK_OUT, "sh", guestPath, branch);
        progress.stage("changes", "copying what is modified");
        // Null-separated lists on both sides: a file's name may hold anything else.
        hostShell("git diff --name-only -z --no-renames --diff-filter=d HEAD | tar -cf - --null -T -",
                "tar", "-xf", "-", "-C", guestPath);
        hostShell("git diff --name-only -z --no-renames --diff-filter=D HEAD",
                "sh", "-c", "cd -- \"$1\" && xargs -0 -r rm -f --", "sh", guestPath);
    }

    private void hostShell(String script, String... guest) {
        join(List.of("sh", "-c", "set -e; cd -- \"$1\"; " + script, "sh", repository.top().toString()), guest);
    }

    /** Runs one program on each side with their standard streams joined both ways; both must succeed. */
    private void join(List<String> host, String... guest) {
        try (PipedProgram local = PipedProgram.start(Path.of("/"), host);
                GuestProcess remote = GuestProcess.start(session, ExecRequest.of(true, guest), START_BOUND)) {
            var said = new StringBuffer();
            var movers = new ArrayList<Thread>();
            movers.add(mover("to-guest", local.stdout(), remote.stdin(), bytes));
            movers.add(mover("to-host", remote.stdout(), local.stdin(), bytes));
            movers.add(listener("guest-stderr", remote.stderr(), said));
            movers.add(listener("host-stderr", local.stderr(), said));
            int status = remote.waitFor(BOUND);
            for (Thread mover : movers) {
                mover.join();
            }
            int localStatus = local.waitFor();
            if (status != 0 || localStatus != 0) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        "copying " + repository.top() + " to " + guestPath + " failed: " + said.toString().strip());
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "copying " + repository.top() + " failed: " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "the copy was interrupted");
        }
    }

    private Thread mover(String name, InputStream from, OutputStream to, AtomicLong count) {
        return Thread.ofVirtual().name(name).start(() -> {
            try (from; to) {
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    to.write(buffer, 0, read);
                    to.flush();
                    progress.progress(count.addAndGet(read), null, "bytes");
                }
            } catch (IOException e) {
                // The other side has ended; its status tells why.
            }
        });
    }

    private static Thread listener(String name, InputStream from, StringBuffer said) {
        return Thread.ofVirtual().name(name).start(() -> {
            try (from) {
                said.append(new String(from.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                said.append(e.getMessage());
            }
        });
    }
}
