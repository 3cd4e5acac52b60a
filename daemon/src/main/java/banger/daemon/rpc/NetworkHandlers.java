package banger.daemon.rpc;

import banger.daemon.network.Bridge;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.BridgeRequirements;
import banger.daemon.network.NameServer;
import banger.daemon.network.Subnet;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.Methods;
import banger.wire.rpc.NetworkMessages.BridgeView;
import banger.wire.rpc.NetworkMessages.GuestView;
import banger.wire.rpc.NetworkMessages.NetworkView;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Answers calls about the network of VMs. */
public final class NetworkHandlers {
    private final VmStore vms;
    private final BridgeNetwork network;

    public NetworkHandlers(VmStore vms, BridgeNetwork network) {
        this.vms = vms;
        this.network = network;
    }

    public void register(Router router) {
        router.on(Methods.NETWORK_SHOW, nothing -> view());
    }

    private NetworkView view() {
        BridgeNetwork.State state = network.state();
        return state == null ? new NetworkView(null, without()) : new NetworkView(bridge(state), null);
    }

    private static String without() {
        try {
            BridgeRequirements.check();
            return "it is made for the first vm with --network bridge";
        } catch (Problem e) {
            return e.getMessage();
        }
    }

    private BridgeView bridge(BridgeNetwork.State state) {
        Bridge bridge = state.bridge();
        Map<UUID, Vm> known = vms.list().stream().collect(Collectors.toMap(Vm::id, Function.identity()));
        List<GuestView> guests = state.leases().stream()
                .filter(lease -> known.containsKey(lease.vm()))
                .map(lease -> new GuestView(
                        known.get(lease.vm()).name(), texts(bridge.addresses(lease.number())), lease.tap()))
                .toList();
        return new BridgeView(
                bridge.name(),
                bridge.subnets().stream().map(Subnet::toString).toList(),
                texts(bridge.gateways()),
                NameServer.DOMAIN,
                state.ready(),
                state.taken(),
                guests);
    }

    static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
