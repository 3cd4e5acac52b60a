package banger.daemon.xbps;

import banger.daemon.os.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/** Writes small Void Linux packages for tests. */
public final class XbpsFile {
    private static final String HEAD = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            """;

    private XbpsFile() {}

    /** Writes a package with these files, which are named from the root without a slash. */
    public static Path write(Path xbps, String name, String version, List<String> depends, Map<String, byte[]> files)
            throws IOException {
        StringBuilder list = new StringBuilder(HEAD + "<dict><key>files</key><array>");
        for (var file : files.entrySet()) {
            Path copy = Files.write(xbps.resolveSibling("digested"), file.getValue());
            list.append("<dict><key>file</key><string>/").append(file.getKey()).append("</string>");
            list.append("<key>sha256</key><string>").append(Sha256.of(copy)).append("</string></dict>\n");
            Files.delete(copy);
        }
        return write(xbps, props(name, version, depends), list + "</array></dict></plist>", files);
    }

    static String props(String name, String version, List<String> depends) {
        StringBuilder needs = new StringBuilder();
        depends.forEach(each ->
                needs.append("<string>").append(each.replace(">", "&gt;")).append("</string>"));
        return HEAD + "<dict><key>architecture</key><string>x86_64</string><key>pkgname</key><string>" + name
                + "</string><key>preserve</key><true/><key>installed_size</key><integer>5</integer>"
                + "<key>version</key><string>" + version + "</string><key>run_depends</key><array>" + needs
                + "</array></dict></plist>";
    }

    static Path write(Path xbps, String props, String list, Map<String, byte[]> files) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("./INSTALL", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
        all.put("./props.plist", props.getBytes(StandardCharsets.UTF_8));
        all.put("./files.plist", list.getBytes(StandardCharsets.UTF_8));
        files.forEach((name, content) -> all.put("./" + name, content));
        try (var tar = new TarArchiveOutputStream(new ZstdCompressorOutputStream(Files.newOutputStream(xbps)))) {
            for (var file : all.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return xbps;
    }
}
