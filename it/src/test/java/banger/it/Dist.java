package banger.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A built distribution: the folder with {@code bin/banger} and {@code bin/bangerd}. */
record Dist(Path folder) {
    /** The one under test. */
    static final Dist BUILT = new Dist(Path.of(System.getProperty("banger.dist", "../dist/banger"))
            .toAbsolutePath()
            .normalize());

    private static final String BUILD_FILE = "banger/build.properties";

    Path banger() {
        return folder.resolve("bin/banger");
    }

    Path bangerd() {
        return folder.resolve("bin/bangerd");
    }

    Path agent() {
        return folder.resolve("lib/agent/banger-agent");
    }

    /** The build id in its jars. */
    String build() throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(wireJars().getFirst())) {
            return Files.readString(jar.getPath(BUILD_FILE)).strip().replaceFirst("^[^=]*=", "");
        }
    }

    /** A copy of it that says that it is another build. */
    Dist copyAs(String build, Path target) throws IOException {
        copyTo(target);
        var copy = new Dist(target);
        for (Path wire : copy.wireJars()) {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + wire.toUri()), Map.of())) {
                Path file = jar.getPath(BUILD_FILE);
                Files.writeString(file, Files.readString(file).replace(build(), build));
            }
        }
        return copy;
    }

    /** A copy that everybody can read and run. */
    Dist copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        Command.ok("cp", "-a", folder + "/.", target.toString());
        Command.ok("chmod", "-R", "a+rX", target.toString());
        return new Dist(target);
    }

    private java.util.List<Path> wireJars() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("wire-"))
                    .toList();
        }
    }
}
