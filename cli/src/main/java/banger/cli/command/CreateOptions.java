package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.text.ByteSize;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmView;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** What a new VM is to be like. */
public final class CreateOptions {
    private static final List<String> NETWORKS = List.of("user", "bridge", "none");
    private static final int MOST_VCPUS = 256;
    private static final int MOST_NAME_CHARACTERS = 63;

    @Option(name = "name", description = "its name (made up where none is given)")
    @Nullable
    String name;

    @Option(name = "image", description = "the image to boot")
    @Nullable
    String image;

    @Option(name = "vcpu", description = "virtual CPUs")
    @Nullable
    String vcpu;

    @Option(name = "memory", description = "memory, such as 512M or 1G")
    @Nullable
    String memory;

    @Option(name = "disk", description = "size of the work disk, such as 8G")
    @Nullable
    String disk;

    @Option(name = "network", description = "user, bridge or none")
    @Nullable
    String network;

    @Option(name = "cold", hasValue = false, description = "boot it, even where a template could be restored")
    boolean cold;

    @Option(name = "wait", hasValue = false, description = "return when the guest's init has finished its start")
    boolean untilBooted;

    @Option(name = "autostart", hasValue = false, description = "start it again after each reboot of the host")
    boolean autostart;

    // AEsh splits values at the separator, and no argument can hold a NUL.
    @OptionList(
            name = "publish",
            shortName = 'p',
            valueSeparator = '\0',
            description = "HOST:GUEST, [ADDRESS:]HOST:GUEST or GUEST port; may be given several times")
    @Nullable
    List<String> publish;

    CreateVm request(String path) {
        String mode = network;
        if (mode != null && !NETWORKS.contains(mode)) {
            throw CliFailure.usage(path, "--network is user, bridge or none, not \"" + mode + "\"");
        }
        return new CreateVm(
                validName(path),
                image,
                vcpus(path),
                size(path, "--memory", memory),
                size(path, "--disk", disk),
                mode,
                PublishedPorts.of(path, publish),
                cold ? true : null,
                autostart ? true : null,
                untilBooted ? true : null);
    }

    /** The options of a request that an existing VM does not answer to. */
    static List<String> notOf(VmView existing, CreateVm request) {
        List<String> names = new ArrayList<>();
        addIfOther(names, "--image", request.image(), existing.image());
        addIfOther(names, "--vcpu", request.vcpus(), existing.vcpus());
        addIfOther(names, "--memory", request.memoryBytes(), existing.memoryBytes());
        addIfOther(names, "--disk", request.diskBytes(), existing.diskBytes());
        addIfOther(names, "--network", request.network(), existing.network());
        addIfOther(names, "--autostart", request.autostart(), existing.autostart());
        List<Publish> ports = request.publish() == null ? List.of() : request.publish();
        if (!ports.stream().allMatch(port -> existing.publish().stream().anyMatch(each -> answers(each, port)))) {
            names.add("--publish");
        }
        return names;
    }

    private static boolean answers(Publish existing, Publish asked) {
        return existing.guestPort() == asked.guestPort()
                && (asked.hostPort() == 0 || existing.hostPort() == asked.hostPort());
    }

    private static void addIfOther(List<String> names, String option, @Nullable Object asked, Object found) {
        if (asked != null && !asked.equals(found)) {
            names.add(option);
        }
    }

    private @Nullable String validName(String path) {
        String wanted = name;
        if (wanted == null) {
            return null;
        }
        boolean valid = !wanted.isEmpty() && wanted.length() <= MOST_NAME_CHARACTERS;
        for (int i = 0; i < wanted.length() && valid; i++) {
            char c = wanted.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            boolean inside = i > 0 && i < wanted.length() - 1;
            valid = letterOrDigit || c == '-' && inside;
        }
        if (!valid) {
            throw CliFailure.usage(
                    path,
                    "--name takes 1 to " + MOST_NAME_CHARACTERS + " of a-z, 0-9 and inner dashes, not \"" + wanted
                            + "\"");
        }
        return wanted;
    }

    private @Nullable Integer vcpus(String path) {
        return vcpu == null ? null : Numbers.between(path, "--vcpu", vcpu, 1, MOST_VCPUS);
    }

    private static @Nullable Long size(String path, String option, @Nullable String text) {
        try {
            return text == null ? null : ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage(path, option + ": " + e.getMessage());
        }
    }
}
