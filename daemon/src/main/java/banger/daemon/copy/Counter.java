package banger.daemon.copy;

import banger.daemon.archive.TarEntry;

/** Told what goes by. */
interface Counter {
    void entry(TarEntry entry);

    void bytes(long count);
}
