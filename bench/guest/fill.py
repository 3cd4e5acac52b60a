"""Runs in a guest: writes so many MiB to a file on its work disk, past the page cache, which a fork copies as well."""

import mmap
import os
import sys

BLOCK_BYTES = 1 << 20


def main(mebibytes: int) -> None:
    # Aligned as O_DIRECT wants it. Each block is another and none of zeros: neither a hole nor sharing makes it less.
    block = mmap.mmap(-1, BLOCK_BYTES)
    block[:] = os.urandom(BLOCK_BYTES)
    file = os.open("/root/data", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_DIRECT, 0o600)
    for number in range(mebibytes):
        block[:8] = number.to_bytes(8, "big")
        if os.write(file, block) != BLOCK_BYTES:
            sys.exit(f"block {number} was cut short")
    os.fsync(file)
    print("written")


main(int(sys.argv[1]))
