package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** VMs from creation to deletion. */
@Order(2)
class LifecycleTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    @Test
    void aVmIsCreatedAsAskedAndShown() {
        Outcome created =
                HOME.banger("vm", "create", "--name", "shaped", "--vcpu", "1", "--memory", "512M", "--disk", "1G");
        assertEquals("shaped\n", created.exits(0).out());
        Json vm = HOME.show("shaped");
        assertEquals("running", vm.at("state").text());
        assertEquals("debian", vm.at("image").text());
        assertEquals(1, vm.at("vcpus").number());
        assertEquals(512L << 20, vm.at("memoryBytes").number());
        assertEquals(1L << 30, vm.at("diskBytes").number());
        assertEquals("qemu", vm.at("driver").text());
        assertTrue(HostProcesses.isAlive(vm.at("pid").number()));
        assertEquals("1", HOME.sh("shaped", "nproc"));
        long memoryKib = Long.parseLong(HOME.sh("shaped", "sed -n 's/[^0-9]//g;1p' /proc/meminfo"));
        assertTrue(memoryKib > 400 << 10 && memoryKib <= 512 << 10, memoryKib + " KiB");
        long workKib = Long.parseLong(
                HOME.sh("shaped", "df --output=size /root | tail -1").strip());
        assertTrue(workKib > 900 << 10 && workKib <= 1 << 20, workKib + " KiB");
        assertEquals("shaped", HOME.sh("shaped", "hostname"));
    }

    @Test
    void listsComeAsTablesNamesAndJson() {
        assertEquals("", HOME.banger("ps", "-q").text());
        assertEquals(
                List.of(),
                Json.parse(HOME.banger("vm", "list", "--format", "json").text()).items());
        HOME.create("listed");
        String table = HOME.banger("ps").text();
        assertEquals(2, table.lines().count(), table);
        assertTrue(table.contains("NAME") && table.contains("listed") && table.contains("running"), table);
        assertEquals(ageless(table), ageless(HOME.banger("vm", "list").text()));
        List<Json> vms =
                Json.parse(HOME.banger("ps", "--format", "json").text()).items();
        assertEquals(
                List.of("listed"), vms.stream().map(vm -> vm.at("name").text()).toList());
        HOME.banger("ps", "--format", "yaml").failsInALine(2, "yaml");
    }

    @Test
    void namesAreMadeUpWhereNoneIsGiven() {
        String name = HOME.banger("vm", "create").text();
        assertTrue(name.matches("[a-z]+-[a-z]+"), name);
        assertEquals(List.of(name), HOME.names());
        assertEquals(name, HOME.sh(name, "hostname"));
    }

    @Test
    void bothDisksKeepTheirFilesOverStopAndStart() {
        HOME.create("kept");
        long first = HOME.show("kept").at("pid").number();
        HOME.sh(
                "kept",
                "echo work >/root/file; echo root >/opt/file; rm /etc/motd; echo $(cat /etc/machine-id) >/root/id");
        Outcome stopped = HOME.banger("vm", "stop", "kept").exits(0);
        assertEquals("kept: stopped\n", stopped.out());
        assertFalse(stopped.err().contains("forc"), stopped.err());
        assertEquals("stopped", HOME.vmState("kept"));
        assertTrue(HOME.show("kept").at("pid").isNull());
        assertTrue(!HostProcesses.isAlive(first));
        HOME.banger("vm", "exec", "kept", "true").failsInALine(125, "kept", "stopped", "never ran");
        HOME.banger("vm", "start", "kept").exits(0);
        assertEquals(
                "work root gone", HOME.sh("kept", "echo $(cat /root/file /opt/file) $([ -e /etc/motd ] || echo gone)"));
        assertEquals("same", HOME.sh("kept", "[ $(cat /root/id) = $(cat /etc/machine-id) ] && echo same"));
        assertNotEquals(first, HOME.show("kept").at("pid").number());
    }

    @Test
    void stopIsOrderlyAndKillIsAtOnce() {
        HOME.create("ending");
        Wait.until(
                "systemd",
                () -> HOME.banger("vm", "exec", "ending", "systemctl", "is-system-running")
                        .out()
                        .matches("(running|degraded)\n"));
        HOME.sh(
                "ending",
                "printf '%s\\n' '[Service]' 'ExecStart=/bin/sleep infinity' 'ExecStop=/bin/sh -c \"echo bye >/root/bye; sync\"'"
                        + " >/run/systemd/system/polite.service && systemctl daemon-reload && systemctl start polite");
        HOME.banger("vm", "stop", "ending").exits(0);
        HOME.banger("vm", "start", "ending").exits(0);
        assertEquals("bye", HOME.sh("ending", "cat /root/bye; rm /root/bye; sync"));
        assertEquals(
                "ending: killed\n", HOME.banger("vm", "kill", "ending").exits(0).out());
        assertEquals("stopped", HOME.vmState("ending"));
        HOME.banger("vm", "start", "ending").exits(0);
        HOME.banger("vm", "exec", "ending", "test", "-e", "/root/bye").exits(1);
    }

    @Test
    void everyEndingIsIdempotentAndSoIsStart() {
        HOME.create("again");
        HOME.banger("vm", "start", "again").exits(0);
        for (String ending : new String[] {"stop", "stop", "kill", "kill"}) {
            HOME.banger("vm", ending, "again").exits(0);
            assertEquals("stopped", HOME.vmState("again"));
        }
        HOME.banger("vm", "delete", "again").exits(0);
        HOME.banger("vm", "delete", "again").fails(1, "again");
    }

    @Test
    void restartBootsAnew() {
        HOME.create("restarted");
        String before = HOME.sh("restarted", "cat /proc/sys/kernel/random/boot_id");
        HOME.banger("vm", "restart", "restarted").exits(0);
        assertNotEquals(before, HOME.sh("restarted", "cat /proc/sys/kernel/random/boot_id"));
        assertEquals(HOME.show("restarted").at("vcpus").text(), HOME.sh("restarted", "nproc"));
    }

    @Test
    void aGuestThatPowersItselfOffIsStopped() {
        HOME.create("tired");
        HOME.banger(
                "vm", "exec", "tired", "sh", "-c", "nohup sh -c 'sleep 0.2; systemctl poweroff -ff' >/dev/null 2>&1 &");
        Wait.until("the vm to be stopped", () -> HOME.vmState("tired").equals("stopped"));
        HOME.banger("vm", "start", "tired").exits(0);
        assertEquals("up", HOME.sh("tired", "echo up"));
    }

    @Test
    void aVmWhoseProcessHangsOrIsKilledIsStopped() {
        HOME.create("crashed");
        Command.ok("kill", "-STOP", HOME.show("crashed").at("pid").text());
        assertEquals("running", HOME.vmState("crashed"));
        HOME.banger("vm", "stop", "--grace", "1", "crashed").exits(0);
        assertEquals("stopped", HOME.vmState("crashed"));
        HOME.banger("vm", "start", "crashed").exits(0);
        HostProcesses.kill(HOME.show("crashed").at("pid").number());
        Wait.until("the vm to be stopped", () -> HOME.vmState("crashed").equals("stopped"));
        HOME.assertNothingLeftOver();
    }

    @Test
    void aPrefixWillDoWhereItFitsOnlyOne() {
        HOME.create("beta-sandbox");
        HOME.create("beta-other");
        assertEquals("here", HOME.sh("beta-s", "echo here"));
        String id = HOME.show("beta-other").at("id").text();
        assertEquals("beta-other", HOME.show(id).at("name").text());
        assertEquals("beta-other", HOME.show(id.substring(0, 13)).at("name").text());
        HOME.banger("vm", "stop", "beta").fails(1, "beta-sandbox", "beta-other");
        HOME.banger("vm", "exec", "beta", "true").failsInALine(125, "beta-sandbox", "beta-other", "never ran");
        assertEquals("running", HOME.vmState("beta-sandbox"));
        assertEquals(
                "beta-sandbox: stopped\n",
                HOME.banger("vm", "stop", "beta-s").exits(0).out());
    }

    @Test
    void anExactNameComesBeforeALongerOne() {
        HOME.create("gamma");
        HOME.create("gamma-two");
        assertEquals(
                "gamma: stopped\n", HOME.banger("vm", "stop", "gamma").exits(0).out());
        assertEquals("running", HOME.vmState("gamma-two"));
    }

    @Test
    void manyNamesAreReportedEach() {
        HOME.create("one");
        HOME.create("two");
        Outcome stopped = HOME.banger("vm", "stop", "one", "missing", "two").exits(1);
        assertEquals("one: stopped\ntwo: stopped\n", stopped.out());
        assertTrue(stopped.err().contains("missing"), stopped.err());
        assertEquals(
                "one: started\ntwo: started\n",
                HOME.banger("vm", "start", "--all").exits(0).out());
        assertEquals(
                "one: killed\ntwo: killed\n",
                HOME.banger("vm", "kill", "--all").exits(0).out());
        assertEquals(
                "one: deleted\ntwo: deleted\n",
                HOME.banger("vm", "delete", "--all").exits(0).out());
        assertEquals("", HOME.banger("vm", "stop", "--all").exits(0).out());
        HOME.banger("vm", "stop").fails(2);
        HOME.banger("vm", "delete", "one", "--all").fails(2);
    }

    @Test
    void aDeletedVmLeavesNoFileAndItsNameIsFree() {
        HOME.create("gone");
        Path folder =
                HOME.data().resolve("vms").resolve(HOME.show("gone").at("id").text());
        assertTrue(Files.exists(folder));
        HOME.banger("vm", "delete", "gone").exits(0);
        assertTrue(Files.notExists(folder));
        assertEquals(List.of(), HOME.names());
        HOME.create("gone");
    }

    @Test
    void twoVmsHaveIdentitiesOfTheirOwn() {
        HOME.create("left");
        HOME.create("right");
        assertNotEquals(HOME.sh("left", "cat /etc/machine-id"), HOME.sh("right", "cat /etc/machine-id"));
        HOME.sh("left", "echo secret >/root/mine; echo secret >/srv/mine");
        HOME.banger("vm", "exec", "right", "ls", "/root/mine", "/srv/mine").exits(2);
    }

    private static String ageless(String table) {
        return table.replaceAll("[0-9]+ s", "AGE").replaceAll(" +", " ");
    }
}
