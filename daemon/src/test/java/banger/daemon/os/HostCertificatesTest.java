package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates of the host guests are given where its user says nothing. */
final class HostCertificatesTest {
    private static final Map<String, String> EMPTY = Map.of();

    @TempDir
    Path root;

    private HostCertificates certificates;

    @BeforeEach
    void host() {
        certificates = new HostCertificates(root);
    }

    @Test
    void aHostWithItsDistributionsCertificatesGivesNone() throws IOException {
        file("etc/ssl/certs/ca-certificates.crt");
        Files.createDirectories(root.resolve("usr/local/share/ca-certificates/empty"));
        assertNull(certificates.given(EMPTY));
    }

    @Test
    void oneThatItsAdministratorAddedBringsTheHostsBundle() throws IOException {
        Path bundle = file("etc/ssl/certs/ca-certificates.crt");
        file("usr/local/share/ca-certificates/company/proxy.crt");
        assertEquals(bundle, certificates.given(EMPTY));
    }

    @Test
    void otherDistributionsHaveTheirOwnPlaces() throws IOException {
        Path bundle = file("etc/pki/tls/certs/ca-bundle.crt");
        file("etc/pki/ca-trust/source/anchors/proxy.pem");
        assertEquals(bundle, certificates.given(EMPTY));
    }

    @Test
    void theVariableWins() throws IOException {
        file("etc/ssl/certs/ca-certificates.crt");
        file("usr/local/share/ca-certificates/proxy.crt");
        Path mine = file("mine.pem");
        assertEquals(mine, certificates.given(Map.of("SSL_CERT_FILE", mine.toString())));
    }

    @Test
    void aStaleVariableIsPassedOver() throws IOException {
        assertNull(certificates.given(Map.of("SSL_CERT_FILE", root + "/gone.pem")));
        assertNull(certificates.given(Map.of("SSL_CERT_FILE", "relative.pem")));
        Path bundle = file("etc/ssl/certs/ca-certificates.crt");
        file("usr/local/share/ca-certificates/proxy.crt");
        assertEquals(bundle, certificates.given(Map.of("SSL_CERT_FILE", root + "/gone.pem")));
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }
}
