package banger.daemon.image;

import java.util.List;
import java.util.Map;

/**
 * How VMs of an image run, beside what is on their disks.
 *
 * @param readiness conditions of the guest protocol's {@code ready}
 * @param environment what commands find in their environment
 * @param user who commands run as; empty: root
 * @param folder where commands start; empty: the user's home
 * @param entrypoint what an imported image would run, for a person; empty where it has none
 * @param ports what services of the image listen on
 */
public record GuestProfile(
        List<String> readiness,
        Map<String, String> environment,
        String user,
        String folder,
        List<String> entrypoint,
        List<Integer> ports) {
    /** Ready as soon as the agent is, and nothing else of its own. */
    public static final GuestProfile PLAIN = new GuestProfile(List.of("agent"), Map.of(), "", "", List.of(), List.of());

    public GuestProfile {
        readiness = List.copyOf(readiness);
        // The order in which they were given, which Map.copyOf loses.
        environment = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(environment));
        entrypoint = List.copyOf(entrypoint);
        ports = List.copyOf(ports);
    }

    public GuestProfile withReadiness(List<String> conditions) {
        return new GuestProfile(conditions, environment, user, folder, entrypoint, ports);
    }
}
