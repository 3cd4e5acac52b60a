package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a test of the built program orders to go wrong in it: a file that says {@code fail STEP} or {@code die STEP} and is
 * taken away when that step comes, so that it goes wrong once. Only a daemon with the variable in its environment looks.
 */
public final class FaultOrder implements Consumer<FaultPoint> {
    static final String VARIABLE = "BANGER_FAULTS";

    private final Path file;
    private final Runnable death;

    private FaultOrder(Path file, Runnable death) {
        this.file = file;
        this.death = death;
    }

    /** @param death ends the process at once, with nothing cleared away */
    public static Optional<FaultOrder> of(Map<String, String> environment, Runnable death) {
        return Optional.ofNullable(environment.get(VARIABLE)).map(file -> new FaultOrder(Path.of(file), death));
    }

    @Override
    public void accept(FaultPoint point) {
        String ordered = ordered();
        if (ordered == null || !ordered.endsWith(" " + point.name())) {
            return;
        }
        try {
            Files.delete(file);
        } catch (NoSuchFileException e) {
            // Another thread has carried it out.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (ordered.startsWith("die ")) {
            death.run();
        }
        throw new Problem(Problem.Kind.FAILED, "failed at " + point + ", as a test has ordered");
    }

    private @Nullable String ordered() {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
