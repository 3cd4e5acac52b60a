package banger.daemon.vm;

import banger.daemon.problem.Problem;

/** The rule for names: a DNS label, since the name is also the guest's hostname. */
public final class VmName {
    public static final int MAX_LENGTH = 63;

    private VmName() {}

    /** Returns the name where it is one. @throws Problem INVALID_ARGUMENT that says what is wrong with it */
    public static String check(String name) {
        String wrong = fault(name);
        if (wrong != null) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + printable(name) + "\" is not a vm name: " + wrong,
                    "use letters a-z, digits and hyphens, such as beta-sandbox");
        }
        return name;
    }

    private static @org.jspecify.annotations.Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "it is empty";
        }
        if (name.length() > MAX_LENGTH) {
            return "it has " + name.length() + " characters, at most " + MAX_LENGTH;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
                return "character " + (i + 1) + " is not a-z, 0-9 or a hyphen";
            }
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            return "it begins or ends with a hyphen";
        }
        return null;
    }

    private static String printable(String name) {
        String shown = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
