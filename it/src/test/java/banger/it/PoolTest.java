package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The warm pool: taken from, filled again, in nobody's way, and gone with the daemon. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class PoolTest {
    private static final int SIZE = 2;

    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @BeforeAll
    static void keepTwo() {
        keep("size = " + SIZE);
        HOME.banger("image", "warm", "debian").exits(0);
    }

    private static void keep(String settings) {
        HOME.configure("[pool]\n" + settings + "\n");
    }

    private static List<String> pool() {
        return HOME.banger("ps", "--pool", "-q").text().lines().toList();
    }

    private static List<String> filled() {
        Wait.until("the pool to be full", () -> pool().size() == SIZE);
        return pool();
    }

    private static List<HostProcesses.Entry> machines() {
        return HostProcesses.of(HOME.folder()).stream()
                .filter(process -> process.line().contains("qemu-system"))
                .toList();
    }

    private static String createdErr(String name, String... options) {
        String[] words = new String[4 + options.length];
        System.arraycopy(new String[] {"vm", "create", "--name", name}, 0, words, 0, 4);
        System.arraycopy(options, 0, words, 4, options.length);
        return HOME.banger(words).exits(0).err();
    }

    @Test
    void aCreateTakesOneAndMakesItAVmOfItsOwn() {
        List<String> pooled = filled();
        assertEquals(List.of(), HOME.names());
        assertNotEquals(0, HOME.banger("vm", "delete", pooled.getFirst()).exit());
        HOME.assertNothingLeftOver();

        String first = createdErr("one");
        String second = createdErr("two");
        assertTrue(first.contains("from the pool"), first);
        assertTrue(second.contains("from the pool"), second);
        assertEquals(List.of("one", "two"), HOME.names());
        List<String> one = TemplateTest.drawn(HOME, "one");
        List<String> two = TemplateTest.drawn(HOME, "two");
        for (int line = 0; line < one.size(); line++) {
            assertNotEquals(one.get(line), two.get(line));
        }
        assertEquals("one", HOME.sh("one", "hostname"));

        String published = createdErr("three", "--publish", "8080");
        assertTrue(published.contains("restoring its memory"), published);

        HOME.sh("one", "echo kept >/root/kept; sync");
        HOME.banger("vm", "restart", "one").exits(0);
        assertEquals("kept one", HOME.sh("one", "echo $(cat /root/kept) $(hostname)"));
        assertTrue(filled().stream().noneMatch(pooled::contains));
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    @Test
    void whatAKilledDaemonLeftOfThePoolIsDeletedAndADaemonThatEndsLeavesNone() {
        List<String> before = filled();
        HOME.killDaemon();
        assertTrue(filled().stream().noneMatch(before::contains));
        assertEquals(SIZE, machines().size());

        HOME.banger("daemon", "stop").exits(0);
        Wait.until("the pool's end", () -> machines().isEmpty());
        HOME.assertNothingLeftOver();

        keep("size = 2\nspare_memory = \"1024 GiB\"");
        assertEquals(0, Wait.untilSteady("the pool", () -> pool().size()), "the host has no such memory");

        HOME.banger("daemon", "stop").exits(0);
        keep("size = " + SIZE);
        filled();
        HOME.banger("image", "delete", "debian").exits(0);
        assertEquals(List.of(), pool());
        HOME.assertNothingLeftOver();
    }
}
