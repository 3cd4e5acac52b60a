package banger.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.guest.GuestFile;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostEnvironmentTest {
    @TempDir
    Path home;

    @Test
    void variablesOfRegistriesAndProxiesAreHandedOnAndNoOthers() {
        Map<String, String> found = variables(Map.of(
                "https_proxy", "http://proxy.example:3128",
                "NPM_CONFIG_REGISTRY", "https://npm.example/",
                "SECRET_TOKEN", "x"));
        assertEquals("http://proxy.example:3128", found.get("https_proxy"));
        assertEquals("https://npm.example/", found.get("NPM_CONFIG_REGISTRY"));
        assertFalse(found.containsKey("SECRET_TOKEN"));
    }

    @Test
    void whatTheFilesOfNpmAndPipSayStandsWhereNoVariableDoes() throws IOException {
        Files.writeString(home.resolve(".npmrc"), "fund=false\nregistry = https://npm.example/team/\n");
        Files.createDirectories(home.resolve(".config/pip"));
        Files.writeString(home.resolve(".config/pip/pip.conf"), "[global]\nindex-url = https://pip.example/simple\n");
        Map<String, String> found = variables(Map.of());
        assertEquals("https://npm.example/team/", found.get("npm_config_registry"));
        assertEquals("https://pip.example/simple", found.get("PIP_INDEX_URL"));
        assertEquals(
                "https://other.example",
                variables(Map.of("PIP_INDEX_URL", "https://other.example")).get("PIP_INDEX_URL"));
    }

    @Test
    void valuesThatMeanFilesOfTheHostStayThere() throws IOException {
        Files.writeString(home.resolve(".npmrc"), "registry=file:///srv/npm\n");
        assertFalse(variables(Map.of("PIP_EXTRA_INDEX_URL", "https://a.example file:///opt/pypi"))
                .containsKey("PIP_EXTRA_INDEX_URL"));
        assertFalse(variables(Map.of()).containsKey("npm_config_registry"));
    }

    @Test
    void theHostsLoopbackHasAnotherAddressInAGuestOfTheUserNetwork() {
        var environment = Map.of("http_proxy", "http://me:pw@localhost:3128", "GOPROXY", "http://127.0.0.1/go,direct");
        Map<String, String> found = variables(environment);
        assertEquals("http://me:pw@10.0.2.2:3128", found.get("http_proxy"));
        assertEquals("http://10.0.2.2/go,direct", found.get("GOPROXY"));
        assertEquals(
                "http://localhost.example",
                variables(Map.of("GOPROXY", "http://localhost.example")).get("GOPROXY"));
    }

    @Test
    void programsWithCertificatesOfTheirOwnAreToldOfTheHosts() {
        var trusting = new HostEnvironment(true, Map.of("HOME", home.toString()), List::of);
        assertEquals(
                "/etc/ssl/certs/ca-certificates.crt", trusting.variables(vm()).get("NODE_EXTRA_CA_CERTS"));
        assertFalse(variables(Map.of()).containsKey("NODE_EXTRA_CA_CERTS"));
    }

    @Test
    void theGuestGetsThemInAFileThatOnlyRootReads() {
        var host = new HostEnvironment(
                false,
                Map.of("HOME", home.toString(), "https_proxy", "http://p.example"),
                () -> List.of("Acquire::http::Proxy \"http://127.0.0.1:3142\";"));
        List<GuestFile> files = host.forGuest(vm());
        GuestFile variables = files.getFirst();
        assertEquals("/etc/banger/environment", variables.path());
        assertEquals(0600, variables.mode());
        assertTrue(text(variables).contains("https_proxy=http://p.example\n"));
        assertEquals("/etc/apt/apt.conf.d/95banger-host", files.getLast().path());
        assertEquals("Acquire::http::Proxy \"http://10.0.2.2:3142\";\n", text(files.getLast()));
    }

    private static String text(GuestFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    private Map<String, String> variables(Map<String, String> environment) {
        var all = new java.util.HashMap<>(environment);
        all.put("HOME", home.toString());
        return new HostEnvironment(false, all, List::of).variables(vm());
    }

    static Vm vm() {
        VmSpec spec = new VmSpec(1, 1, 1, NetworkMode.USER, List.of());
        return new Vm(
                UUID.randomUUID(),
                "beta",
                UUID.randomUUID(),
                spec,
                VmState.CREATING,
                "00",
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
