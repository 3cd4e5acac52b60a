package banger.daemon.build;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Tree;
import banger.daemon.network.BridgeGuest;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.SparseCopy;
import banger.daemon.problem.Problem;
import banger.daemon.vm.NetworkMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a VM has changed, read from its root disk while the VM does not run; the disk itself is never written. */
final class RootDisk {
    private static final Duration CHECK_BOUND = Duration.ofMinutes(10);
    private static final String UPPER = "upper";

    /** What makes a VM that one and no other, or is put into it at each start: none of it may be in an image. */
    private static final List<String> NEVER_IN_AN_IMAGE = List.of(
            "etc/machine-id",
            "etc/hostname",
            "var/lib/dbus/machine-id",
            "var/lib/systemd/random-seed",
            "var/lib/systemd/credential.secret",
            "etc/banger/authorized_keys",
            "etc/banger/environment",
            "etc/apt/apt.conf.d/95banger-host");

    private static final String SSH_FOLDER = "etc/ssh";
    private static final String HOST_KEY = "ssh_host_";

    private RootDisk() {}

    /** The file system of the disk, its journal played back on a copy where it has to be. */
    static Ext4Volume open(Path disk, Path scratch, Progress progress) throws IOException {
        Ext4Volume volume = Ext4Volume.open(disk);
        if (!volume.superblock().needsRecovery()) {
            return volume;
        }
        volume.close();
        Path copy = scratch.resolve("recovered.ext4");
        SparseCopy.copy(disk, copy);
        var checked = Command.of("e2fsck", "-fy", copy.toString())
                .within(CHECK_BOUND)
                .until(progress::cancelled)
                .run();
        // 1: mended, which is what was wanted.
        if (checked.status() > 1) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the file system on " + disk + " cannot be mended: "
                            + checked.errors().strip());
        }
        return Ext4Volume.open(copy);
    }

    /** The overlay's upper side, without the VM's identity and what the host gives it. The volume must stay open. */
    static Entry changes(Ext4Volume volume, NetworkMode network) throws IOException {
        Entry upper = Tree.read(volume, UPPER)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.FAILED, volume.file() + " is no root disk: it has no folder " + UPPER));
        NEVER_IN_AN_IMAGE.forEach(upper::remove);
        HostCertificates.remove(upper);
        if (network == NetworkMode.BRIDGE) {
            // Each start puts them there; in a VM with a network of another kind they are the user's.
            BridgeGuest.FILES.forEach(upper::remove);
        }
        Entry ssh = upper.at(SSH_FOLDER);
        if (ssh != null) {
            List.copyOf(ssh.children().keySet()).stream()
                    .filter(name -> name.startsWith(HOST_KEY))
                    .forEach(ssh::remove);
        }
        return upper;
    }
}
