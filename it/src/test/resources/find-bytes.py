"""find-bytes.py TEXT FOLDER [LEFT_OUT]: names the files below FOLDER that hold TEXT.

Folders of the name LEFT_OUT are not looked into. Holes of sparse files are not read, as grep would read them: a disk of
8 GiB has a few MiB of data.
"""

import os
import sys

PIECE = 1 << 20


def holds(path: str, wanted: bytes) -> bool:
    with open(path, "rb", buffering=0) as file:
        at = 0
        while True:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                return False  # ENXIO: no data from here on
            end = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            os.lseek(file.fileno(), at, os.SEEK_SET)
            before = b""
            while at < end:
                read = file.read(min(PIECE, end - at))
                if not read:
                    return False  # it has become shorter
                if wanted in before + read:
                    return True
                at += len(read)
                before = (before + read)[-len(wanted):]


wanted, top, *left_out = sys.argv[1:]
for folder, folders, files in os.walk(top):
    folders[:] = [each for each in folders if each not in left_out]
    for path in (os.path.join(folder, each) for each in files):
        try:
            if os.path.isfile(path) and holds(path, wanted.encode()):
                print(path)
        except FileNotFoundError:
            pass  # the daemon's work goes on
