package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.ssh.UserSshConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which ssh configuration a command is to change. */
final class SshConfigFile {
    private SshConfigFile() {}

    /** The file that was named, or {@code ~/.ssh/config}. */
    static UserSshConfig of(Session session, @Nullable String named) {
        return new UserSshConfig(
                named == null ? standard(session) : Path.of(named),
                session.places().sshConfig());
    }

    /** Says so where the file that was changed is not the one that ssh reads. */
    static void warnOfHome(Session session, @Nullable String named) {
        if (named != null) {
            return;
        }
        Path standard = standard(session);
        // Java reads the home from the user database, as ssh does, and unlike most other programs.
        Path read = Path.of(System.getProperty("user.home"), ".ssh", "config");
        if (!standard.equals(read)) {
            session.output().note("HOME is not the home of the user database, where ssh reads " + read);
            session.output().note("  try: ssh -F " + standard + " NAME.banger");
        }
    }

    private static Path standard(Session session) {
        String home = session.environment().get("HOME");
        if (home == null || !home.startsWith("/")) {
            throw new CliFailure(
                    "HOME is not set, so there is no ~/.ssh/config", "banger ssh-config install --file FILE");
        }
        return Path.of(home, ".ssh", "config");
    }
}
