/** VMs: what they are, their life cycle, and what the rest must provide for it. Knows no SQL, JSON or processes. */
@NullMarked
package banger.daemon.vm;

import org.jspecify.annotations.NullMarked;
