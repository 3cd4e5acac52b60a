package banger.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A container image of two layers with busybox and no init, in each of the forms that images come in.
 *
 * <p>The upper layer adds {@code /etc/added}, removes {@code /etc/gone} and replaces all that was in {@code /srv/all}.
 */
final class ContainerImage {
    private static final String LOWER = """
            mkdir -p bin etc dev proc sys tmp run root home/app srv/all var
            cp /bin/busybox bin/busybox
            for each in sh ls cat stat ps id env pwd sleep touch uname poweroff readlink; do ln -s busybox bin/$each; done
            printf 'root:x:0:0:root:/root:/bin/sh\\napp:x:1000:1000::/home/app:/bin/sh\\n' >etc/passwd
            printf 'root:x:0:\\napp:x:1000:\\nstaff:x:50:\\n' >etc/group
            echo first >etc/one && ln etc/one etc/other && touch etc/gone srv/all/old
            echo secret >etc/secret && chmod 640 etc/secret && chown 0:42 etc/secret
            cp etc/one bin/setuid && chmod 4755 bin/setuid
            echo 'from the image' >root/greeting
            """;
    private static final String UPPER = """
            mkdir -p etc srv/all
            echo second >etc/added
            touch etc/.wh.gone srv/all/.wh..wh..opq srv/all/new
            """;

    private final Path folder;
    private final List<String> layers = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();
    private String config = "";
    private String manifest = "";

    private ContainerImage(Path folder) {
        this.folder = folder;
    }

    /** Makes it below that folder. */
    static ContainerImage in(Path parent) {
        ContainerImage image = new ContainerImage(parent.resolve("container-image"));
        try {
            Files.createDirectories(image.blobs());
            image.add("lower", LOWER);
            image.add("upper", UPPER);
            image.describe();
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An OCI layout. */
    Path layout() {
        return folder.resolve("layout");
    }

    Path layoutTar() {
        Path tar = folder.resolve("layout.tar");
        Command.ok("tar", "-C", layout().toString(), "-cf", tar.toString(), ".");
        return tar;
    }

    /** The lower layer alone, as a plain root file system. */
    Path rootfsTar() {
        return folder.resolve("lower.tar");
    }

    Path dockerSave() {
        Path save = folder.resolve("save");
        Path tar = folder.resolve("save.tar");
        try {
            Files.createDirectories(save);
            Files.copy(blobs().resolve(config), save.resolve(config + ".json"));
            var names = new ArrayList<String>();
            for (int number = 0; number < contents.size(); number++) {
                Path layer = Files.createDirectories(save.resolve(contents.get(number)));
                Files.copy(folder.resolve(number == 0 ? "lower.tar" : "upper.tar"), layer.resolve("layer.tar"));
                names.add("\"" + contents.get(number) + "/layer.tar\"");
            }
            Files.writeString(
                    save.resolve("manifest.json"),
                    "[{\"Config\":\"" + config + ".json\",\"RepoTags\":[\"app:1\"],\"Layers\":["
                            + String.join(",", names) + "]}]");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.ok("sh", "-euc", "cd \"$1\" && tar -cf \"$2\" *", "sh", save.toString(), tar.toString());
        return tar;
    }

    /** Puts it into a registry. */
    void push(LoopbackRegistry registry, String repository, String tag) {
        for (String digest : layers) {
            registry.putBlob(repository, digest, blobs().resolve(digest));
        }
        registry.putBlob(repository, config, blobs().resolve(config));
        registry.putManifest(repository, tag, "application/vnd.oci.image.manifest.v1+json", blobs().resolve(manifest));
    }

    private Path blobs() {
        return layout().resolve("blobs/sha256");
    }

    private void add(String name, String script) throws IOException {
        Path root = Files.createDirectories(folder.resolve(name));
        Command.okAsRoot("sh", "-euc", "cd \"$1\" && " + script, "sh", root.toString());
        if (name.equals("lower")) {
            Files.getFileAttributeView(root.resolve("etc/one"), UserDefinedFileAttributeView.class)
                    .write("note", StandardCharsets.UTF_8.encode("kept"));
        }
        Path tar = folder.resolve(name + ".tar");
        Command.okAsRoot("tar", "--xattrs", "--sort=name", "-C", root.toString(), "-cf", tar.toString(), ".");
        contents.add(sha256(tar));
        Command.ok("gzip", "-1kn", tar.toString());
        layers.add(store(folder.resolve(name + ".tar.gz")));
    }

    private void describe() throws IOException {
        config = store(write("config", """
                {"architecture":"amd64","os":"linux","config":{"User":"app:staff","Env":["PATH=/bin","COLOR=dark blue"],\
                "Entrypoint":["/bin/sh"],"Cmd":["-c","true"],"WorkingDir":"/srv","ExposedPorts":{"8080/tcp":{}}},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}""".formatted(contents.get(0), contents.get(1))));
        manifest = store(write(
                "manifest",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config) + ",\"layers\":["
                        + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layers.get(0)) + ","
                        + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layers.get(1)) + "]}"));
        Files.writeString(layout().resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                layout().resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":["
                        + descriptor("application/vnd.oci.image.manifest.v1+json", manifest) + "]}");
    }

    private String descriptor(String type, String digest) throws IOException {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + digest + "\",\"size\":"
                + Files.size(blobs().resolve(digest)) + "}";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String store(Path file) throws IOException {
        String digest = sha256(file);
        Files.move(file, blobs().resolve(digest));
        return digest;
    }

    static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
