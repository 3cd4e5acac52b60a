package banger.daemon.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class AnswersTest {
    private static final Bridge BRIDGE =
            new Bridge("banger0", Subnet.parse("10.209.0.0/22"), Subnet.parse("fd12::/64"));

    private static final InetAddress GUEST = BRIDGE.addresses(2).getFirst();

    private final Answers answers = new Answers(
            name -> switch (name) {
                case "beta" -> Optional.of(BRIDGE.addresses(2));
                case "gamma" -> Optional.of(List.of());
                default -> Optional.empty();
            },
            () -> List.of(BRIDGE.gateways().getFirst()));

    @Test
    void aVmHasItsAddressesInBothFamilies() throws IOException {
        assertEquals(List.of("10.209.0.2"), found(ask("beta.banger.", Type.A)));
        assertEquals(List.of("fd12:0:0:0:0:0:0:2"), found(ask("beta.banger.", Type.AAAA)));
        assertEquals(List.of("10.209.0.2"), found(ask("BETA.Banger.", Type.A)));
        assertTrue(ask("beta.banger.", Type.A).getHeader().getFlag(Flags.AA));
    }

    @Test
    void aNameOfNobodysDoesNotExist() throws IOException {
        assertEquals(Rcode.NXDOMAIN, ask("nobody.banger.", Type.A).getRcode());
        assertEquals(Rcode.NXDOMAIN, ask("www.beta.banger.", Type.A).getRcode());
    }

    @Test
    void aVmWithoutAddressesOrOfAnotherTypeExistsWithoutAnAnswer() throws IOException {
        for (Message answer : List.of(ask("gamma.banger.", Type.A), ask("beta.banger.", Type.MX))) {
            assertEquals(Rcode.NOERROR, answer.getRcode());
            assertEquals(List.of(), answer.getSection(Section.ANSWER));
            assertEquals(1, answer.getSection(Section.AUTHORITY).size());
        }
    }

    @Test
    void aHostThatAsksThisServerForEverythingIsNotAskedBack() throws IOException {
        assertEquals(Rcode.SERVFAIL, ask("example.com.", Type.A).getRcode());
    }

    @Test
    void theHostIsToldNamesOfVmsAndRefusedAllOthersAsItWouldBeAskedAgain() throws IOException {
        for (String asker : List.of("10.209.0.1", "fd12::1", "127.0.0.1", "192.0.2.7")) {
            assertEquals(Rcode.REFUSED, ask("example.com.", Type.A, asker).getRcode());
            assertEquals(List.of("10.209.0.2"), found(ask("beta.banger.", Type.A, asker)));
        }
    }

    @Test
    void whatIsNoQueryGetsNoAnswerOrARefusal() throws IOException {
        var random = new Random(7);
        for (int length = 0; length < 40; length++) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            answers.to(noise, BRIDGE, GUEST, 0);
        }
        Message answer = ask("beta.banger.", Type.A);
        assertEquals(0, answers.to(answer.toWire(), BRIDGE, GUEST, 0).length);
        Message update = query("beta.banger.", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertEquals(Rcode.NOTIMP, new Message(answers.to(update.toWire(), BRIDGE, GUEST, 0)).getRcode());
    }

    private Message ask(String name, int type) throws IOException {
        return ask(name, type, GUEST.getHostAddress());
    }

    private Message ask(String name, int type, String asker) throws IOException {
        return new Message(answers.to(query(name, type).toWire(), BRIDGE, InetAddress.ofLiteral(asker), 0));
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static List<String> found(Message answer) throws IOException {
        assertEquals(Rcode.NOERROR, answer.getRcode());
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .map(text -> InetAddress.ofLiteral(text).getHostAddress())
                .toList();
    }
}
