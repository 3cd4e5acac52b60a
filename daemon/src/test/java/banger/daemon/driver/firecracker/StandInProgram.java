package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.standin.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes a program file that a driver takes for Firecracker, and that runs the stand-in. */
final class StandInProgram {
    private StandInProgram() {}

    static Path in(Path folder, String version) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path program = folder.resolve("firecracker");
        Files.writeString(program, """
                #!/bin/sh
                [ "$1" = --version ] && echo "Firecracker v%s" && exit 0
                exec %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx64m -Dstandin.version=%s -cp '%s' %s "$@"
                """.formatted(version, java, version, System.getProperty("java.class.path"), StandIn.class.getName()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }
}
