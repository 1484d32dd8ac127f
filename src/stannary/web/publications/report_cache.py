"""Files that take long to make, kept on disk: made once for each content, then only read.

A file is kept under the hash of everything that it follows from, so that nothing kept is ever out
of date. What was read longest ago goes first when the folder is full; losing all of it loses nothing.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def kept(parts: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    """Give a file that is kept, or make it and keep it.

    Args:
        parts: Everything that the file follows from; the same parts, the same file.
        make: Makes the file. What it raises is raised, and nothing is kept.
    """
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    file = settings.REPORTS_FOLDER / name[:2] / name
    with suppress(OSError):  # absent, or the folder cannot be read: it is made anew
        content = file.read_bytes()
        os.utime(file)
        return bytes(content)
    content = make()
    with suppress(OSError):  # a full or read-only disk must not cost the reader the file
        _keep(file, content)
    return content


def _keep(file: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it, and make room."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as stream:
        stream.write(content)
    Path(stream.name).replace(file)
    make_room(settings.REPORTS_FOLDER, settings.REPORTS_MAX_BYTES)


def make_room(folder: Path, at_most: int) -> None:
    """Delete what was read longest ago until the folder holds at most so many bytes."""
    found = []
    for file in folder.glob("??/*"):
        with suppress(OSError):  # another process may have deleted it
            facts = file.stat()
            found.append((facts.st_mtime_ns, facts.st_size, file))
    size = sum(one[1] for one in found)
    for _read_at, its_size, file in sorted(found):
        if size <= at_most:
            return
        with suppress(OSError):
            file.unlink()
        size -= its_size
