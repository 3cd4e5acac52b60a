package banger.daemon.vm;

import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.problem.Problem;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns a request into a VM that can be created: defaults filled in, every bound checked, nothing made yet. */
public final class NewVm {
    private static final int MAX_VCPUS = 64;
    private static final long MIB = 1L << 20;
    public static final long MIN_MEMORY_BYTES = 128 * MIB;
    public static final long MAX_MEMORY_BYTES = 1L << 40;
    public static final long MIN_DISK_BYTES = 256 * MIB;
    public static final long MAX_DISK_BYTES = 16L << 40;

    /** What a request leaves open. */
    public record Defaults(String image, int vcpus, long memoryBytes, long diskBytes, NetworkMode network) {}

    private final VmStore store;
    private final ImageStore images;
    private final Supplier<String> names;
    private final Defaults defaults;

    public NewVm(VmStore store, ImageStore images, Supplier<String> names, Defaults defaults) {
        this.store = store;
        this.images = images;
        this.names = names;
        this.defaults = defaults;
    }

    /** @throws Problem where a value is out of its range, the name is taken, or the image is unknown */
    public Vm of(VmRequest request) {
        String name = request.name() == null ? names.get() : VmName.check(request.name());
        if (store.findByName(name).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS, "there is a vm named " + name + " already", "banger vm show " + name);
        }
        var spec = new VmSpec(
                (int) inRange("vcpus", Long::toString, or(request.vcpus(), defaults.vcpus()), 1, MAX_VCPUS),
                inRange(
                                "memory",
                                ByteSize::format,
                                or(request.memoryBytes(), defaults.memoryBytes()),
                                MIN_MEMORY_BYTES,
                                MAX_MEMORY_BYTES)
                        / MIB
                        * MIB,
                inRange(
                                "disk",
                                ByteSize::format,
                                or(request.diskBytes(), defaults.diskBytes()),
                                MIN_DISK_BYTES,
                                MAX_DISK_BYTES)
                        / MIB
                        * MIB,
                network(request.network()),
                request.publish(),
                null,
                request.autostart());
        checkPorts(spec);
        Image image = image(request.image() == null ? defaults.image() : request.image());
        String machineId = UUID.randomUUID().toString().replace("-", "");
        Instant now = Instant.now();
        return new Vm(
                UUID.randomUUID(), name, image.id(), spec, VmState.CREATING, machineId, null, null, null, now, now);
    }

    private Image image(String reference) {
        if (images.list().isEmpty()) {
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "there is no image \"" + reference + "\", nor any other yet",
                    "banger image bootstrap");
        }
        return images.resolve(reference);
    }

    private static long or(@Nullable Number wanted, long otherwise) {
        return wanted == null ? otherwise : wanted.longValue();
    }

    private static long inRange(String what, LongFunction<String> text, long value, long least, long most) {
        if (value < least || value > most) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    what + " of " + text.apply(value) + " is out of range: expected " + text.apply(least) + " to "
                            + text.apply(most));
        }
        return value;
    }

    private NetworkMode network(@Nullable String wanted) {
        if (wanted == null) {
            return defaults.network();
        }
        for (NetworkMode mode : NetworkMode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(wanted)) {
                return mode;
            }
        }
        throw new Problem(
                Problem.Kind.INVALID_ARGUMENT,
                "network \"" + wanted + "\" is unknown: expected user, bridge or none",
                "--network user");
    }

    /** @throws Problem where a VM of that shape cannot publish all of them */
    public static void checkPorts(VmSpec spec) {
        if (spec.network() == NetworkMode.NONE && !spec.publish().isEmpty()) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "a vm without network cannot publish ports");
        }
        var seen = new HashSet<String>();
        for (PublishedPort port : spec.publish()) {
            if (port.hostPort() != 0 && !seen.add(port.hostAddress() + ":" + port.hostPort())) {
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT,
                        "host port " + port.hostAddress() + ":" + port.hostPort() + " is published twice");
            }
        }
    }
}
