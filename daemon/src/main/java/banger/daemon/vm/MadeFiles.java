package banger.daemon.vm;

import banger.daemon.guest.GuestFile;
import banger.daemon.problem.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A guest's files while they are made, beside its machine's start.
 *
 * <p>Some are made in the VM's folder, so whoever may remove that folder closes this first: then nothing of it is under
 * way any more.
 */
public final class MadeFiles implements AutoCloseable {
    private final CompletableFuture<List<GuestFile>> files;

    MadeFiles(Supplier<List<GuestFile>> making) {
        files = CompletableFuture.supplyAsync(
                making, work -> Thread.ofVirtual().name("guest-files").start(work));
    }

    /** The files, waited for. @throws Problem where one could not be made */
    public List<GuestFile> get() {
        try {
            return files.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Problem problem ? problem : e;
        }
    }

    /** Waits for the end of the making, however it ends. */
    @Override
    public void close() {
        files.exceptionally(failure -> List.of()).join();
    }
}
