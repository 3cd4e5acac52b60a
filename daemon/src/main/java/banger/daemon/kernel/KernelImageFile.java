package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a kernel, either bare (ELF) or in a boot image. */
final class KernelImageFile {
    private static final long MAX_BYTES = 512L << 20;
    private static final int ELF_MACHINE = 18;

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

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(64);
        }
    }
}
