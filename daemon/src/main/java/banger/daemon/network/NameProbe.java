package banger.daemon.network;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks a name server of the bridge whether it is banger's. */
public final class NameProbe {
    private static final Duration BOUND = Duration.ofSeconds(2);

    private NameProbe() {}

    /** Why it does not answer for VMs; empty where it does. */
    public static Optional<String> failure(InetAddress server) {
        try {
            var resolver = new SimpleResolver(server);
            resolver.setTimeout(BOUND);
            Record question = Record.newRecord(Name.fromConstantString(NameServer.DOMAIN + "."), Type.SOA, DClass.IN);
            int code = resolver.send(Message.newQuery(question)).getRcode();
            return code == Rcode.NOERROR ? Optional.empty() : Optional.of("it says " + Rcode.string(code));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
