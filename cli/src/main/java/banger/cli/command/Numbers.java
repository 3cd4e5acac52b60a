package banger.cli.command;

import banger.cli.session.CliFailure;

/** Whole numbers of the command line. */
final class Numbers {
    private Numbers() {}

    static int between(String path, String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with the range.
        }
        throw CliFailure.usage(
                path, option + " takes a whole number from " + least + " to " + most + ", not \"" + text + "\"");
    }
}
