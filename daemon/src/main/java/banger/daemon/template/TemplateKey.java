package banger.daemon.template;

import banger.daemon.image.FileStamp;
import banger.daemon.image.Image;
import banger.daemon.kernel.Kernel;
import banger.daemon.os.Sha256;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * What a template was made of, as one digest: a template serves only VMs whose key is the same.
 *
 * @param digest the first 32 hex digits of a SHA-256
 */
record TemplateKey(String digest) {
    /** Changes when frozen machines are laid out or treated in another way. */
    private static final String FORMAT = "3";

    private static final int LENGTH = 32;

    /** @param host what of the host's own goes into guests, and the driver's fingerprint */
    static TemplateKey of(Image image, Kernel kernel, VmSpec spec, List<String> host) throws IOException {
        var parts = new ArrayList<String>();
        parts.add(FORMAT);
        image.layers().forEach(layer -> parts.add(layer.digest()));
        if (image.userFiles() != null) {
            parts.add(FileStamp.of(image.userFiles().rootfs()));
        }
        parts.add(image.workSeed());
        parts.addAll(image.readiness());
        parts.add(kernel.id());
        // The initramfs holds the agent; it is made anew, at another time, for another agent.
        parts.add(Files.getLastModifiedTime(kernel.initramfs()).toString());
        parts.add(Long.toString(Files.size(kernel.initramfs())));
        parts.add(Integer.toString(spec.vcpus()));
        parts.add(Long.toString(spec.memoryBytes()));
        parts.add(spec.network().name());
        parts.addAll(host);
        byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
        return new TemplateKey(Sha256.of(text).substring(0, LENGTH));
    }
}
