#!/bin/sh
# Makes a freshly installed Debian root into a microVM's. $1 is its folder. Run as root of a namespace by mmdebstrap.
set -eu
root=$1

# Identity: each VM gets its own, so none may be in the image.
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
rm -f "$root/etc/hostname" "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' > "$root/etc/hosts"

# Nobody logs in with a password; keys and the agent work all the same.
sed -i 's/^root:[^:]*:/root:*:/' "$root/etc/shadow"

# The agent has mounted everything before systemd starts.
: > "$root/etc/fstab"

# A locale that a login brings with it is the user's; PAM would put the one of /etc/default/locale in its place.
rm -f "$root/etc/default/locale"
printf 'export LANG="${LANG:-C.UTF-8}"\n' > "$root/etc/profile.d/banger-locale.sh"

# One network card, eth0, with the addresses that QEMU's user network has for its guest; whoever wants others replaces
# both files and runs the first again. DHCP would say the same, a second or two later.
mkdir -p "$root/etc/systemd/network" "$root/etc/banger"
ln -sf /dev/null "$root/etc/systemd/network/99-default.link"
cat > "$root/etc/banger/network" <<'EOF'
link set eth0 addrgenmode none
link set eth0 up
address replace 10.0.2.15/24 dev eth0
route replace default via 10.0.2.2 dev eth0
EOF
cat > "$root/etc/systemd/system/banger-network.service" <<'EOF'
[Unit]
Description=Network of this VM (/etc/banger/network)
DefaultDependencies=no
ConditionPathExists=/sys/class/net/eth0
Wants=network.target
Before=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/ip -batch /etc/banger/network

[Install]
WantedBy=sysinit.target
EOF
rm -f "$root/etc/resolv.conf"
printf 'nameserver 10.0.2.3\n' > "$root/etc/resolv.conf"

# sshd runs when somebody connects, and the first to do so waits for the host key where the VM was given none. Only
# Ed25519: an RSA key costs an emulated guest many seconds.
cat > "$root/etc/ssh/sshd_config.d/banger.conf" <<'EOF'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
AuthorizedKeysFile .ssh/authorized_keys /etc/banger/authorized_keys
EOF
cat > "$root/etc/systemd/system/banger-host-key.service" <<'EOF'
[Unit]
Description=SSH host key of this VM
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/ssh_host_ed25519_key
EOF
# Releases differ in which of the two the socket starts.
for unit in ssh.service ssh@.service; do
    mkdir -p "$root/etc/systemd/system/$unit.d"
    printf '[Unit]\nWants=banger-host-key.service\nAfter=banger-host-key.service\n' \
        > "$root/etc/systemd/system/$unit.d/host-key.conf"
done

# What the host hands to guests (proxies, registries, whom to trust) lies in one file, written before init starts:
# services and logins get it, as commands that banger runs do.
mkdir -p "$root/etc/systemd/system/service.d"
printf '[Service]\nEnvironmentFile=-/etc/banger/environment\n' > "$root/etc/systemd/system/service.d/banger.conf"
printf 'session optional pam_env.so envfile=/etc/banger/environment\n' >> "$root/etc/pam.d/sshd"

# The user's own systemd, once a first login has started it, stays for the next: starting it is two thirds of a login.
mkdir -p "$root/etc/systemd/logind.conf.d"
printf '[Login]\nUserStopDelaySec=infinity\n' > "$root/etc/systemd/logind.conf.d/banger.conf"

# The journal stays in memory, and boot waits for no disk.
rm -rf "$root/var/log/journal"
mkdir -p "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=32M\n' > "$root/etc/systemd/journald.conf.d/banger.conf"

# Device nodes that load their modules when they are opened; asking kmod for the list costs a third of a second.
cat > "$root/etc/tmpfiles.d/banger-nodes.conf" <<'EOF'
c! /dev/fuse 0666 - - - 10:229
d /dev/net 0755 - - -
c! /dev/net/tun 0666 - - - 10:200
c! /dev/loop-control 0660 - disk - 10:237
EOF
rm -f "$root/etc/modules-load.d/modules.conf"

# udev loads modules for devices on real buses only, not for the processor's features or the firmware's buttons: what
# needs such a module asks for it.
sed 's/^ENV{MODALIAS}==/SUBSYSTEM!="cpu|acpi|platform|input|dmi", ENV{MODALIAS}==/' "$root/lib/udev/rules.d/80-drivers.rules" \
    > "$root/etc/udev/rules.d/80-drivers.rules"

# The kernel has made the nodes of all devices that were there at boot, and the agent has loaded their drivers. What
# udev adds (links by id, further modules) comes once the boot is over; before, it would be a third of it.
rm -f "$root"/lib/systemd/system/sysinit.target.wants/systemd-udevd.service \
    "$root"/lib/systemd/system/sysinit.target.wants/systemd-udev-trigger.service
cat > "$root/etc/systemd/system/banger-coldplug.timer" <<'EOF'
[Unit]
Description=Devices of the boot, told to udev

[Timer]
OnBootSec=15s
Unit=systemd-udev-trigger.service

[Install]
WantedBy=timers.target
EOF

# Both are started when something talks to them, such as the first login.
rm -f "$root"/lib/systemd/system/multi-user.target.wants/systemd-logind.service \
    "$root"/lib/systemd/system/multi-user.target.wants/dbus.service

systemctl --quiet --root="$root" set-default multi-user.target
systemctl --quiet --root="$root" disable ssh.service getty@.service
systemctl --quiet --root="$root" enable ssh.socket banger-network.service banger-coldplug.timer

# What makes no sense in a microVM, and what would only cost boot time: the console is a log, time is the host's, the
# entropy comes from the agent, disks are neither checked nor trimmed by timers, packages are updated when the user
# says so.
systemctl --quiet --root="$root" mask \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
    getty@.service serial-getty@.service console-getty.service getty-static.service \
    kmod-static-nodes.service modprobe@.service systemd-network-generator.service \
    systemd-networkd-wait-online.service systemd-pstore.service systemd-random-seed.service \
    systemd-journal-flush.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
    systemd-machine-id-commit.service systemd-remount-fs.service \
    systemd-binfmt.service proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount \
    dev-hugepages.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount

# Apt fetches no translations, as dpkg leaves out all locales. Its settings for the installation are not the guest's, and
# neither are caches and logs. The hardware database names devices that no VM has.
printf 'Acquire::Languages "none";\n' > "$root/etc/apt/apt.conf.d/90banger"
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/usr/lib/udev/hwdb.bin" "$root/etc/udev/hwdb.bin"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/debconf/*-old "$root"/var/log/*.log "$root"/var/log/apt \
    "$root"/var/lib/dpkg/*-old
find "$root" -xdev -type d -name __pycache__ -prune -exec rm -rf {} +

# The home, which becomes the work seed.
mkdir -p -m 700 "$root/root/.ssh"

# systemd takes /usr for updated when it is newer than these, and would rebuild tables at boot.
touch "$root/etc/.updated" "$root/var/.updated"
