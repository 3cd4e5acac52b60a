package banger.daemon.network;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.guest.GuestFile;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Tells a guest on the bridge its addresses and its name servers: the bridge has no DHCP. */
public final class BridgeGuest implements GuestSetup.Files {
    /** What is put into a guest, by paths below its root. */
    public static final List<String> FILES = List.of("etc/banger/network", "etc/resolv.conf");

    /** The only network device of a guest; the kernel's own name for it. */
    private static final String INTERFACE = "eth0";

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final BridgeNetwork network;

    public BridgeGuest(BridgeNetwork network) {
        this.network = network;
    }

    /** What the image would set up for user networking gives way to the same that the agent is told. */
    @Override
    public List<GuestFile> forGuest(Vm vm) {
        if (vm.spec().network() != NetworkMode.BRIDGE) {
            return List.of();
        }
        BridgeNetwork.Place place = network.place(vm.id());
        Bridge bridge = place.bridge();
        List<InetAddress> own = place.addresses();
        var setup = new StringBuilder("link set " + INTERFACE + " addrgenmode none\nlink set " + INTERFACE + " up\n");
        var names = new StringBuilder("search " + NameServer.DOMAIN + "\n");
        for (int i = 0; i < own.size(); i++) {
            Subnet subnet = bridge.subnets().get(i);
            String gateway = bridge.gateways().get(i).getHostAddress();
            String family = subnet.isV4() ? "" : "-6 ";
            setup.append("address replace %s/%d dev %s%s\n"
                    .formatted(own.get(i).getHostAddress(), subnet.prefix(), INTERFACE, subnet.isV4() ? "" : " nodad"));
            setup.append("%sroute replace default via %s dev %s\n".formatted(family, gateway, INTERFACE));
            names.append("nameserver ").append(gateway).append('\n');
        }
        return List.of(file("/" + FILES.getFirst(), setup), file("/" + FILES.getLast(), names));
    }

    @Override
    public void tell(Vm vm, AgentSession session) throws IOException {
        if (vm.spec().network() != NetworkMode.BRIDGE) {
            return;
        }
        BridgeNetwork.Place place = network.place(vm.id());
        Bridge bridge = place.bridge();
        List<InetAddress> own = place.addresses();
        session.call(
                        ChannelKind.NETWORK,
                        request -> {
                            request.string(INTERFACE).u32(own.size());
                            for (int i = 0; i < own.size(); i++) {
                                request.string(own.get(i).getHostAddress())
                                        .u8(bridge.subnets().get(i).prefix());
                            }
                            request.strings(bridge.gateways().stream()
                                    .map(InetAddress::getHostAddress)
                                    .toList());
                        },
                        BOUND)
                .end();
    }

    @Override
    public void forget(Vm vm) {
        network.forget(vm.id());
    }

    private static GuestFile file(String path, StringBuilder text) {
        return new GuestFile(path, 0644, "", text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
