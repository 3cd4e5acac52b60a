package banger.daemon.driver.firecracker;

import java.nio.file.Path;

/** The Firecracker program of this host. */
public record FirecrackerProgram(Path binary, FirecrackerVersion version) {}
