package banger.daemon.copy;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.List;

/**
 * Copies a file or a folder out of a guest, which is not trusted ({@link Incoming}).
 *
 * @param guestPath what to copy; {@code /.} at its end means a folder's content
 * @param hostPath where to; absolute
 * @param user whose permissions apply in the guest; empty: root
 * @param outwardLinks whether symbolic links may point outside of what is copied
 */
public record CopyFromGuest(String guestPath, String hostPath, String user, boolean outwardLinks) {
    public void run(String vm, AgentSession session, Progress progress) {
        var request = new ExecRequest(
                List.of("/bin/sh", "-c", GuestScripts.SEND, "sh", guestPath), List.of(), "", user, false, false, 0, 0);
        String what = vm + ":" + guestPath + " is not copied";
        try (var guest = GuestProcess.start(session, request, Transfer.START_BOUND);
                var transfer = new Transfer(progress, "copying " + vm + ":" + guestPath, guest, null)) {
            try {
                var incoming = new Incoming(guest.stdout(), outwardLinks, transfer);
                try (HostPlace place = incoming.unpack(hostPath, Names.inFolder(guestPath))) {
                    transfer.requireSuccess();
                    place.publish();
                }
                progress.stage("copied", transfer.summary());
            } catch (IOException e) {
                throw transfer.failure(what, e);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, what + ": " + e.getMessage(), null, e);
        }
    }
}
