package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file with a kernel, either bare (ELF) or in a boot image. */
final class KernelImageFile {
    private static final long MAX_BYTES = 512L << 20;
    private static final int ELF_MACHINE = 18;

    private static final Pattern BANNER = Pattern.compile("Linux version ([0-9][^ \\x00]{0,99}) ");

    private KernelImageFile() {}

    /** Writes the uncompressed kernel. @param name what messages call it @throws Problem where it is no kernel */
    static void write(Path image, Path target, String name) throws IOException {
        if (Files.size(image) > MAX_BYTES) {
            throw new Problem(Problem.Kind.FAILED, "the kernel in " + name + " has more than " + MAX_BYTES + " bytes");
        }
        if (isElf(image)) {
            Files.copy(image, target);
        } else {
            Files.write(target, BzImage.extract(Files.readAllBytes(image), name));
        }
        checkMachine(target, name);
    }

    /** Looks at the file's beginning only. @throws Problem where it is no kernel */
    static void check(Path image) throws IOException {
        if (isElf(image)) {
            checkMachine(image, image.toString());
        } else if (!BzImage.isOne(image)) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    image + " is no kernel: expected an ELF file or a boot image (bzImage)",
                    "file " + image);
        }
    }

    private static boolean isElf(Path file) throws IOException {
        byte[] start = start(file);
        return start.length > ELF_MACHINE + 1
                && start[0] == 0x7f
                && start[1] == 'E'
                && start[2] == 'L'
                && start[3] == 'F';
    }

    private static void checkMachine(Path elf, String name) throws IOException {
        byte[] start = start(elf);
        int expected = System.getProperty("os.arch").equals("aarch64") ? 183 : 62;
        int found = (start[ELF_MACHINE] & 0xff) | (start[ELF_MACHINE + 1] & 0xff) << 8;
        if (found != expected) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the kernel in " + name + " is for another processor: ELF machine " + found + ", expected "
                            + expected);
        }
    }

    /** What {@code uname -r} says of it, as the kernel's own banner has it; "unknown" where there is none. */
    static String version(Path elf) throws IOException {
        String text = new String(Files.readAllBytes(elf), StandardCharsets.ISO_8859_1);
        Matcher banner = BANNER.matcher(text);
        return banner.find() ? banner.group(1) : "unknown";
    }

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(64);
        }
    }
}
