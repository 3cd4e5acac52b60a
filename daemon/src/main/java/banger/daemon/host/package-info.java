/** What guests get of the host beside its keys: trust, proxies, registries, the user's logins. */
@NullMarked
package banger.daemon.host;

import org.jspecify.annotations.NullMarked;
