package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.ApiMessages.Action;
import banger.daemon.driver.firecracker.ApiMessages.Balloon;
import banger.daemon.driver.firecracker.ApiMessages.BalloonUpdate;
import banger.daemon.driver.firecracker.ApiMessages.BootSource;
import banger.daemon.driver.firecracker.ApiMessages.Drive;
import banger.daemon.driver.firecracker.ApiMessages.DriveUpdate;
import banger.daemon.driver.firecracker.ApiMessages.EntropyDevice;
import banger.daemon.driver.firecracker.ApiMessages.Fault;
import banger.daemon.driver.firecracker.ApiMessages.InstanceInfo;
import banger.daemon.driver.firecracker.ApiMessages.Logger;
import banger.daemon.driver.firecracker.ApiMessages.MachineConfiguration;
import banger.daemon.driver.firecracker.ApiMessages.Metrics;
import banger.daemon.driver.firecracker.ApiMessages.NetworkInterface;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotCreation;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotLoading;
import banger.daemon.driver.firecracker.ApiMessages.Version;
import banger.daemon.driver.firecracker.ApiMessages.VmState;
import banger.daemon.driver.firecracker.ApiMessages.Vsock;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Firecracker's API, one method for each request that banger makes.
 *
 * <p>Every path in a request is as the Firecracker process sees it. Whatever is refused is an {@link ApiFault}; whatever
 * goes wrong on the way another IOException. {@code docs/firecracker.md} has the order of requests.
 */
final class FirecrackerApi {
    private static final Jsonb JSON = Jsonb.builder().build();
    private static final Duration BOUND = Duration.ofSeconds(10);
    /** Starting maps the guest's memory, which on a host under pressure takes its time. */
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    /** All of the guest's memory goes to disk. */
    private static final Duration SNAPSHOT_BOUND = Duration.ofMinutes(5);

    private static final int MAX_WORDS = 2000;

    private final ApiHttp http;

    FirecrackerApi(ApiHttp http) {
        this.http = http;
    }

    InstanceInfo describe() throws IOException {
        return get("/", InstanceInfo.class);
    }

    String version() throws IOException {
        return get("/version", Version.class).firecrackerVersion();
    }

    /** Before the start. */
    void logger(Logger logger) throws IOException {
        put("/logger", Logger.class, logger, BOUND);
    }

    /** Before the start, once. */
    void metrics(Metrics metrics) throws IOException {
        put("/metrics", Metrics.class, metrics, BOUND);
    }

    /** Before the start. */
    void machine(MachineConfiguration machine) throws IOException {
        put("/machine-config", MachineConfiguration.class, machine, BOUND);
    }

    /** Before the start. */
    void bootSource(BootSource source) throws IOException {
        put("/boot-source", BootSource.class, source, BOUND);
    }

    /** Before the start; the guest sees drives in the order of these calls. */
    void drive(Drive drive) throws IOException {
        put("/drives/" + drive.driveId(), Drive.class, drive, BOUND);
    }

    /** After the start. */
    void update(DriveUpdate update) throws IOException {
        send("PATCH", "/drives/" + update.driveId(), DriveUpdate.class, update, BOUND);
    }

    /** Before the start. */
    void networkInterface(NetworkInterface network) throws IOException {
        put("/network-interfaces/" + network.ifaceId(), NetworkInterface.class, network, BOUND);
    }

    /** Before the start. */
    void vsock(Vsock vsock) throws IOException {
        put("/vsock", Vsock.class, vsock, BOUND);
    }

    /** Before the start. */
    void entropy(EntropyDevice entropy) throws IOException {
        put("/entropy", EntropyDevice.class, entropy, BOUND);
    }

    /** Before the start. */
    void balloon(Balloon balloon) throws IOException {
        put("/balloon", Balloon.class, balloon, BOUND);
    }

    /** After the start. */
    void update(BalloonUpdate update) throws IOException {
        send("PATCH", "/balloon", BalloonUpdate.class, update, BOUND);
    }

    void act(Action action) throws IOException {
        put("/actions", Action.class, action, action.equals(Action.START) ? START_BOUND : BOUND);
    }

    /** After the start. */
    void become(VmState state) throws IOException {
        send("PATCH", "/vm", VmState.class, state, BOUND);
    }

    /** Of a paused VM. */
    void createSnapshot(SnapshotCreation snapshot) throws IOException {
        put("/snapshot/create", SnapshotCreation.class, snapshot, SNAPSHOT_BOUND);
    }

    /** In a fresh process, before all but logger and metrics. A process that refuses ends itself. */
    void loadSnapshot(SnapshotLoading snapshot) throws IOException {
        put("/snapshot/load", SnapshotLoading.class, snapshot, START_BOUND);
    }

    private <T> T get(String path, Class<T> type) throws IOException {
        ApiHttp.Answer answer = exchange("GET", path, null, BOUND);
        try {
            return JSON.type(type).fromJson(answer.text());
        } catch (RuntimeException e) {
            throw new IOException("firecracker's answer to GET " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private <T> void put(String path, Class<T> type, T body, Duration bound) throws IOException {
        send("PUT", path, type, body, bound);
    }

    private <T> void send(String method, String path, Class<T> type, T body, Duration bound) throws IOException {
        exchange(method, path, JSON.type(type).toJson(body), bound);
    }

    private ApiHttp.Answer exchange(String method, String path, @Nullable String body, Duration bound)
            throws IOException {
        ApiHttp.Answer answer;
        try {
            answer = http.exchange(method, path, body, bound);
        } catch (IOException e) {
            throw new IOException(method + " " + path + " to firecracker: " + e.getMessage(), e);
        }
        if (!answer.succeeded()) {
            throw new ApiFault(method + " " + path, words(answer));
        }
        return answer;
    }

    private static String words(ApiHttp.Answer answer) {
        String text = answer.text();
        try {
            String said = JSON.type(Fault.class).fromJson(text).faultMessage();
            text = said == null ? text : said;
        } catch (RuntimeException e) {
            // Not its usual form: the text itself is all there is to tell.
            text = text.isBlank() ? "status " + answer.status() : text;
        }
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() > MAX_WORDS ? plain.substring(0, MAX_WORDS) + "…" : plain;
    }
}
