package banger.daemon.vm;

import banger.daemon.guest.GuestFile;
import banger.daemon.os.Reason;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CA certificates that the host trusts, for guests: a host behind an inspecting proxy has guests behind it too.
 *
 * <p>The bundle takes the place of the guest's, and lies where the guest's own update-ca-certificates finds it again.
 */
public final class HostTrust implements GuestSetup.Files {
    /** Where the certificates lie in a guest. */
    public static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

    private static final String SOURCE = "/usr/local/share/ca-certificates/banger-host.crt";
    private static final int MODE = 0644;
    private static final long MAX_BYTES = 16L << 20;

    private final @Nullable Path certificates;

    /** @param certificates a PEM file, or null: guests keep to their own */
    public HostTrust(@Nullable Path certificates) {
        this.certificates = certificates;
    }

    /** Other guests of this host have the same. */
    @Override
    public List<GuestFile> ofItsOwn(Vm vm) {
        return List.of();
    }

    @Override
    public List<GuestFile> forGuest(Vm vm) {
        if (certificates == null) {
            return List.of();
        }
        byte[] pem = pem(certificates);
        return List.of(new GuestFile(BUNDLE, MODE, "", pem), new GuestFile(SOURCE, MODE, "", pem));
    }

    /** @throws Problem where they cannot be read */
    public static byte[] pem(Path certificates) {
        try {
            if (!Files.isRegularFile(certificates)) {
                throw Files.exists(certificates)
                        ? new IOException("it is no file")
                        : new NoSuchFileException(certificates.toString());
            }
            if (Files.size(certificates) > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(certificates);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the CA certificates for guests cannot be read: " + Reason.of(e),
                    "set guest.ca_certificates in the configuration",
                    e);
        }
    }
}
