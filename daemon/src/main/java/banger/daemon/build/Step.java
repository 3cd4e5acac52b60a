package banger.daemon.build;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One step of a build: what it does in the guest becomes a layer. */
public sealed interface Step {
    /** For a person, in a line. */
    String what();

    /** All that its outcome depends on, but for the content of files of the host. */
    List<String> identity();

    /** Installs packages of the guest's distribution. */
    record Install(List<String> packages) implements Step {
        public Install {
            packages = Words.checked("package", packages);
        }

        @Override
        public String what() {
            return "install " + String.join(" ", packages);
        }

        @Override
        public List<String> identity() {
            return Words.behind("install", packages);
        }
    }

    /** Installs packages of npm for all users; the guest must have npm by then. */
    record Npm(List<String> packages) implements Step {
        public Npm {
            packages = Words.checked("npm package", packages);
        }

        @Override
        public String what() {
            return "npm " + String.join(" ", packages);
        }

        @Override
        public List<String> identity() {
            return Words.behind("npm", packages);
        }
    }

    /** Runs a shell script as root, in root's home; the first command that fails ends it. */
    record Run(String script) implements Step {
        public Run {
            if (script.isBlank() || script.indexOf('\0') >= 0) {
                throw new Problem(Problem.Kind.INVALID_ARGUMENT, "a script to run is empty, or holds a NUL");
            }
        }

        @Override
        public String what() {
            String first = script.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
            boolean all = first.equals(script.strip()) && first.length() <= Words.MAX_SHOWN;
            return "run " + (all ? first : first.substring(0, Math.min(first.length(), Words.MAX_SHOWN)) + " …");
        }

        @Override
        public List<String> identity() {
            return List.of("run", script);
        }
    }

    /**
     * Copies a file or folder of the host, as {@code cp} does; missing folders above the target are made.
     *
     * @param source absolute
     * @param target an absolute path of the guest; with a slash at its end: into that folder
     */
    record Copy(Path source, String target) implements Step {
        public Copy {
            if (!target.startsWith("/") || target.indexOf('\0') >= 0) {
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT,
                        "\"" + target + "\" is no place in a guest: expected a path that begins with /");
            }
        }

        @Override
        public String what() {
            return "copy " + source.getFileName() + " to " + target;
        }

        @Override
        public List<String> identity() {
            // A folder's content goes to the target under the folder's name.
            return List.of("copy", String.valueOf(source.getFileName()), target);
        }
    }

    /** Has units of systemd started at each boot. */
    record Enable(List<String> units) implements Step {
        public Enable {
            units = Words.checked("service", units);
        }

        @Override
        public String what() {
            return "enable " + String.join(" ", units);
        }

        @Override
        public List<String> identity() {
            return Words.behind("enable, restart after restore", units);
        }
    }

    /** Lists of names. */
    final class Words {
        static final int MAX_SHOWN = 100;
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9@][A-Za-z0-9@._:+~^=</>*-]{0,199}");

        private Words() {}

        static List<String> checked(String what, List<String> names) {
            for (String name : names) {
                if (!NAME.matcher(name).matches()) {
                    throw new Problem(
                            Problem.Kind.INVALID_ARGUMENT,
                            "\"" + name.replaceAll("\\p{Cntrl}", "?") + "\" is no name of a " + what);
                }
            }
            return List.copyOf(names);
        }

        static List<String> behind(String first, List<String> rest) {
            return Stream.concat(Stream.of(first), rest.stream()).toList();
        }
    }
}
