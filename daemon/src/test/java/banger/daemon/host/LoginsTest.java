package banger.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.guest.GuestFile;
import banger.daemon.host.Logins.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {
    @TempDir
    Path home;

    @Test
    void loginsThatAreThereGoToTheirUsualPlacesForRootAlone() throws IOException {
        login(".claude/.credentials.json");
        login(".pi/agent/auth.json");
        List<GuestFile> files = logins(Map.of(), EnumSet.allOf(Tool.class));
        assertEquals(
                List.of("/root/.claude/.credentials.json", "/root/.pi/agent/auth.json"),
                files.stream().map(GuestFile::path).toList());
        for (GuestFile file : files) {
            assertEquals(0600, file.mode());
            assertEquals("", file.user());
        }
    }

    @Test
    void aToolThatIsSwitchedOffGivesNothing() throws IOException {
        login(".claude/.credentials.json");
        assertEquals(List.of(), logins(Map.of(), EnumSet.of(Tool.PI, Tool.OPENCODE)));
    }

    @Test
    void opencodesLoginLiesInTheUsersDataFolder() throws IOException {
        login("data/opencode/auth.json");
        List<GuestFile> files =
                logins(Map.of("XDG_DATA_HOME", home.resolve("data").toString()), EnumSet.allOf(Tool.class));
        assertEquals("/root/.local/share/opencode/auth.json", files.getFirst().path());
    }

    private void login(String place) throws IOException {
        Path file = home.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}");
    }

    private List<GuestFile> logins(Map<String, String> more, Set<Tool> tools) {
        var environment = new java.util.HashMap<>(more);
        environment.put("HOME", home.toString());
        return new Logins(environment, tools).forGuest(HostEnvironmentTest.vm());
    }
}
