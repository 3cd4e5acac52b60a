package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeDaemon;
import banger.cli.FakeOperations;
import banger.cli.TwentyVms;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationList;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.VmMessages.StopVm;
import banger.wire.rpc.VmMessages.VmList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifecycleTest {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        FakeOperations.serve(cli.daemon);
        cli.daemon.on(
                Methods.VM_LIST, (nothing, peer) -> new VmList(List.of(TwentyVms.vm("beta"), TwentyVms.vm("gamma"))));
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
    }

    @Test
    void creationPrintsTheNameAloneOnStandardOutput() {
        cli.daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "brisk-otter"));
        Cli.Result result = cli.run("vm", "create");
        assertEquals(0, result.code(), result.err());
        assertEquals("brisk-otter\n", result.text());
        assertTrue(result.err().contains("work: the work: done in"), result.err());
        assertTrue(result.err().contains("banger vm exec -it brisk-otter"), result.err());
    }

    @Test
    void aDetachedCreationPrintsTheOperationAndDoesNotWait() {
        cli.daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "brisk-otter"));
        assertEquals(
                "vm.create brisk-otter\n", cli.run("vm", "create", "--detach").text());
        assertEquals(List.of("vm.create"), cli.daemon.calls());
    }

    @Test
    void aFailedCreationSaysWhyAndPrintsNoName() {
        cli.daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.failing("vm.create", "brisk-otter"));
        Cli.Result result = cli.run("vm", "create");
        assertEquals(1, result.code());
        assertEquals("", result.text());
        assertTrue(result.err().endsWith("banger: the step \"work\" failed\n  try: banger doctor\n"), result.err());
    }

    @Test
    void manyVmsAreReportedOneByOneAndOneFailureFailsTheCommand() {
        cli.daemon.on(Methods.VM_STOP, (stop, peer) -> switch (stop.vm()) {
            case "beta" -> FakeOperations.begin("vm.stop", "beta-sandbox");
            case "gamma" -> FakeOperations.failing("vm.stop", "gamma");
            default ->
                throw new FakeDaemon.Refused(ErrorCode.NOT_FOUND, "no VM named \"" + stop.vm() + "\"", "banger ps");
        });
        Cli.Result result = cli.run("vm", "stop", "beta", "gamma", "delta");
        assertEquals(1, result.code());
        assertEquals("beta-sandbox: stopped\n", result.text());
        assertTrue(result.err().contains("banger: delta: no VM named \"delta\"\n  try: banger ps\n"), result.err());
        assertTrue(result.err().contains("banger: gamma: the step \"work\" failed\n"), result.err());
    }

    @Test
    void allMeansEveryVmThatIsListed() {
        List<StopVm> stopped = Collections.synchronizedList(new ArrayList<>());
        cli.daemon.on(Methods.VM_STOP, (stop, peer) -> {
            stopped.add(stop);
            return FakeOperations.begin("vm.stop", stop.vm());
        });
        Cli.Result result = cli.run("vm", "stop", "--all", "--grace", "5");
        assertEquals("beta: stopped\ngamma: stopped\n", result.text());
        assertEquals(0, result.code());
        assertEquals(List.of(new StopVm("beta", 5), new StopVm("gamma", 5)), stopped);
    }

    @Test
    void ofAHundredVmsNoMoreThanSixteenAreUnderWayAtOnce() {
        List<String> names =
                IntStream.range(0, 100).mapToObj(number -> "vm-" + number).toList();
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        cli.daemon.on(
                Methods.VM_LIST,
                (nothing, peer) -> new VmList(names.stream().map(TwentyVms::vm).toList()));
        cli.daemon.on(Methods.VM_DELETE, (ref, peer) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            return FakeOperations.begin("vm.delete", ref.vm());
        });
        cli.daemon.on(Methods.OPERATION_WATCH, (ref, peer) -> {
            underWay.decrementAndGet();
            return FakeOperations.end(ref);
        });
        Cli.Result result = cli.run("vm", "delete", "--all");
        assertEquals(0, result.code(), result.err());
        assertEquals(names.stream().map(name -> name + ": deleted\n").collect(Collectors.joining()), result.text());
        assertEquals(16, most.get());
    }

    @Test
    void eitherNamesOrAllMustBeGiven() {
        assertEquals(2, cli.run("vm", "delete").code());
        assertEquals(2, cli.run("vm", "delete", "--all", "beta").code());
        assertFalse(cli.daemon.calls().contains("vm.delete"));
    }

    @Test
    void helpMayStandBeforeTheCommandAsWellAsBehindIt() {
        String help = cli.run("vm", "create", "--help").text();
        assertTrue(help.startsWith("Usage: banger vm create"), help);
        assertEquals(help, cli.run("help", "vm", "create").text());
        assertEquals(help, cli.run("vm", "help", "create").text());
        assertEquals(QuickReference.of("vm"), cli.run("help", "vm").text());
        assertEquals(2, cli.run("help", "fly").code());
    }

    @Test
    void aCommandThatIsLookedForInTheWrongPlaceIsNamed() {
        assertEquals(
                "banger: there is no command \"create\"\n  try: banger vm create\n",
                cli.run("create").err());
        assertEquals(
                "banger: there is no command \"vm bootstrap\"\n  try: banger image bootstrap\n",
                cli.run("vm", "bootstrap").err());
        assertEquals(
                "banger: there is no command \"vm fly\"\n  try: banger vm\n",
                cli.run("vm", "fly").err());
    }

    @Test
    void aWrongCommandLineIsToldInOneLineWhateverItHolds() {
        assertEquals(
                "banger: vm create: --name takes 1 to 63 of a-z, 0-9 and inner dashes, not \"a?b\"\n"
                        + "  try: banger vm create --help\n",
                cli.run("vm", "create", "--name", "a\nb").err());
        assertEquals(
                "banger: ps: unexpected \"ex'tra\"\n  try: banger ps --help\n",
                cli.run("ps", "ex'tra").err());
    }

    @Test
    void listsComeAsTableAsNamesAndAsJson() {
        assertTrue(
                cli.run("ps").text().startsWith("NAME   STATE    IMAGE   VCPUS  MEMORY"),
                cli.run("ps").text());
        assertEquals("beta\ngamma\n", cli.run("vm", "list", "-q").text());
        String json = cli.run("ps", "--format", "json").text();
        assertTrue(json.startsWith("[\n{\"id\":\"01JDbeta\",\"name\":\"beta\""), json);
        assertTrue(json.endsWith("}\n]\n"), json);
        assertEquals(2, cli.run("ps", "--format", "xml").code());
    }

    @Test
    void aCheckoutIsLookedUpBeforeAVmIsMade() {
        Cli.Result result = cli.run("vm", "run", folder.toString(), "--", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("is not in a git repository"), result.err());
        assertEquals(List.of(), cli.daemon.calls());
    }

    @Test
    void aBareRepositoryIsTold() throws IOException {
        Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.createDirectory(folder.resolve("objects"));
        Files.createDirectory(folder.resolve("refs"));
        Cli.Result result = cli.run("vm", "run", folder.toString(), "--", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("is a bare repository"), result.err());
        assertEquals(List.of(), cli.daemon.calls());
    }

    @Test
    void anEmptyCommandIsRefusedBeforeAVmIsMade() {
        Cli.Result result = cli.run("vm", "run", folder.toString(), "--", "");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("the command behind -- is empty"), result.err());
        assertEquals(List.of(), cli.daemon.calls());
    }

    @Test
    void aDaemonThatTalksNonsenseIsReportedWithoutAStackTrace() {
        cli.daemon.on(Methods.VM_LIST, (nothing, peer) -> new VmList(null));
        Cli.Result result = cli.run("ps");
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("banger: ps: "), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void timingsAreOfThisVmAndNotOfAnEarlierOneOfItsName() {
        var vm = TwentyVms.vm("beta");
        cli.daemon.on(Methods.VM_SHOW, (ref, peer) -> vm);
        cli.daemon.on(
                Methods.OPERATION_LIST,
                (nothing, peer) -> new OperationList(List.of(
                        ended("vm.create", "beta", "2020-01-01T00:00:00Z", "boot", 9),
                        ended("vm.create", "gamma", "2100-01-01T00:00:00Z", "boot", 8),
                        ended("image.build", "beta", "2100-01-01T00:00:00Z", "boot", 7),
                        ended("vm.start", "beta", "2100-01-01T00:00:00Z", "boot", 2345))));
        String table = cli.run("vm", "show", "beta", "--timings").text();
        assertEquals("ACTION  STATE  STAGE    MS\nstart   done   boot   2345\nstart   done   (all)  2400\n", table);
        assertTrue(cli.run("vm", "show", "beta", "--timings", "--format", "json")
                .text()
                .contains("\"elapsedMillis\":2345"));
    }

    private static OperationView ended(String kind, String subject, String startedAt, String stage, long millis) {
        var event = new StageEvent("op", stage, stage, null, null, null, "done", millis);
        return new OperationView("op", kind, subject, "done", startedAt, 2_400, List.of(event), null);
    }
}
