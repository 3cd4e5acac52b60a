package banger.daemon.state;

import banger.daemon.network.Bridge;
import banger.daemon.network.Lease;
import banger.daemon.network.NetworkStore;
import banger.daemon.network.Subnet;
import banger.daemon.vm.PublishedPort;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** The bridge, its TAP devices and the VMs' places on it, in the database's tables {@code network_*}. */
public final class SqliteNetworkStore implements NetworkStore {
    private final Database database;

    public SqliteNetworkStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Bridge> bridge() {
        return all("network_bridge", SqliteNetworkStore::bridge).stream().findFirst();
    }

    @Override
    public void put(Bridge bridge) {
        database.write(connection -> {
            update(connection, "DELETE FROM network_bridge");
            Subnet v6 = bridge.v6();
            return update(
                    connection,
                    "INSERT INTO network_bridge (name, subnet, subnet6) VALUES (?, ?, ?)",
                    bridge.name(),
                    bridge.v4().toString(),
                    v6 == null ? "" : v6.toString());
        });
    }

    @Override
    public List<Lease> leases() {
        return all("network_leases", SqliteNetworkStore::lease);
    }

    @Override
    public void put(List<Lease> leases) {
        database.write(connection -> {
            for (Lease lease : leases) {
                put(connection, lease);
            }
            return leases.size();
        });
    }

    private static void put(Connection connection, Lease lease) throws SQLException {
        String tap = lease.tap();
        update(
                connection,
                "INSERT INTO network_leases (name, number, tap, ports) VALUES (?1, ?2, ?3, ?4)"
                        + " ON CONFLICT (name) DO UPDATE SET number = ?2, tap = ?3, ports = ?4",
                lease.vm().toString(),
                Integer.toString(lease.number()),
                tap == null ? "" : tap,
                lease.ports().stream()
                        .map(port -> port.hostAddress() + ":" + port.hostPort() + ":" + port.guestPort())
                        .collect(Collectors.joining(" ")));
    }

    @Override
    public void delete(UUID vm) {
        database.write(connection -> update(connection, "DELETE FROM network_leases WHERE name = ?", vm.toString()));
    }

    @Override
    public Set<String> taps() {
        return new TreeSet<>(all("network_taps", row -> row.text("name", "")));
    }

    @Override
    public void addTaps(List<String> names) {
        forEach("INSERT OR IGNORE INTO network_taps (name) VALUES (?)", names);
    }

    @Override
    public void deleteTaps(List<String> names) {
        forEach("DELETE FROM network_taps WHERE name = ?", names);
    }

    private void forEach(String statement, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        database.write(connection -> {
            for (String name : names) {
                update(connection, statement, name);
            }
            return names.size();
        });
    }

    private <T> List<T> all(String table, Row.Reader<T> reader) {
        return database.read(connection -> {
            // Diagnosis may open a database of a schema before the tables.
            if (Table.columnsOf(connection, table).isEmpty()) {
                return new ArrayList<T>();
            }
            return Row.all(connection, table, reader);
        });
    }

    private static int update(Connection connection, String sql, String... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static Bridge bridge(Row row) throws SQLException {
        String v6 = row.text("subnet6", "");
        return new Bridge(
                row.text("name", ""), Subnet.parse(row.text("subnet", "")), v6.isEmpty() ? null : Subnet.parse(v6));
    }

    private static Lease lease(Row row) throws SQLException {
        String tap = row.text("tap", "");
        List<PublishedPort> ports = Arrays.stream(row.text("ports", "").split(" "))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split(":"))
                .map(parts -> new PublishedPort(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])))
                .toList();
        return new Lease(
                UUID.fromString(row.text("name", "")), (int) row.number("number"), tap.isEmpty() ? null : tap, ports);
    }
}
