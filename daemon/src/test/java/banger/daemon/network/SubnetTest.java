package banger.daemon.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.network.HostNetwork.Route;
import banger.daemon.problem.Problem;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubnetTest {
    @Test
    void rangesOverlapWhereOneHoldsTheOther() {
        assertTrue(Subnet.parse("10.209.0.0/22").overlaps(Subnet.parse("10.209.3.255/32")));
        assertTrue(Subnet.parse("10.209.0.0/22").overlaps(Subnet.parse("10.0.0.0/8")));
        assertFalse(Subnet.parse("10.209.0.0/22").overlaps(Subnet.parse("10.209.4.0/22")));
        assertFalse(Subnet.parse("10.209.0.0/22").overlaps(Subnet.parse("fd00::/8")));
        assertTrue(Subnet.parse("fd12:3456::/32").overlaps(Subnet.parse("fd12:3456:1::/64")));
    }

    @Test
    void addressesAreCountedFromTheBeginning() {
        assertEquals("10.209.1.4", Subnet.parse("10.209.0.0/22").address(260).getHostAddress());
        assertEquals(
                "fd12:0:0:0:0:0:0:104", Subnet.parse("fd12::/64").address(260).getHostAddress());
        assertEquals(
                "255.255.255.254", Subnet.parse("255.255.255.0/24").address(254).getHostAddress());
        assertEquals(1021, Subnet.parse("10.209.0.0/22").guests());
    }

    @Test
    void whatIsNoRangeIsRefused() {
        for (String text : List.of("10.209.0.0", "10.209.0.1/22", "10.209.0.0/33", "beta/22", "10.209.0.0/x", "/22")) {
            assertThrows(IllegalArgumentException.class, () -> Subnet.parse(text), text);
        }
    }

    @Test
    void aRangeIsChosenThatNoRouteLeadsTo() {
        assertEquals("10.209.0.0/22", chosen());
        assertEquals("10.209.4.0/22", chosen("10.209.2.0/24"));
        assertEquals("172.29.0.0/22", chosen("10.0.0.0/8"));
        assertEquals("192.168.208.0/22", chosen("10.0.0.0/8", "172.16.0.0/12"));
        // A VPN's default route in two halves leads to everything, and so overlaps nothing in particular.
        assertEquals("10.209.0.0/22", chosen("0.0.0.0/1", "128.0.0.0/1", "default"));
        assertThrows(Problem.class, () -> chosen("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"));
    }

    @Test
    void theRangeOfTheSettingsIsTakenOrRefused() {
        Subnet wanted = Subnet.parse("10.1.0.0/24");
        assertEquals(wanted, SubnetChoice.choose(wanted, List.of(Subnet.parse("10.2.0.0/16"))));
        Problem problem =
                assertThrows(Problem.class, () -> SubnetChoice.choose(wanted, List.of(Subnet.parse("10.1.0.128/25"))));
        assertEquals("network.subnet 10.1.0.0/24 overlaps a route of this host", problem.getMessage());
    }

    @Test
    void anIpv6RangeIsOnesOwn() {
        Subnet one = SubnetChoice.chooseV6(new Random(1));
        assertTrue(one.first().getHostAddress().startsWith("fd"), one.toString());
        assertFalse(one.overlaps(SubnetChoice.chooseV6(new Random(2))));
    }

    private static String chosen(String... destinations) {
        List<Route> routes = java.util.Arrays.stream(destinations)
                .map(destination -> new Route(destination, "eth0", null))
                .toList();
        return SubnetChoice.choose(null, HostNetwork.ranges(routes, "banger0")).toString();
    }
}
