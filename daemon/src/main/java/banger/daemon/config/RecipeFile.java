package banger.daemon.config;

import banger.daemon.build.Recipe;
import banger.daemon.build.Step;
import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a recipe for an image (docs/images.md), and reports all that is wrong with it at once. */
public final class RecipeFile {
    private static final String HINT = "docs/images.md lists every key of a recipe";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern CONDITION = Pattern.compile("agent|init|tcp:(?<port>[1-9][0-9]{0,4})|path:/.+");
    private static final int MAX_PORT = 65_535;
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");
    private static final Set<String> STEP_KEYS = Set.of("run", "copy", "to");

    private final Path folder;
    private final Settings settings;
    private final List<Step> steps = new ArrayList<>();

    private RecipeFile(Path file, Settings settings) {
        this.settings = settings;
        folder = file.toAbsolutePath().getParent();
    }

    /** @throws Problem INVALID_ARGUMENT that lists every fault with its line; NOT_FOUND */
    public static Recipe read(Path file) {
        if (!java.nio.file.Files.exists(file)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no recipe " + file, "ls -l " + file);
        }
        var settings = new Settings(Toml.parse(ConfigFile.text(file)));
        Recipe recipe = new RecipeFile(file, settings).recipe();
        settings.refuseUnknownKeys("env.");
        settings.faults().throwIfAny(file, HINT);
        return recipe;
    }

    private Recipe recipe() {
        String from = settings.text("from", "");
        names("packages", list -> steps.add(new Step.Install(list)));
        names("npm", list -> steps.add(new Step.Npm(list)));
        steps();
        names("services", list -> steps.add(new Step.Enable(list)));
        List<String> readiness = settings.texts("readiness");
        for (String each : readiness) {
            if (!isCondition(each)) {
                fault("readiness", "\"" + each + "\" is no condition: expected agent, init, tcp:PORT or path:PATH");
            }
        }
        String user = settings.text("user", "");
        if (!user.isEmpty() && !USER.matcher(user).matches()) {
            fault("user", "\"" + user + "\" is no name of a user");
        }
        var bound = settings.has("step_timeout") ? settings.stepTimeout("step_timeout") : null;
        return new Recipe(
                from.isEmpty() ? null : from, steps, environment(), user.isEmpty() ? null : user, readiness, bound);
    }

    private static boolean isCondition(String text) {
        var matcher = CONDITION.matcher(text);
        return matcher.matches()
                && (matcher.group("port") == null || Integer.parseInt(matcher.group("port")) <= MAX_PORT);
    }

    private void names(String key, Consumer<List<String>> step) {
        List<String> names = settings.texts(key);
        if (!names.isEmpty()) {
            checked(settings.position(key), () -> step.accept(names));
        }
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        TomlTable table = settings.table("env");
        for (String name : table == null ? Set.<String>of() : table.keySet()) {
            Object value = table.get(List.of(name));
            if (!VARIABLE.matcher(name).matches()) {
                fault("env", "\"" + name + "\" is no name of a variable");
            } else if (value instanceof String text && text.indexOf('\0') < 0) {
                variables.put(name, text);
            } else {
                fault("env", "env." + name + " must be text in quotes");
            }
        }
        return variables;
    }

    private void steps() {
        TomlArray array = settings.array("steps");
        for (int i = 0; array != null && i < array.size(); i++) {
            TomlPosition position = array.inputPositionOf(i);
            switch (array.get(i)) {
                case String script -> checked(position, () -> steps.add(new Step.Run(script)));
                case TomlTable table -> checked(position, () -> steps.add(step(table)));
                default ->
                    settings.faults().add(position, "a step is a script in quotes, or { copy = \"…\", to = \"/…\" }");
            }
        }
    }

    private Step step(TomlTable table) {
        for (String key : table.keySet()) {
            if (!STEP_KEYS.contains(key)) {
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT,
                        "unknown key " + key + " of a step" + Spelling.suggestion(key, STEP_KEYS));
            }
        }
        String run = text(table, "run");
        String copy = text(table, "copy");
        String to = text(table, "to");
        if (run != null && copy == null && to == null) {
            return new Step.Run(run);
        }
        if (run == null && copy != null && to != null) {
            return new Step.Copy(folder.resolve(copy).normalize(), to);
        }
        throw new Problem(Problem.Kind.INVALID_ARGUMENT, "a step has either run, or copy and to");
    }

    private static @Nullable String text(TomlTable table, String key) {
        Object value = table.get(List.of(key));
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new Problem(Problem.Kind.INVALID_ARGUMENT, key + " of a step must be text in quotes");
    }

    private void checked(@Nullable TomlPosition position, Runnable work) {
        try {
            work.run();
        } catch (Problem e) {
            settings.faults().add(position, String.valueOf(e.getMessage()));
        }
    }

    private void fault(String key, String text) {
        settings.faults().add(settings.position(key), text);
    }
}
