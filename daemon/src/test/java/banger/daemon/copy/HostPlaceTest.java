package banger.daemon.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPlaceTest {
    @TempDir
    Path top;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // asked for | called | folder? | where it is then
                "new       | src | true  | new",
                "new       | src | false | new",
                "folder    | src | true  | folder/src",
                "folder    | src | false | folder/src",
                "folder/   | src | false | folder/src",
                "folder    | ''  | true  | folder",
                "link      | src | false | folder/src",
                "file      | src | false | file",
                "folder/in | src | false | folder/in"
            })
    void thePlaceIsWhereCpWouldPutIt(String asked, String name, boolean folder, String place) throws IOException {
        surroundings();
        try (HostPlace found = HostPlace.of(top + "/" + asked, name, folder)) {
            Path made = found.aside().resolve(HostPlace.NAME);
            if (folder) {
                Files.createDirectory(made);
                Files.writeString(made.resolve("content"), "x");
            } else {
                Files.writeString(made, "x");
            }
            found.publish();
        }
        Path there = top.resolve(place);
        assertEquals("x", Files.readString(folder ? there.resolve("content") : there));
        try (var left = Files.walk(top)) {
            assertTrue(left.noneMatch(each -> each.getFileName().toString().startsWith(".banger")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new/        | src  | true  | there is no folder",
                "no/new      | src  | true  | there is no folder",
                "file        | src  | true  | is a file, where a folder comes",
                "file/       | src  | false | there is no folder",
                "folder      | sub  | false | is a folder, where a file comes",
                "folder      | file | true  | is a file, where a folder comes",
                "folder      | link | true  | is a symbolic link, where a folder comes"
            })
    void whatCannotBeIsSaidBeforeAnythingIsMade(String asked, String name, boolean folder, String why)
            throws IOException {
        surroundings();
        Problem e = assertThrows(Problem.class, () -> HostPlace.of(top + "/" + asked, name, folder));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void aFolderThatIsClosedToItsOwnerKeepsItsMode() throws IOException {
        surroundings();
        try (HostPlace found = HostPlace.of(top + "/new", "", true)) {
            Path made = Files.createDirectory(found.aside().resolve(HostPlace.NAME));
            Files.setPosixFilePermissions(made, java.nio.file.attribute.PosixFilePermissions.fromString("r-xr-xr-x"));
            found.publish();
        }
        assertEquals(0555, (int) Files.getAttribute(top.resolve("new"), "unix:mode") & 0777);
    }

    private void surroundings() throws IOException {
        Files.createDirectories(top.resolve("folder/sub"));
        Files.writeString(top.resolve("file"), "old");
        Files.writeString(top.resolve("folder/file"), "old");
        Files.createSymbolicLink(top.resolve("link"), top.resolve("folder"));
        Files.createSymbolicLink(top.resolve("folder/link"), top);
    }
}
