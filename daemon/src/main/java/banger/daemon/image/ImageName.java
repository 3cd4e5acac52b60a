package banger.daemon.image;

import banger.daemon.problem.Problem;
import java.util.regex.Pattern;

/** Names of images: what a person types without quotes. */
public final class ImageName {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    private static final int MAX_SHOWN = 63;

    private ImageName() {}

    /** Returns the name where it is one. @throws Problem INVALID_ARGUMENT */
    public static String check(String name) {
        if (FORM.matcher(name).matches()) {
            return name;
        }
        String shown = name.substring(0, Math.min(name.length(), MAX_SHOWN)).replaceAll("\\p{Cntrl}", "?");
        throw new Problem(
                Problem.Kind.INVALID_ARGUMENT,
                "\"" + shown + "\" is not an image name: expected 1 to 63 of a-z, 0-9, dots, hyphens and underscores,"
                        + " a letter or digit first and last");
    }
}
