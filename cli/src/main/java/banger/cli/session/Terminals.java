package banger.cli.session;

/**
 * Which of the standard streams are terminals.
 *
 * <p>The launcher asks, as the shell knows it without a further process, and says so in {@link #PROPERTY}: the letters
 * {@code i}, {@code o} and {@code e}.
 */
public record Terminals(boolean input, boolean output, boolean error) {
    public static final String PROPERTY = "banger.tty";

    public static Terminals fromLauncher() {
        String letters = System.getProperty(PROPERTY, "");
        return new Terminals(letters.indexOf('i') >= 0, letters.indexOf('o') >= 0, letters.indexOf('e') >= 0);
    }
}
