package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of another process that has mapped a file privately, as a restored machine has. */
class ProcessMemoryTest {
    private static final int PAGE = 4096;
    /** A length that nothing else in the process has. */
    private static final long BYTES = 1237L * PAGE;

    /** Maps the file, writes words at their offsets, and prints the word at each offset that it is asked for. */
    private static final String PROGRAM = """
            import mmap, sys
            path, length, *words = sys.argv[1:]
            with open(path, "r+b") as file:
                memory = mmap.mmap(file.fileno(), int(length), mmap.MAP_PRIVATE)
            for word in words:
                offset, text = word.split("=")
                memory[int(offset):int(offset) + len(text)] = text.encode()
            print("mapped", flush=True)
            for line in sys.stdin:
                print(memory[int(line):int(line) + 8].rstrip(bytes(1)).decode(), flush=True)
            """;

    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void aFile() throws IOException {
        base = folder.resolve("base");
        try (var file = new RandomAccessFile(base.toFile(), "rw")) {
            file.setLength(BYTES);
            file.seek(7 * PAGE);
            file.writeBytes("base");
        }
    }

    /** A process with the file mapped. */
    private record Mapper(Process process, BufferedReader lines) implements AutoCloseable {
        static Mapper start(Path file, String... words) throws IOException {
            var line = new ArrayList<>(List.of("python3", "-c", PROGRAM, file.toString(), Long.toString(BYTES)));
            line.addAll(List.of(words));
            Process process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var mapper = new Mapper(process, process.inputReader());
            assertEquals("mapped", mapper.lines().readLine());
            return mapper;
        }

        String at(long offset) throws IOException {
            process.outputWriter().append(Long.toString(offset)).append('\n').flush();
            return lines.readLine();
        }

        ProcessMemory memory() throws IOException {
            return ProcessMemory.find(process.pid(), BYTES);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void whatAProcessHasChangedGoesIntoAnotherOfTheSameFile() throws IOException {
        Path changes = folder.resolve("changes");
        Path name = folder.resolve("name");
        long last = BYTES - PAGE;
        try (Mapper source = Mapper.start(base, "0=first", 300 * PAGE + "=middle", last + "=last")) {
            assertTrue(source.memory().linkBase(name));
            source.memory().saveOwn(changes);
        }
        assertTrue(Files.isSameFile(base, name));
        assertTrue(Files.size(changes) < 16 * PAGE, "only what differs is saved");
        try (Mapper copy = Mapper.start(name, 7 * PAGE + 16 + "=own")) {
            copy.memory().apply(changes);
            assertEquals("first", copy.at(0));
            assertEquals("middle", copy.at(300 * PAGE));
            assertEquals("last", copy.at(last));
            assertEquals("base", copy.at(7 * PAGE));
            assertEquals("own", copy.at(7 * PAGE + 16));
        }
        try (Mapper other = Mapper.start(base)) {
            assertEquals("", other.at(0), "the file itself is as it was");
        }
    }

    @Test
    void aFileThatIsGoneCannotBeLinked() throws IOException {
        try (Mapper source = Mapper.start(base)) {
            Files.delete(base);
            assertFalse(source.memory().linkBase(folder.resolve("name")));
        }
        assertFalse(Files.exists(folder.resolve("name")));
    }

    @Test
    void changesThatLeadOutsideOfTheMemoryAreRefused() throws IOException {
        Path changes = folder.resolve("changes");
        try (var file = new RandomAccessFile(changes.toFile(), "rw")) {
            file.writeLong(BYTES - PAGE + 1);
            file.writeLong(PAGE);
            file.write(new byte[PAGE]);
        }
        try (Mapper copy = Mapper.start(base)) {
            assertThrows(IOException.class, () -> copy.memory().apply(changes));
        }
    }
}
