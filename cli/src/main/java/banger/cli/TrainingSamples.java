package banger.cli;

import banger.cli.command.Session;
import banger.cli.command.VmTable;
import banger.cli.exec.GuestStream;
import banger.cli.exec.SignalForwarding;
import banger.cli.progress.StageDisplay;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmList;
import banger.wire.rpc.VmMessages.VmView;
import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;

/** What a daemon with VMs and guests would send, for the training run. */
final class TrainingSamples {
    private static final int CHANNEL = 1;

    private TrainingSamples() {}

    static void play(Session session) throws IOException {
        session.output().print(VmTable.table(throughJson(VmList.class, vms()).vms()));
        StageEvent stage = new StageEvent("op", "boot", "wait", 1L << 20, 1L << 21, "bytes", "done", 12_345);
        try (StageDisplay display = session.stages()) {
            display.show(throughJson(StageEvent.class, stage));
        }
        throughJson(
                OperationView.class,
                new OperationView("op", "vm.create", "beta", "done", "2026-01-01T00:00:00Z", 1, List.of(stage), null));
        stream(session);
    }

    private static <T> T throughJson(Class<T> type, T message) {
        return JsonLines.read(type, JsonLines.write(type, message));
    }

    private static VmList vms() {
        return new VmList(List.of(new VmView(
                "id",
                "beta",
                "running",
                null,
                "debian",
                2,
                1L << 30,
                8L << 30,
                "qemu",
                "user",
                List.of(new Publish("127.0.0.1", 8080, 80)),
                new WorkspaceView("/root/repo", "/src", "abc", "shallow", "2026-01-01T00:00:00Z", "main"),
                1L,
                "2026-01-01T00:00:00Z",
                null,
                123L << 20,
                null,
                false)));
    }

    private static void stream(Session session) throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        new FrameWriter(Channels.newChannel(frames))
                .write(
                        new Frame(CHANNEL, FrameType.DATA, new byte[] {'x'}),
                        new PayloadWriter().u32(1).frame(CHANNEL, FrameType.CREDIT),
                        new PayloadWriter().u8(0).u8(0).frame(CHANNEL, FrameType.EXIT));
        GuestStream guest = new GuestStream(
                new FrameReader(Channels.newChannel(new ByteArrayInputStream(frames.toByteArray()))),
                new FrameWriter(Channels.newChannel(OutputStream.nullOutputStream())),
                CHANNEL);
        SignalForwarding.install(guest);
        guest.forward(session.input());
        guest.run(session.output().out(), session.output().err());
    }
}
