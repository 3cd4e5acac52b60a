package banger.daemon.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Answers DNS queries: for names of VMs by itself, for all others by asking the host's name servers.
 *
 * <p>The latter for guests alone. A host that takes this server for one of its own would have it ask the host again.
 */
public final class Answers {
    /** VMs come and go. */
    private static final int SECONDS_TO_LIVE = 5;

    private static final int PLAIN_UDP_BYTES = 512;
    private static final int MOST_UDP_BYTES = 1232;
    private static final Duration UPSTREAM_BOUND = Duration.ofSeconds(3);
    private static final int MAX_UPSTREAMS = 3;
    private static final Name ZONE = Name.fromConstantString(NameServer.DOMAIN + ".");

    private final Function<String, Optional<List<InetAddress>>> addresses;
    private final Supplier<List<InetAddress>> upstreams;

    /**
     * @param addresses the addresses of the VM of a name; empty where there is no such VM
     * @param upstreams the host's name servers, the first to ask first
     */
    public Answers(Function<String, Optional<List<InetAddress>>> addresses, Supplier<List<InetAddress>> upstreams) {
        this.addresses = addresses;
        this.upstreams = upstreams;
    }

    /**
     * The answer's bytes; none to what is no query at all.
     *
     * @param asker whose query it is
     * @param most how long it may be; 0 as long as the query says that a datagram may be
     */
    byte[] to(byte[] bytes, Bridge bridge, InetAddress asker, int most) {
        Message query;
        try {
            query = new Message(bytes);
        } catch (IOException e) {
            return new byte[0];
        }
        Record question = query.getQuestion();
        if (query.getHeader().getFlag(Flags.QR) || question == null) {
            return new byte[0];
        }
        Message answer;
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            answer = reply(query, Rcode.NOTIMP);
        } else if (question.getName().subdomain(ZONE)) {
            answer = own(query, question);
        } else if (bridge.isGuest(asker)) {
            answer = asked(query, bridge);
        } else {
            answer = reply(query, Rcode.REFUSED);
        }
        return answer.toWire(most == 0 ? datagram(query) : most);
    }

    private Message own(Message query, Record question) {
        Name name = question.getName();
        Optional<List<InetAddress>> found = name.labels() == ZONE.labels() + 1
                ? addresses.apply(name.getLabelString(0).toLowerCase(Locale.ROOT))
                : Optional.empty();
        Message answer = reply(query, found.isPresent() || name.equals(ZONE) ? Rcode.NOERROR : Rcode.NXDOMAIN);
        answer.getHeader().setFlag(Flags.AA);
        for (InetAddress address : found.orElse(List.of())) {
            boolean v4 = address instanceof Inet4Address;
            int type = v4 ? Type.A : Type.AAAA;
            if (question.getType() == type || question.getType() == Type.ANY) {
                answer.addRecord(
                        v4
                                ? new ARecord(name, DClass.IN, SECONDS_TO_LIVE, address)
                                : new AAAARecord(name, DClass.IN, SECONDS_TO_LIVE, address),
                        Section.ANSWER);
            }
        }
        if (answer.getSection(Section.ANSWER).isEmpty()) {
            // So that the absence is not remembered for longer than an address would be (RFC 2308).
            answer.addRecord(
                    new SOARecord(ZONE, DClass.IN, SECONDS_TO_LIVE, ZONE, ZONE, 1, 60, 60, 60, SECONDS_TO_LIVE),
                    Section.AUTHORITY);
        }
        return answer;
    }

    private Message asked(Message query, Bridge bridge) {
        List<InetAddress> servers = upstreams.get().stream()
                // A host that asks this server for everything would be asked back.
                .filter(server -> !bridge.gateways().contains(server))
                .limit(MAX_UPSTREAMS)
                .toList();
        for (InetAddress server : servers) {
            try {
                var resolver = new SimpleResolver(new InetSocketAddress(server, SimpleResolver.DEFAULT_PORT));
                resolver.setTimeout(UPSTREAM_BOUND);
                return resolver.send(query);
            } catch (IOException e) {
                // The next one may know.
            }
        }
        return reply(query, Rcode.SERVFAIL);
    }

    private static Message reply(Message query, int code) {
        var reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.getHeader().setRcode(code);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        return reply;
    }

    private static int datagram(Message query) {
        OPTRecord options = query.getOPT();
        return options == null
                ? PLAIN_UDP_BYTES
                : Math.clamp(options.getPayloadSize(), PLAIN_UDP_BYTES, MOST_UDP_BYTES);
    }
}
