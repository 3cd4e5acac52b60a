package banger.wire.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    @Test
    void aRequestKeepsItsParamsThroughTheEnvelope() {
        var create = new CreateVm(
                "beta", null, 2, 1L << 30, null, null, List.of(new Publish("127.0.0.1", 0, 80)), null, null, null);
        String line = JsonLines.writeRequest(7, Methods.VM_CREATE, create);
        Request request = JsonLines.readRequest(line);
        assertEquals("vm.create", request.method());
        assertEquals(7, request.id());
        assertEquals(create, JsonLines.read(CreateVm.class, request.params()));
    }

    @Test
    void anErrorCarriesItsStableNameAndHint() {
        var error = RpcError.of(ErrorCode.NOT_FOUND, "no vm named \"beta\"", "banger vm list");
        Reply reply = JsonLines.readReply(JsonLines.write(Reply.ofError(3L, error)));
        assertEquals(error, reply.error());
        assertEquals("not_found", reply.error().data().error());
        assertNull(reply.result());
    }

    @Test
    void aMessageOnOneLineHoldsNoLineFeed() {
        var create = new CreateVm("a\nb", null, null, null, null, null, List.of(), null, null, null);
        String line = JsonLines.writeRequest(1, Methods.VM_CREATE, create);
        assertEquals(-1, line.indexOf('\n'));
        assertEquals(
                "a\nb",
                JsonLines.read(CreateVm.class, JsonLines.readRequest(line).params())
                        .name());
    }

    @Test
    void anUnknownFieldIsPassedOver() {
        Request request =
                JsonLines.readRequest("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"later\":{\"a\":[1]}}");
        assertEquals("hello", request.method());
        assertNull(request.params());
    }

    @Test
    void halfAMessageIsRefused() {
        assertThrows(RuntimeException.class, () -> JsonLines.readRequest("{\"jsonrpc\":\"2.0\",\"id\":1,\"meth"));
    }

    @Test
    void nothingIsReadBack() {
        assertEquals(new Nothing(), JsonLines.read(Nothing.class, JsonLines.write(Nothing.class, new Nothing())));
    }

    @Test
    void textOutsideAsciiSurvivesTheEnvelopes() {
        var ref = new VmRef("é \uD83D\uDE00 \u2028");
        Request request = JsonLines.readRequest(JsonLines.writeRequest(1, Methods.VM_SHOW, ref));
        assertEquals(ref, JsonLines.read(VmRef.class, request.params()));
        String json = JsonLines.write(VmRef.class, ref);
        Reply reply = JsonLines.readReply(JsonLines.write(Reply.ofResult(1, json)));
        assertEquals(ref, JsonLines.read(VmRef.class, reply.result()));
        Reply note = JsonLines.readReply(JsonLines.write(Reply.notification("m", json)));
        assertEquals(ref, JsonLines.read(VmRef.class, note.params()));
    }
}
