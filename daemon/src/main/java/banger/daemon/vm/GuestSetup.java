package banger.daemon.vm;

import banger.daemon.guest.AgentException;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.guest.GuestFile;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Gives a guest its identity and the host's files, before anything of it may run. */
public final class GuestSetup {
    private static final Duration BOUND = Duration.ofSeconds(30);
    /** What goes with the identity in one message; more, or what belongs to a user, goes before it. */
    private static final int MAX_ADOPTED_BYTES = 32 << 10;

    private static final int ENTROPY_BYTES = 64;
    private static final String INTERFACE = "eth0";
    private static final System.Logger LOG = System.getLogger(GuestSetup.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Where the host's files for a guest come from; asked at each cold boot, so that guests follow the host. */
    public interface Files {
        List<GuestFile> forGuest(Vm vm);

        /** Those of them that another VM's guest has others for. */
        default List<GuestFile> ofItsOwn(Vm vm) {
            return forGuest(vm);
        }

        /** Tells the agent what no file says, before anything of the guest may run; idempotent. */
        default void tell(Vm vm, AgentSession session) throws IOException {}

        /** The VM has been deleted but for its record, which goes next; idempotent. */
        default void forget(Vm vm) {}
    }

    private final List<Files> sources;

    public GuestSetup(Files... sources) {
        this.sources = List.of(sources);
    }

    public void forget(Vm vm) {
        sources.forEach(source -> source.forget(vm));
    }

    /** Begins to make the files of a guest that boots, as keys take a while. */
    public MadeFiles files(Vm vm) {
        return begin(source -> source.forGuest(vm));
    }

    /** The same for a guest that was frozen and becomes that VM's. */
    public MadeFiles filesOfItsOwn(Vm vm) {
        return begin(source -> source.ofItsOwn(vm));
    }

    private MadeFiles begin(Function<Files, List<GuestFile>> of) {
        return new MadeFiles(() ->
                sources.stream().flatMap(source -> of.apply(source).stream()).toList());
    }

    /** For a guest that boots; its init starts then. Idempotent. */
    public void run(Vm vm, AgentSession session, MadeFiles files) throws IOException {
        become(vm, session, files, "", "");
        session.call(ChannelKind.BOOT, request -> {}, BOUND).end();
    }

    /** Makes a held guest, which was another VM's or nobody's, that VM's, and lets it go. */
    public void adopt(Vm vm, AgentSession session, MadeFiles files) throws IOException {
        boolean linked = vm.spec().network() != NetworkMode.NONE;
        become(vm, session, files, UUID.randomUUID().toString(), linked ? INTERFACE : "");
    }

    /** @param bootId empty: the kernel's own is right @param link whose address is not the VM's yet; empty: none */
    private void become(Vm vm, AgentSession session, MadeFiles all, String bootId, String link) throws IOException {
        var files = new ArrayList<GuestFile>();
        long bytes = 0;
        for (GuestFile file : all.get()) {
            bytes += file.content().length;
            if (file.user().isEmpty() && bytes <= MAX_ADOPTED_BYTES) {
                files.add(file);
            } else {
                put(vm, file, session);
            }
        }
        tell(vm, session);
        var reply = session.call(
                ChannelKind.ADOPT,
                request -> {
                    identity(request, vm).string(bootId).string(link);
                    request.bytes(
                            link.isEmpty()
                                    ? new byte[0]
                                    : HardwareAddress.of(vm.id()).bytes());
                    request.u32(files.size());
                    files.forEach(
                            file -> request.string(file.path()).u32(file.mode()).bytes(file.content()));
                },
                BOUND);
        if (reply.hasMore()) {
            reply.strings(files.size()).forEach(path -> leftOut(vm, path));
        }
        reply.end();
    }

    private static void put(Vm vm, GuestFile file, AgentSession session) throws IOException {
        try {
            file.put(session, BOUND);
        } catch (AgentException e) {
            if (e.code() != AgentException.BAD_DIRECTORY) {
                throw e;
            }
            leftOut(vm, file.path());
        }
    }

    /** It would get off the disk that it belongs on, and a VM without it is of use all the same. */
    private static void leftOut(Vm vm, String path) {
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} is not put into vm {1}: a link leads its folder out of /root, or something else is in its place",
                path.replaceAll("\\p{Cntrl}", "?"),
                vm.name());
    }

    /**
     * Lets a guest go on that was held while its machine ran, and so has the time: it keeps all of its identity but the
     * VM's name, and gets more randomness.
     *
     * @param changed those of its files that are others by now
     */
    public void rename(Vm vm, AgentSession session, List<GuestFile> changed) throws IOException {
        for (GuestFile file : changed) {
            file.put(session, BOUND);
        }
        goOnAs(vm.name(), 0, session);
    }

    /** Lets a guest go on that stays whose it was: with the time of now, and with randomness of its own. */
    public void goOn(AgentSession session) throws IOException {
        goOnAs("", now(), session);
    }

    /** @param name empty: that of before @param time in nanoseconds since 1970; 0: what its clock says */
    private static void goOnAs(String name, long time, AgentSession session) throws IOException {
        session.call(
                        ChannelKind.ADOPT,
                        request -> request.string(name)
                                .string("")
                                .u64(time)
                                .bytes(entropy())
                                .string("")
                                .string("")
                                .bytes(new byte[0])
                                .u32(0),
                        BOUND)
                .end();
    }

    /** The same for one whose machine is new, and the host's network around it perhaps as well. */
    public void goOnElsewhere(Vm vm, AgentSession session) throws IOException {
        tell(vm, session);
        goOn(session);
    }

    private void tell(Vm vm, AgentSession session) throws IOException {
        for (Files source : sources) {
            source.tell(vm, session);
        }
    }

    private static PayloadWriter identity(PayloadWriter request, Vm vm) {
        return request.string(vm.name()).string(vm.machineId()).u64(now()).bytes(entropy());
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
