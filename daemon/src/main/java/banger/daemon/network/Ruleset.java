package banger.daemon.network;

import banger.daemon.vm.HardwareAddress;
import banger.daemon.vm.PublishedPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The packet filter of a bridge in nft's language: two tables of the bridge's name, whose chains never change, and sets
 * in them that say what each VM may send and what is published of it.
 *
 * <p>There are two, as no family sees it all: only {@code bridge} sees ARP and which port a frame came in by, only
 * {@code inet} translates addresses. One transaction writes both.
 *
 * @param owner the mark of banger's that the tables carry
 */
record Ruleset(Bridge bridge, String owner, boolean guestsReachEachOther) {
    /** Everything anew, in place of whatever is there. */
    String whole(Collection<Lease> attached) {
        var text = new StringBuilder(removal()).append(frames()).append(packets());
        attached.forEach(lease -> text.append(entries("add", lease)));
        return text.toString();
    }

    /** Both tables gone, whether or not they are there: deleting fails where there is none, so they are made first. */
    String removal() {
        return "table bridge %1$s\ndelete table bridge %1$s\ntable inet %1$s\ndelete table inet %1$s\n"
                .formatted(bridge.name());
    }

    String attach(Lease lease) {
        return entries("add", lease);
    }

    /** As with {@link #removal}, whether or not they are there. */
    String detach(Lease lease) {
        return entries("add", lease) + entries("delete", lease);
    }

    /** Only a guest's own hardware address and its own addresses get beyond its port; nothing does of a port without. */
    private String frames() {
        return """
                table bridge %1$s {
                    comment "%2$s"
                    set ports { type ifname; }
                    set sources4 { type ifname . ether_addr . ipv4_addr; }
                    set sources6 { type ifname . ether_addr . ipv6_addr; }
                    set neighbours { typeof iifname . ether saddr . @th,64,128; }
                    chain guard {
                        type filter hook prerouting priority -300; policy accept;
                        iifgroup %4$d iifname != @ports drop
                        iifname != @ports accept
                        ether type arp iifname . ether saddr . arp saddr ip @sources4 \
                iifname . arp saddr ether . arp saddr ip @sources4 accept
                        ether type ip iifname . ether saddr . ip saddr @sources4 accept
                        icmpv6 type { nd-router-advert, nd-redirect } drop
                        icmpv6 type nd-neighbor-advert iifname . ether saddr . @th,64,128 != @neighbours drop
                        ether type ip6 iifname . ether saddr . ip6 saddr @sources6 accept
                        drop
                    }
                    chain between {
                        type filter hook forward priority 0; policy accept;
                        iifname @ports oifname @ports %3$s
                    }
                }
                """.formatted(bridge.name(), owner, verdict(), PortGroup.of(owner));
    }

    private String packets() {
        String gateways = "";
        String masquerade = "";
        for (InetAddress gateway : bridge.gateways()) {
            gateways += "%s daddr %s meta l4proto { tcp, udp } th dport 53 accept\n        "
                    .formatted(family(gateway), gateway.getHostAddress());
        }
        for (Subnet subnet : bridge.subnets()) {
            masquerade += "%s saddr %s oifname != \"%s\" masquerade\n        "
                    .formatted(family(subnet.first()), subnet, bridge.name());
        }
        return """
                table inet %1$s {
                    comment "%2$s"
                    map published { type ipv4_addr . inet_service : ipv4_addr . inet_service; }
                    map published_anywhere { type inet_service : ipv4_addr . inet_service; }
                    chain loopback {
                        type filter hook prerouting priority raw; policy accept;
                        iifname "%1$s" ip daddr 127.0.0.0/8 drop
                    }
                    chain to_host {
                        type filter hook input priority filter; policy accept;
                        iifname != "%1$s" accept
                        ct state established,related accept
                        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                        %3$sreject with icmpx admin-prohibited
                    }
                    chain through {
                        type filter hook forward priority filter; policy accept;
                        iifname "%1$s" oifname "%1$s" %5$s
                        iifname "%1$s" accept
                        oifname "%1$s" ct state established,related accept
                        oifname "%1$s" ct status dnat accept
                        oifname "%1$s" drop
                    }
                    chain publish {
                        type nat hook prerouting priority dstnat; policy accept;
                        iifname "%1$s" accept
                        dnat ip to ip daddr . tcp dport map @published
                        fib daddr type local dnat ip to tcp dport map @published_anywhere
                    }
                    chain publish_to_host {
                        type nat hook output priority -100; policy accept;
                        dnat ip to ip daddr . tcp dport map @published
                        fib daddr type local dnat ip to tcp dport map @published_anywhere
                    }
                    chain outside {
                        type nat hook postrouting priority srcnat; policy accept;
                        %4$soifname "%1$s" ip saddr 127.0.0.0/8 masquerade
                    }
                }
                """.formatted(bridge.name(), owner, gateways, masquerade, verdict());
    }

    private String verdict() {
        return guestsReachEachOther ? "accept" : "drop";
    }

    private String entries(String verb, Lease lease) {
        String tap = Objects.requireNonNull(lease.tap());
        String port = "\"" + tap + "\" . " + HardwareAddress.of(lease.vm());
        List<String> lines = new ArrayList<>();
        lines.add("bridge %s ports { \"%s\" }".formatted(bridge.name(), tap));
        for (InetAddress address : bridge.addresses(lease.number())) {
            boolean v6 = address instanceof Inet6Address;
            String text = address.getHostAddress();
            lines.add("bridge %s %s { %s . %s }".formatted(bridge.name(), v6 ? "sources6" : "sources4", port, text));
            if (v6) {
                String number = HexFormat.of().formatHex(address.getAddress());
                lines.add("bridge %s neighbours { %s . 0x%s }".formatted(bridge.name(), port, number));
            }
        }
        String guest = bridge.v4().address(lease.number()).getHostAddress();
        for (PublishedPort each : lease.ports()) {
            boolean anywhere = each.hostAddress().equals("0.0.0.0");
            String key = anywhere ? "" + each.hostPort() : each.hostAddress() + " . " + each.hostPort();
            lines.add("inet %s %s { %s : %s . %d }"
                    .formatted(
                            bridge.name(),
                            anywhere ? "published_anywhere" : "published",
                            key,
                            guest,
                            each.guestPort()));
        }
        var text = new StringBuilder();
        lines.forEach(line -> text.append(verb).append(" element ").append(line).append('\n'));
        return text.toString();
    }

    private static String family(InetAddress address) {
        return address instanceof Inet6Address ? "ip6" : "ip";
    }
}
