package banger.daemon.template;

import banger.daemon.guest.AgentException;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * What a guest does some time after its boot, done before it is frozen, so that no VM restored from it does it again; and
 * a mark on what is to be started anew in each.
 */
final class AfterBoot {
    private static final Duration BOUND = Duration.ofMinutes(2);

    /** Telling udev the devices of the boot takes seconds of an emulated CPU; images of banger's put it off by a timer. */
    private static final String SCRIPT = """
            exec >/dev/null 2>&1
            [ ! -e /etc/banger/restart-after-restore ] || cp /etc/banger/restart-after-restore /run/banger-restart
            systemctl --quiet is-active banger-coldplug.timer || exit 0
            systemctl start systemd-udev-trigger.service && udevadm settle
            """;

    private AfterBoot() {}

    /** An image without such a timer, or without a shell, has nothing to finish. */
    static void finish(AgentSession session) throws IOException {
        ExecRequest request = ExecRequest.of(false, "sh", "-c", SCRIPT);
        try (var process = GuestProcess.start(session, request, BOUND)) {
            process.waitFor(BOUND);
        } catch (AgentException e) {
            if (e.code() != AgentException.NOT_FOUND) {
                throw e;
            }
        }
    }
}
