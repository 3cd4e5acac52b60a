package banger.daemon.driver.firecracker;

import java.io.IOException;

/** Firecracker refused a request; the message holds its own words. */
final class ApiFault extends IOException {
    private static final long serialVersionUID = 1;

    ApiFault(String request, String words) {
        super("firecracker refused " + request + ": " + words);
    }
}
