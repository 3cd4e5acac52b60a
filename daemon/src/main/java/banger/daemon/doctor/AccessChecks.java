package banger.daemon.doctor;

import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.problem.Problem;
import banger.daemon.ssh.UserKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;

/** Checks of what lets the user in: the key for guests, and the group of a daemon that several users share. */
final class AccessChecks {
    private final Surroundings here;

    private AccessChecks(Surroundings here) {
        this.here = here;
    }

    static List<Check> of(Surroundings here) {
        AccessChecks checks = new AccessChecks(here);
        return List.of(new Check("ssh key", checks::sshKey), new Check("group", checks::group));
    }

    /** Reading the key makes one of banger's own where there is none, so it is looked for first. */
    private Finding sshKey() {
        UserKey key = new UserKey(here.paths().sshKey(), settings().sshKeyPath());
        if (settings().sshKeyPath() == null && !Files.exists(key.file())) {
            return Finding.ok("none yet at " + key.file() + "; it is made when it is first needed");
        }
        String type = key.publicKey().split(" ")[0];
        return Finding.ok(key.file() + ", " + type + ", its user's alone");
    }

    private Finding group() {
        Path socket = here.sharedSocket();
        if (socket == null) {
            return Finding.ok("none needed: the daemon is this user's own");
        }
        try {
            if (Files.isWritable(socket)) {
                return Finding.ok("this user may use " + socket);
            }
            Path known = Files.exists(socket) ? socket : socket.toAbsolutePath().getParent();
            String owner = Files.readAttributes(known, PosixFileAttributes.class)
                    .group()
                    .getName();
            boolean hidden = !Files.exists(socket) && !Files.isExecutable(known);
            return Files.exists(socket) || hidden
                    ? Finding.failure(
                            "this user may not use " + socket + " of the group " + owner,
                            "sudo usermod --append --groups " + owner + " " + System.getProperty("user.name", "$USER")
                                    + ", then log in again")
                    : Finding.failure("there is no " + socket, "sudo systemctl start bangerd");
        } catch (IOException e) {
            return Finding.failure("there is no " + socket, "sudo systemctl start bangerd");
        }
    }

    private Config settings() {
        try {
            return ConfigFile.load(here.paths().configFile(), here.certificates());
        } catch (Problem e) {
            // The check of config.toml says why.
            return ConfigFile.defaults(here.certificates());
        }
    }
}
