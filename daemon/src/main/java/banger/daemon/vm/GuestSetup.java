package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.guest.GuestFile;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Gives a guest its identity and the host's files, before its init may start. */
public final class GuestSetup {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int ENTROPY_BYTES = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Where the host's files for a guest come from; asked at each cold boot, so that guests follow the host. */
    public interface Files {
        List<GuestFile> forGuest(Vm vm);

        /** Tells the agent what no file says, before anything of the guest may run; idempotent. */
        default void tell(Vm vm, AgentSession session) throws IOException {}

        /** The VM has been deleted, its files and its record; idempotent. */
        default void forget(Vm vm) {}
    }

    private final List<Files> sources;

    public GuestSetup(Files... sources) {
        this.sources = List.of(sources);
    }

    public void forget(Vm vm) {
        sources.forEach(source -> source.forget(vm));
    }

    /** Idempotent. */
    public void run(Vm vm, AgentSession session) throws IOException {
        for (Files source : sources) {
            for (GuestFile file : source.forGuest(vm)) {
                file.put(session, BOUND);
            }
        }
        tell(vm, session);
        session.call(
                        ChannelKind.IDENTITY,
                        request -> request.string(vm.name())
                                .string(vm.machineId())
                                .u64(now())
                                .bytes(entropy()),
                        BOUND)
                .end();
        session.call(ChannelKind.BOOT, request -> {}, BOUND).end();
    }

    private void tell(Vm vm, AgentSession session) throws IOException {
        for (Files source : sources) {
            source.tell(vm, session);
        }
    }

    private static long now() {
        Instant instant = Instant.now();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    private static byte[] entropy() {
        byte[] bytes = new byte[ENTROPY_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
