package banger.daemon.rpc;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.vm.Vm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a command in a guest gets where its caller says nothing: the image's user, working directory and environment,
 * below that the host's.
 */
public final class GuestDefaults {
    /** Root, in its home, with nothing but the guest's own environment. */
    static final GuestDefaults NONE = new GuestDefaults(vm -> GuestProfile.PLAIN, vm -> Map.of());

    private final Function<Vm, GuestProfile> profiles;
    private final Function<Vm, Map<String, String>> hosts;

    private GuestDefaults(Function<Vm, GuestProfile> profiles, Function<Vm, Map<String, String>> hosts) {
        this.profiles = profiles;
        this.hosts = hosts;
    }

    /** @param hosts the variables that guests get of the host */
    public static GuestDefaults of(ImageStore images, Function<Vm, Map<String, String>> hosts) {
        return new GuestDefaults(
                vm -> images.find(vm.imageId()).map(Image::profile).orElse(GuestProfile.PLAIN), hosts);
    }

    GuestProfile profile(Vm vm) {
        return profiles.apply(vm);
    }

    /** {@code NAME=value}, each name once. @param given what the caller gave, which wins */
    List<String> environment(Vm vm, GuestProfile profile, List<String> given) {
        Map<String, String> variables = new LinkedHashMap<>(hosts.apply(vm));
        variables.putAll(profile.environment());
        List<String> lines = new ArrayList<>();
        variables.forEach((name, value) -> {
            if (given.stream().noneMatch(each -> each.startsWith(name + "="))) {
                lines.add(name + "=" + value);
            }
        });
        lines.addAll(given);
        return lines;
    }
}
