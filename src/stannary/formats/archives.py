"""Zip files whose bytes follow from their content, and zip files of strangers, read within bounds.

Rules: CREDENTIAL-001, CREDENTIAL-003.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from stannary.core.credentials import rules
from stannary.core.kernel import Place, refuse

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day on which every member is dated: the first that a zip knows."""
MAGIC = b"PK\x03\x04"
MEMBERS_MAX = 300
BYTES_MAX = 50_000_000
"""Of all members together, once they are unpacked."""
_DEFLATE = 6
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}(/[A-Za-z0-9][A-Za-z0-9._-]{0,80}){0,3}")
_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def zipped(files: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """Write a zip whose bytes follow from names and contents alone, in the order given.

    Args:
        files: Name to content.
        packed: Whether members are made smaller. Then the bytes also follow from the version of
            zlib; without, they are the same everywhere and for ever.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, compresslevel=_DEFLATE if packed else None)
    return stream.getvalue()


class _Piece(io.BytesIO):
    """The end of a file whose beginning was taken away already: places are those of the whole file."""

    _taken = 0

    def tell(self) -> int:
        return self._taken + super().tell()

    def seek(self, place: int, whence: int = io.SEEK_SET, /) -> int:
        return self._taken + super().seek(place - self._taken, whence)

    def take(self) -> bytes:
        """Take away what was written since the last time."""
        piece = self.getvalue()
        self._taken += len(piece)
        super().seek(0)
        self.truncate()
        return piece


def zipped_in_pieces(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Write a zip member by member, none of them packed, as it would be written at once.

    Beside one member, its name and place are kept of each for the list at the end.

    Args:
        files: Name and content, in the order of the zip.
    """
    stream = _Piece()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
            yield stream.take()
    yield stream.take()


def unzipped(content: bytes, name: str) -> dict[str, bytes]:
    """Read all members of a zip that a stranger gave; nothing is written anywhere.

    Args:
        content: The file.
        name: What to call it in messages.

    Returns:
        Name to content, in the order of the file.

    Raises:
        RefusalError: CREDENTIAL-001 if it is no zip, broken, encrypted or packed in an odd way,
            holds more than 300 members or more than 50 MB unpacked; CREDENTIAL-003 for a member
            that is there twice or has a name that leads elsewhere.
    """
    at = Place(name)
    found: dict[str, bytes] = {}
    left = BYTES_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS_MAX:
                refuse(rules.FILE_IS_READABLE, at=at, members=f"more than {MEMBERS_MAX}")
            for member in members:
                _check(member, found, at)
                # what the member says of its size is not believed
                with archive.open(member) as stream:
                    found[member.filename] = stream.read(left + 1)
                left -= len(found[member.filename])
                if left < 0:
                    refuse(rules.FILE_IS_READABLE, at=at, unpacked=f"more than {BYTES_MAX} bytes")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        refuse(rules.FILE_IS_READABLE, at=at, problem=f"a broken zip: {str(error)[:60]}")
    return found


def _check(member: zipfile.ZipInfo, found: Mapping[str, bytes], at: Place) -> None:
    shown = ascii(member.filename[:60])
    if not _NAME.fullmatch(member.filename):
        refuse(rules.FILE_HAS_ITS_FORM, at=at, unknown=shown)
    if member.filename in found:
        refuse(rules.FILE_HAS_ITS_FORM, at=at, twice=shown)
    if member.flag_bits & 1 or member.compress_type not in _KNOWN:
        refuse(rules.FILE_IS_READABLE, at=at, member=shown, problem="encrypted or packed oddly")
