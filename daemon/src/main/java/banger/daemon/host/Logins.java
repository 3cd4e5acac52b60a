package banger.daemon.host;

import banger.daemon.guest.GuestFile;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The user's logins of coding agents, for VMs: each at its usual place below the home, which is on the VM's work disk and
 * so in no image. Their content is never logged.
 */
public final class Logins implements GuestSetup.Files {
    private static final System.Logger LOG = System.getLogger(Logins.class.getName());
    private static final String GUEST_HOME = "/root/";
    private static final int MODE = 0600;
    private static final long MAX_BYTES = 1 << 20;

    /** A tool with a login of its own. */
    public enum Tool {
        OPENCODE(".local/share/opencode/auth.json"),
        CLAUDE(".claude/.credentials.json"),
        PI(".pi/agent/auth.json");

        private final String place;

        Tool(String place) {
            this.place = place;
        }
    }

    private final Map<String, String> environment;
    private final Set<Tool> tools;

    /** @param environment the daemon's @param tools those whose login is wanted in VMs */
    Logins(Map<String, String> environment, Set<Tool> tools) {
        this.environment = Map.copyOf(environment);
        this.tools = Set.copyOf(tools);
    }

    /** Those of the tools that are wanted. */
    public static Logins of(Map<String, String> environment, boolean opencode, boolean claude, boolean pi) {
        var tools = EnumSet.noneOf(Tool.class);
        Map.of(Tool.OPENCODE, opencode, Tool.CLAUDE, claude, Tool.PI, pi).forEach((tool, wanted) -> {
            if (wanted) {
                tools.add(tool);
            }
        });
        return new Logins(environment, tools);
    }

    @Override
    public List<GuestFile> forGuest(Vm vm) {
        List<GuestFile> files = new ArrayList<>();
        for (Tool tool : Tool.values()) {
            Path file = tools.contains(tool) ? onHost(tool) : null;
            if (file != null && Files.isRegularFile(file)) {
                try {
                    if (Files.size(file) > MAX_BYTES) {
                        throw new IOException("it has more than " + MAX_BYTES + " bytes");
                    }
                    files.add(new GuestFile(GUEST_HOME + tool.place, MODE, "", Files.readAllBytes(file)));
                } catch (IOException e) {
                    // A VM without a login is of use all the same.
                    LOG.log(System.Logger.Level.WARNING, "{0} is not put into vm {1}: {2}", file, vm.name(), e);
                }
            }
        }
        return files;
    }

    private @org.jspecify.annotations.Nullable Path onHost(Tool tool) {
        String home = environment.getOrDefault("HOME", "");
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (tool == Tool.OPENCODE && data.startsWith("/")) {
            return Path.of(data, "opencode/auth.json");
        }
        return home.startsWith("/") ? Path.of(home, tool.place) : null;
    }
}
