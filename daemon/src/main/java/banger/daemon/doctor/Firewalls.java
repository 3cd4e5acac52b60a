package banger.daemon.doctor;

import banger.daemon.network.Bridge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who else drops what the bridge forwards: a packet must be accepted by every one. */
final class Firewalls {
    private final HostAnswers host;
    private final String bridge;
    private final boolean v6;

    Firewalls(HostAnswers host, Bridge bridge) {
        this.host = host;
        this.bridge = bridge.name();
        v6 = bridge.v6() != null;
    }

    Finding find() {
        var found = new ArrayList<String>();
        var fixes = new ArrayList<String>();
        if (lists("table", "inet", "firewalld") && !firewalldAdmits()) {
            found.add("firewalld is active, and rejects what " + bridge + " forwards unless it knows the bridge");
            fixes.add("sudo firewall-cmd --permanent --zone=trusted --change-interface=" + bridge
                    + " && sudo firewall-cmd --reload");
        }
        for (String family : v6 ? List.of("ip", "ip6") : List.of("ip")) {
            Optional<String> forward = chain(family, "FORWARD");
            if (forward.filter(text -> text.contains("policy drop")).isPresent() && !chainsAdmit(family)) {
                boolean docker = chain(family, "DOCKER-USER").isPresent();
                String program = family.equals("ip") ? "iptables" : "ip6tables";
                found.add((docker ? "docker" : program) + " drops what is forwarded"
                        + (family.equals("ip") ? "" : " in IPv6") + ", vms' packets among it");
                String insert = "sudo " + program + " -I " + (docker ? "DOCKER-USER" : "FORWARD");
                fixes.add(insert + " -i " + bridge + " -j ACCEPT && " + insert + " -o " + bridge + " -j ACCEPT");
            }
        }
        return found.isEmpty()
                ? Finding.ok("none drops what the bridge forwards")
                : Finding.warning(String.join("; ", found), String.join(" && ", fixes));
    }

    /** Interfaces of a zone whose target is ACCEPT, as the zone trusted is, forward whatever they like. */
    private boolean firewalldAdmits() {
        return host.ask("firewall-cmd", "--get-zone-of-interface=" + bridge)
                .map(String::strip)
                .filter(zone -> zone.equals("trusted")
                        || host.ask("firewall-cmd", "--permanent", "--zone=" + zone, "--get-target")
                                .filter(target -> target.strip().equals("ACCEPT"))
                                .isPresent())
                .isPresent();
    }

    /** Both directions, each by a rule that asks for nothing but the bridge. */
    private boolean chainsAdmit(String family) {
        List<String> rules = Stream.of("DOCKER-USER", "FORWARD")
                .flatMap(chain -> chain(family, chain).stream())
                .flatMap(String::lines)
                .map(String::strip)
                .toList();
        return Stream.of("iifname", "oifname").allMatch(side -> rules.stream().anyMatch(rule -> accepts(rule, side)));
    }

    private boolean accepts(String rule, String side) {
        return rule.matches(side + " \"" + bridge + "\"( counter packets \\d+ bytes \\d+)? accept( comment .*)?");
    }

    private Optional<String> chain(String family, String name) {
        return host.ask("nft", "list", "chain", family, "filter", name);
    }

    private boolean lists(String... what) {
        return host.ask(Stream.concat(Stream.of("nft", "list"), Stream.of(what)).toArray(String[]::new))
                .isPresent();
    }
}
