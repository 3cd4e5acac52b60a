package banger.daemon.rpc;

import banger.daemon.build.ImageBuild;
import banger.daemon.build.Recipe;
import banger.daemon.build.Step;
import banger.daemon.image.ImageName;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.wire.rpc.ImageMessages.BuildImage;
import banger.wire.rpc.ImageMessages.CopyStep;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Answers calls that build images. */
public final class BuildHandlers {
    private final ImageBuild builds;
    private final Function<Path, Recipe> recipes;
    private final Operations operations;

    /** @param recipes reads a recipe's file */
    public BuildHandlers(ImageBuild builds, Function<Path, Recipe> recipes, Operations operations) {
        this.builds = builds;
        this.recipes = recipes;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_BUILD, this::build);
    }

    private OperationRef build(BuildImage call) {
        Recipe written = call.recipe() == null ? Recipe.EMPTY : recipes.apply(absolute(call.recipe()));
        Recipe recipe = written.with(call.from(), steps(call), variables(call));
        if (recipe.steps().isEmpty() && recipe.equals(Recipe.EMPTY.with(recipe.from(), List.of(), Map.of()))) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "nothing is to be done for image " + call.name(),
                    "banger image build --help");
        }
        var request = new ImageBuild.Request(ImageName.check(call.name()), recipe, call.fresh());
        builds.base(request);
        return new OperationRef(operations
                .begin("image.build", call.name(), progress -> builds.run(request, progress))
                .id());
    }

    private static List<Step> steps(BuildImage call) {
        List<Step> steps = new ArrayList<>();
        List<String> install = orEmpty(call.install());
        if (!install.isEmpty()) {
            steps.add(new Step.Install(install));
        }
        for (CopyStep copy : orEmpty(call.copy())) {
            steps.add(new Step.Copy(absolute(copy.source()), copy.target()));
        }
        orEmpty(call.run()).forEach(script -> steps.add(new Step.Run(script)));
        return steps;
    }

    private static Map<String, String> variables(BuildImage call) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String each : orEmpty(call.environment())) {
            int equals = each.indexOf('=');
            if (equals < 1 || each.indexOf('\0') >= 0) {
                throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + each + "\" is not NAME=VALUE");
            }
            variables.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return variables;
    }

    private static Path absolute(String text) {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + text + "\" is no path that begins with /");
        }
        return Path.of(text);
    }

    private static <T> List<T> orEmpty(@org.jspecify.annotations.Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }
}
