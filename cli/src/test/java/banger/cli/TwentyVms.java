package banger.cli;

import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmList;
import banger.wire.rpc.VmMessages.VmView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A daemon that lists twenty VMs, to measure the CLI's start against. */
public final class TwentyVms {
    private TwentyVms() {}

    public static void main(String[] arguments) throws Exception {
        List<VmView> vms = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            vms.add(vm("brisk-otter-" + i));
        }
        try (var daemon = new FakeDaemon(Path.of(arguments[0]))) {
            daemon.on(Methods.VM_LIST, (nothing, peer) -> new VmList(vms));
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    public static VmView vm(String name) {
        return new VmView(
                "01JD" + name,
                name,
                "running",
                null,
                "debian",
                2,
                1L << 30,
                8L << 30,
                "qemu",
                "user",
                List.of(new Publish("127.0.0.1", 8080, 80)),
                null,
                4711L,
                "2026-11-23T18:00:00.123Z",
                "2026-11-23T18:00:05Z",
                123L << 20,
                null,
                false);
    }
}
