package banger.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersEndTogether() {
        Table table = new Table("NAME", ">SIZE", "NOTE");
        table.row("a", "12 MiB", "");
        table.row("longer", "1 B", "note");
        assertEquals("""
                NAME      SIZE  NOTE
                a       12 MiB
                longer     1 B  note
                """, table.render());
    }

    @Test
    void aTableWithoutRowsStillSaysItsColumns() {
        assertEquals("NAME  STATE\n", new Table("NAME", "STATE").render());
    }

    @Test
    void charactersOutsideTheBasicPlaneTakeOneColumn() {
        Table table = new Table("A", "B");
        table.row("\uD83D\uDE00", "x");
        table.row("é", "y");
        assertEquals("A  B\n\uD83D\uDE00  x\né  y\n", table.render());
    }

    @Test
    void aCellCannotSteerTheTerminal() {
        Table table = new Table("A");
        table.row("\u001b[2Jx\n\u009b");
        assertFalse(table.render().contains("\u001b"));
        assertEquals("A\n?[2Jx??\n", table.render());
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Table("A", "B").row("only"));
    }
}
