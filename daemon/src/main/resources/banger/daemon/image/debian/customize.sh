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

printf 'LANG=C.UTF-8\n' > "$root/etc/default/locale"

# One network card, eth0; addresses by DHCP, names by the resolver of QEMU's user network until somebody says otherwise.
mkdir -p "$root/etc/systemd/network"
ln -sf /dev/null "$root/etc/systemd/network/99-default.link"
cat > "$root/etc/systemd/network/80-eth0.network" <<'EOF'
[Match]
Name=eth0

[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no

[DHCPv4]
UseHostname=no
EOF
rm -f "$root/etc/resolv.conf"
printf 'nameserver 10.0.2.3\n' > "$root/etc/resolv.conf"

# sshd runs when somebody connects, and the first to do so waits for the host key where the VM was given none. Only
# Ed25519: an RSA key costs an emulated guest many seconds.
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nPasswordAuthentication no\n' > "$root/etc/ssh/sshd_config.d/banger.conf"
cat > "$root/etc/systemd/system/banger-host-key.service" <<'EOF'
[Unit]
Description=SSH host key of this VM
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/ssh_host_ed25519_key
EOF
mkdir -p "$root/etc/systemd/system/ssh@.service.d"
printf '[Unit]\nWants=banger-host-key.service\nAfter=banger-host-key.service\n' \
    > "$root/etc/systemd/system/ssh@.service.d/host-key.conf"

# Without the folder the journal stays in memory, and boot waits for no disk.
rm -rf "$root/var/log/journal"
mkdir -p "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nRuntimeMaxUse=32M\n' > "$root/etc/systemd/journald.conf.d/banger.conf"

systemctl --quiet --root="$root" set-default multi-user.target
systemctl --quiet --root="$root" disable ssh.service getty@.service
systemctl --quiet --root="$root" enable ssh.socket systemd-networkd.service

# What makes no sense in a microVM, and what would only cost boot time: the console is a log, time is the host's, the
# entropy comes from the agent, disks are neither checked nor trimmed by timers, packages are updated when the user
# says so.
systemctl --quiet --root="$root" mask \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
    getty@.service serial-getty@.service console-getty.service getty-static.service \
    systemd-networkd-wait-online.service systemd-pstore.service systemd-random-seed.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-machine-id-commit.service \
    systemd-remount-fs.service modprobe@.service \
    dev-hugepages.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount

# Apt's settings for the installation are not the guest's; neither are caches and logs. The hardware database names
# devices that no VM has.
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/usr/lib/udev/hwdb.bin" "$root/etc/udev/hwdb.bin"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/debconf/*-old "$root"/var/log/*.log "$root"/var/log/apt \
    "$root"/var/lib/dpkg/*-old
find "$root" -xdev -type d -name __pycache__ -prune -exec rm -rf {} +

# The home, which becomes the work seed.
mkdir -p -m 700 "$root/root/.ssh"

# systemd takes /usr for updated when it is newer than these, and would rebuild tables at boot.
touch "$root/etc/.updated" "$root/var/.updated"
