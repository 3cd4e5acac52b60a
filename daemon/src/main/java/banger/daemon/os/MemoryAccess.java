package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Of which other processes of its user a process may read the memory, by {@code kernel.yama.ptrace_scope}. */
public enum MemoryAccess {
    ALL,
    /** Those that it has started, and no other process after it. */
    DESCENDANTS,
    NONE;

    private static final Path SCOPE = Path.of("/proc/sys/kernel/yama/ptrace_scope");

    /** What this process may. */
    public static MemoryAccess here() {
        boolean privileged =
                Privileges.lacking(List.of(Privileges.Capability.SYS_PTRACE)).isEmpty();
        return read(SCOPE, privileged);
    }

    /** @param scope the kernel's file, which a kernel without such a bound does not have */
    static MemoryAccess read(Path scope, boolean privileged) {
        String found;
        try {
            found = Files.readString(scope).strip();
        } catch (IOException e) {
            return ALL;
        }
        return switch (found) {
            case "0" -> ALL;
            case "1" -> privileged ? ALL : DESCENDANTS;
            case "2" -> privileged ? ALL : NONE;
            default -> NONE;
        };
    }
}
