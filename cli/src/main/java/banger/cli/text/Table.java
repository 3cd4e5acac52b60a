package banger.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns that are as wide as their widest cell; a heading that begins with {@code >} aligns right. */
public final class Table {
    private static final int GAP = 2;

    private final String[] headings;
    private final boolean[] rightAligned;
    private final List<String[]> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = new String[headings.length];
        rightAligned = new boolean[headings.length];
        for (int i = 0; i < headings.length; i++) {
            rightAligned[i] = headings[i].startsWith(">");
            this.headings[i] = rightAligned[i] ? headings[i].substring(1) : headings[i];
        }
    }

    /** Adds a row; control characters in a cell, which could steer the terminal, become {@code ?}. */
    public void row(String... cells) {
        if (cells.length != headings.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + headings.length + " columns");
        }
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = printable(cells[i]);
        }
        rows.add(row);
    }

    /** The headings and the rows, each line ended by a line feed, without blanks at line ends. */
    public String render() {
        int[] widths = new int[headings.length];
        widen(widths, headings);
        for (String[] row : rows) {
            widen(widths, row);
        }
        StringBuilder text = new StringBuilder(128 * (rows.size() + 1));
        append(text, widths, headings);
        for (String[] row : rows) {
            append(text, widths, row);
        }
        return text.toString();
    }

    private static void widen(int[] widths, String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
    }

    private void append(StringBuilder text, int[] widths, String[] cells) {
        int blanks = 0;
        for (int i = 0; i < cells.length; i++) {
            int padding = widths[i] - width(cells[i]);
            blanks += rightAligned[i] ? padding : 0;
            if (!cells[i].isEmpty()) {
                text.repeat(' ', blanks).append(cells[i]);
                blanks = 0;
            }
            blanks += GAP + (rightAligned[i] ? 0 : padding);
        }
        text.append('\n');
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** The text with each control character replaced by {@code ?}. */
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return replaceControls(text);
            }
        }
        return text;
    }

    private static String replaceControls(String text) {
        StringBuilder clean = new StringBuilder(text);
        for (int i = 0; i < clean.length(); i++) {
            if (Character.isISOControl(clean.charAt(i))) {
                clean.setCharAt(i, '?');
            }
        }
        return clean.toString();
    }
}
