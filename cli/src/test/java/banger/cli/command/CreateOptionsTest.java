package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.session.CliFailure;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Publish;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateOptionsTest {
    @Test
    void whatIsNotSaidIsLeftToTheDaemon() {
        assertEquals(new CreateVm(null, null, null, null, null, null, List.of(), null, null, null), parse());
    }

    @Test
    void everyOptionReachesTheRequest() {
        CreateVm request = parse(
                "--name",
                "beta",
                "--image=debian",
                "--vcpu",
                "2",
                "--memory",
                "1.5GiB",
                "--disk=8G",
                "--network",
                "user",
                "--publish",
                "8080:80",
                "-p",
                "0.0.0.0:9000:90",
                "-p",
                "22",
                "--autostart",
                "--wait");
        assertEquals(
                new CreateVm(
                        "beta",
                        "debian",
                        2,
                        3L << 29,
                        8L << 30,
                        "user",
                        List.of(
                                new Publish("127.0.0.1", 8080, 80),
                                new Publish("0.0.0.0", 9000, 90),
                                new Publish("127.0.0.1", 0, 22)),
                        null,
                        true,
                        true),
                request);
    }

    @ParameterizedTest
    @CsvSource({
        "--vcpu,0",
        "--vcpu,-1",
        "--vcpu,1000000",
        "--vcpu,two",
        "--memory,0",
        "--memory,-5M",
        "--memory,lots",
        "--disk,99999999G",
        "--network,bridge9",
        "--publish,a:b",
        "--publish,70000:80",
        "--publish,80:0",
        "--name,../etc",
        "--name,a b",
        "--name,-a",
        "--name,A",
        "--name,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    })
    void aBadValueIsRefusedWithItsOptionAndItsText(String option, String value) {
        var refused = assertThrows(CliFailure.class, () -> parse(option, value));
        assertEquals(2, refused.exitCode());
        assertTrue(refused.text().contains(option), refused.text());
        assertTrue(option.equals("--publish") || refused.text().contains("\"" + value + "\""), refused.text());
    }

    @ParameterizedTest
    @CsvSource({"--unknown", "--name", "-x"})
    void aWordThatIsNoOptionIsRefused(String word) {
        var refused = assertThrows(CliFailure.class, () -> parse(word));
        assertTrue(refused.text().startsWith("vm create: "), refused.text());
        assertEquals("banger vm create --help", refused.hint());
    }

    @Test
    void anEmptyNameIsRefused() {
        assertThrows(CliFailure.class, () -> parse("--name", ""));
        assertThrows(CliFailure.class, () -> parse("--name="));
    }

    private static CreateVm parse(String... words) {
        VmCreateCommand command = new VmCreateCommand();
        assertTrue(CommandLine.parse("vm create", command, List.of(words)));
        return command.options.request("vm create");
    }
}
