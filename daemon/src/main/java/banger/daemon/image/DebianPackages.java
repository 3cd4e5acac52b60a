package banger.daemon.image;

import java.util.List;

/** What the image debian holds beyond Debian's essential packages; their recommendations are left out. */
final class DebianPackages {
    /** The system: init, devices, users' sessions, names, network. */
    private static final List<String> SYSTEM = List.of(
            "dbus",
            "iproute2",
            "kmod",
            "libnss-myhostname",
            "libpam-systemd",
            "netbase",
            "procps",
            "systemd",
            "systemd-sysv",
            "udev");

    /** What somebody who works in a VM, or a program that does, takes for granted. */
    private static final List<String> TOOLS = List.of(
            "ca-certificates",
            "curl",
            "git",
            "less",
            "openssh-server",
            "python3",
            "rsync",
            "sudo",
            "tmux",
            "vim-tiny",
            "xz-utils");

    private DebianPackages() {}

    /** As mmdebstrap takes them: with commas between. */
    static String names() {
        return String.join(",", SYSTEM) + "," + String.join(",", TOOLS);
    }
}
