package banger.daemon.host;

import banger.daemon.guest.GuestFile;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.HostTrust;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The variables with which programs in a guest reach what the host reaches: whom to trust, proxies, registries.
 *
 * <p>Commands that banger runs get them in their environment. For whatever else runs in the guest they lie in one file,
 * which the debian image hands to services and to logins.
 */
public final class HostEnvironment implements GuestSetup.Files {
    private static final String FILE = "/etc/banger/environment";
    private static final String APT_FILE = "/etc/apt/apt.conf.d/95banger-host";
    /** An address of a registry may hold a password. */
    private static final int MODE = 0600;

    private static final int APT_MODE = 0644;

    /** For the programs that bring certificates of their own: Node.js, Python's requests and pip, OpenSSL, curl, git. */
    private static final List<String> TRUST = List.of(
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "PIP_CERT",
            "CURL_CA_BUNDLE",
            "GIT_SSL_CAINFO");

    private static final Pattern LOOPBACK =
            Pattern.compile("://((?:[^/@]*@)?)(localhost|127\\.0\\.0\\.1|\\[::1\\])(?=[:/]|$)");
    /** Under which QEMU's user network has the host's loopback. */
    private static final String HOST_ADDRESS = "10.0.2.2";

    private final boolean trusted;
    private final HostRegistries registries;
    private final Supplier<List<String>> aptSettings;

    /**
     * @param trusted whether the host's certificates are put into guests
     * @param environment the daemon's
     * @param aptSettings lines of an apt.conf
     */
    public HostEnvironment(boolean trusted, Map<String, String> environment, Supplier<List<String>> aptSettings) {
        this.trusted = trusted;
        this.aptSettings = aptSettings;
        registries = new HostRegistries(environment);
    }

    /** As they are for this VM; read anew each time, so that guests follow the host. */
    public Map<String, String> variables(Vm vm) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (trusted) {
            TRUST.forEach(name -> variables.put(name, HostTrust.BUNDLE));
        }
        registries.variables().forEach((name, value) -> variables.put(name, seenFrom(vm, value)));
        return variables;
    }

    @Override
    public List<GuestFile> forGuest(Vm vm) {
        List<GuestFile> files = new ArrayList<>();
        Map<String, String> variables = variables(vm);
        if (!variables.isEmpty()) {
            var text = new StringBuilder();
            variables.forEach(
                    (name, value) -> text.append(name).append('=').append(value).append('\n'));
            files.add(file(FILE, MODE, text.toString()));
        }
        List<String> apt = aptSettings.get();
        if (!apt.isEmpty()) {
            String text = String.join("\n", apt) + "\n";
            files.add(file(APT_FILE, APT_MODE, seenFrom(vm, text)));
        }
        return files;
    }

    private static GuestFile file(String path, int mode, String text) {
        return new GuestFile(path, mode, "", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A proxy or registry on the host's own loopback has another address there. */
    private static String seenFrom(Vm vm, String value) {
        return vm.spec().network() == NetworkMode.USER
                ? LOOPBACK.matcher(value).replaceAll("://$1" + HOST_ADDRESS)
                : value;
    }
}
