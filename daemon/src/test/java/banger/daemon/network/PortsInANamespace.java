package banger.daemon.network;

import banger.daemon.os.Command;
import banger.daemon.vm.HardwareAddress;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A bridge in the network namespace that this program is started in; prints a line for each thing that it sees. */
public final class PortsInANamespace {
    /** Asks for the host's hardware address through a device, as a guest would; prints whether it is told. */
    private static final String ASK = """
            import fcntl, os, select, socket, struct, sys, time
            tap, mac, own, host = sys.argv[1:]
            mac, own, host = bytes.fromhex(mac.replace(':', '')), socket.inet_aton(own), socket.inet_aton(host)
            device = os.open('/dev/net/tun', os.O_RDWR)
            fcntl.ioctl(device, 0x400454ca, struct.pack('16sH22x', tap.encode(), 0x1002))
            question = b'\\xff' * 6 + mac + bytes.fromhex('0806' '0001080006040001') + mac + own + bytes(6) + host
            end, answered = time.time() + float(os.environ['SECONDS_TO_WAIT']), False
            while time.time() < end and not answered:
                os.write(device, question)
                while not answered and select.select([device], [], [], 0.1)[0]:
                    answered = os.read(device, 2000)[12:22] == bytes.fromhex('0806' '0001080006040002')
            print('answered' if answered else 'silent')
            """;

    private static final UUID BETA = UUID.fromString("00000000-0000-4000-8000-00000000beef");

    private PortsInANamespace() {}

    public static void main(String[] arguments) {
        var store = new MemoryNetworkStore();
        // As a daemon leaves them that dies together with its ip: named, and nothing more.
        store.addTaps(List.of("tap-pool-50"));
        ip("tuntap", "add", "dev", "tap-pool-50", "mode", "tap");
        ip("tuntap", "add", "dev", "tap-pool-51", "mode", "tap");
        var network = new BridgeNetwork(store, "banger:test", new BridgeNetwork.Settings(null, true, 0));
        network.begin(Set.of(BETA), true, bridge -> () -> {});
        System.out.println("half made: " + has("tap-pool-50"));
        System.out.println("another's: " + has("tap-pool-51"));
        String tap = network.attach(BETA, List.of()).tap();
        System.out.println("a vm's: " + ask(network, tap, 20));
        Command.of("nft", "delete", "element", "bridge", "banger0", "ports", "{ \"" + tap + "\" }")
                .succeed();
        System.out.println("nobody's: " + ask(network, tap, 1));
        network.release(BETA);
        network.close();
        ip("link", "del", "tap-pool-51");
        System.out.println("left: "
                + HostNetwork.links().stream().map(HostNetwork.Link::ifname).toList());
    }

    private static String ask(BridgeNetwork network, String tap, int seconds) {
        var place = network.place(BETA);
        return Command.of(
                        "python3",
                        "-c",
                        ASK,
                        tap,
                        HardwareAddress.of(BETA).toString(),
                        place.addresses().getFirst().getHostAddress(),
                        place.bridge().gateways().getFirst().getHostAddress())
                .with("SECONDS_TO_WAIT", Integer.toString(seconds))
                .succeed()
                .strip();
    }

    private static boolean has(String device) {
        return HostNetwork.links().stream().anyMatch(link -> link.ifname().equals(device));
    }

    private static void ip(String... words) {
        var line = new java.util.ArrayList<>(List.of("ip"));
        line.addAll(List.of(words));
        Command.of(line).succeed();
    }
}
