/**
 * Reading archives of any origin, all of them taken for hostile; and writing tar, for a program that shall not see what a
 * guest wrote itself.
 */
@NullMarked
package banger.daemon.archive;

import org.jspecify.annotations.NullMarked;
