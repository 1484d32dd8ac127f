"""Where files of evidence lie: STANNARY_HOME/evidence/<two signs>/<sha256>, under no address.

A file is named by its own digest, so the same content is kept once, and what lies there can be
checked at any time. It is written before the row that names it: if that row is then refused, the
file is an orphan, which harms nobody and which `manage evidence check` lists.

Rules: EVIDENCE-020.
"""

import base64
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from stannary.core.kernel import refuse
from stannary.web.evidence.rules import KEPT_FILE_IS_WHOLE

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1024 * 1024


def folder() -> Path:
    """Give the folder of all files."""
    return Path(settings.EVIDENCE_FOLDER)


def path_of(sha256: str) -> Path:
    """Give where the file with a digest lies, or would."""
    return folder() / sha256[:2] / sha256


def keep(content: bytes, sha256: str) -> Path:
    """Keep a file under its digest. This will leave either the whole file or none.

    Content that is kept already is not written again, unless what lies there is damaged.
    """
    path = path_of(sha256)
    if path.exists() and digest_of(path) == sha256:
        return path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="new-")  # open to the owner alone
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
    return path


def opened(sha256: str) -> BinaryIO:
    """Open a kept file after looking whether it is still what was kept.

    Raises:
        RefusalError: EVIDENCE-020 if it is missing or changed.
    """
    path = path_of(sha256)
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        refuse(KEPT_FILE_IS_WHOLE, sha256=sha256, problem="missing")
    found = _digest(handle)
    if found != sha256:
        handle.close()
        refuse(KEPT_FILE_IS_WHOLE, sha256=sha256, found=found)
    handle.seek(0)
    return handle


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return _digest(handle)


def _digest(handle: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := handle.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def kept() -> Iterator[Path]:
    """Give every file that lies in the folder, in order of name."""
    for path in sorted(folder().glob("*/*")):
        if path.is_file():
            yield path


def is_named_by_digest(path: Path) -> bool:
    """Tell whether a file's name and folder are of the form that `keep` gives."""
    return bool(_DIGEST.fullmatch(path.name)) and path.parent.name == path.name[:2]


def digest_in_base64(sha256: str) -> str:
    """Give a digest as RFC 9530 writes it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
