"""Runs in a guest. `write`: records on both disks, each synced before its number is printed; `check`: counts them."""

import fcntl
import os
import sys
import zlib

FILES = ("/root/records", "/var/records")


def main(work: str) -> None:
    files = [os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) for name in FILES]
    # A writer that was cut off may still be there.
    fcntl.flock(files[0], fcntl.LOCK_EX)
    count = whole(files)
    if work == "check":
        print(count)
        return
    while True:
        text = f"{count} {os.urandom(16).hex()}"
        os.write(files[count % 2], f"{text} {zlib.crc32(text.encode()):08x}\n".encode())
        os.fsync(files[count % 2])
        print(count, flush=True)
        count += 1


def whole(files: list[int]) -> int:
    """How many there are; each must be as it was written, in its place."""
    parts = [open(file, closefd=False).read().split("\n") for file in files]
    if any(part.pop() for part in parts):
        sys.exit("the records end with half a one")
    count = sum(map(len, parts))
    for number in range(count):
        part, place = parts[number % 2], number // 2
        text, crc = part[place].rsplit(" ", 1) if place < len(part) else ("", "0")
        if text.split()[:1] != [str(number)] or int(crc, 16) != zlib.crc32(text.encode()):
            sys.exit(f"of {count} records number {number} is {text!r}")
    return count


main(sys.argv[1])
