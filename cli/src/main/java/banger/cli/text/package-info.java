/** Text for people: tables, sizes, ages. */
@NullMarked
package banger.cli.text;

import org.jspecify.annotations.NullMarked;
