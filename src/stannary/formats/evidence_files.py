"""Files of evidence: told by their content, opened, and cleaned of what they say in secret.

A picture gives away who took it, where and with what; a document who wrote it. What is kept is
therefore never the file as it came, but the same content without its metadata; the digest of what
came is kept beside it. Nothing in a file is run, and no file is unpacked without a bound.

Rules: EVIDENCE-001 to EVIDENCE-004.
"""

import hashlib
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from stannary.core.evidence import EVIDENCE_TYPES, MAX_BYTES, rules
from stannary.core.kernel import Place, Rule, refuse

MAX_PIXELS = 100_000_000
"""Width times height of the largest picture that is opened."""
MAX_UNPACKED_BYTES = 300_000_000
MAX_MEMBERS = 5_000
"""What a document that is a ZIP archive may grow to, and of how many parts it may be."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")
_KNOWN_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENDINGS = {"jpeg": "jpg", "csv": "txt", "md": "txt", "text": "txt"}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_SECRET_PARTS = ("docProps/", "meta.xml", "Thumbnails/")
_MACROS = ("vbaproject.bin", "basic/", "scripts/", "activex/")
_EMPTY_PARTS: Mapping[str, bytes] = {
    "docProps/core.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
        b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
    "meta.xml": (
        b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office='
        b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>'
    ),
}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept.

    Attributes:
        kind: Short name of its type: "pdf", "jpg" …
        media_type: As it is served.
        content: Without metadata; the same for the same file on every machine.
        sha256: Of `content`, in hexadecimal.
        sha256_as_given: Of the file as it came.
        removed: What was taken out, in words for people: "place and time", "author".
    """

    kind: str
    media_type: str
    content: bytes
    sha256: str
    sha256_as_given: str
    removed: tuple[str, ...]


def clean_file(
    content: bytes, name: str, *, scan: Callable[[bytes], str | None] | None = None
) -> CleanFile:
    """Check a file by its content and take out what it says in secret.

    Args:
        content: The file.
        name: As its owner calls it; its ending must fit the content.
        scan: Gives the name of the malware found, or None; None where there is no scanner.

    Raises:
        RefusalError: EVIDENCE-001 for another type, EVIDENCE-002 if it is not what its name says
            or cannot be opened, EVIDENCE-003 for its size, EVIDENCE-004 for malware, macros and
            passwords.
    """
    at = Place(PurePosixPath(name.replace("\\", "/")).name[:120] or "file")
    if not 0 < len(content) <= MAX_BYTES:
        _no(rules.FILE_IS_WITHIN_SIZE, at, bytes=str(len(content)), at_most=str(MAX_BYTES))
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    wanted = _ENDINGS.get(ending, ending)
    if wanted not in EVIDENCE_TYPES:
        _no(rules.FILE_IS_OF_A_KNOWN_TYPE, at, ending=ending[:20] or "none")
    kind = _kind(content, at)
    if kind != wanted:
        _no(rules.FILE_IS_WHAT_IT_SAYS, at, ending=ending[:20], content=kind)
    malware = scan(content) if scan is not None else None
    if malware:
        _no(rules.FILE_IS_FREE_OF_MALWARE, at, found=malware[:80])
    cleaned, removed = _CLEANERS[kind](content, at)
    return CleanFile(
        kind=kind,
        media_type=EVIDENCE_TYPES[kind],
        content=cleaned,
        sha256=hashlib.sha256(cleaned).hexdigest(),
        sha256_as_given=hashlib.sha256(content).hexdigest(),
        removed=removed,
    )


def _no(rule: Rule, at: Place, **facts: str) -> None:
    refuse(rule, at=at, **facts)


def _kind(content: bytes, at: Place) -> str:
    """Tell a type by content alone."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"PK\x03\x04"):
        return _document_kind(content, at)
    return "txt" if _is_text(content) else "something else"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(text) is None


def _document_kind(content: bytes, at: Place) -> str:
    with _archive(content, at) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            said = (
                _part(archive, archive.getinfo("mimetype"), at).decode("ascii", "replace").strip()
            )
            return next(
                (kind for kind, media in EVIDENCE_TYPES.items() if media == said), "archive"
            )
        for kind, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
            if part in names and "[Content_Types].xml" in names:
                return kind
    return "archive"


def _archive(content: bytes, at: Place) -> zipfile.ZipFile:
    """Open an archive whose parts are few, unlocked, and not too large when unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        archive.close()
        _no(
            rules.FILE_IS_WITHIN_SIZE,
            at,
            parts=str(len(parts)),
            unpacked=str(unpacked),
            at_most=str(MAX_UNPACKED_BYTES),
        )
    if len({part.filename for part in parts}) != len(parts) or any(
        part.compress_type not in _KNOWN_COMPRESSIONS for part in parts
    ):
        archive.close()
        _no(rules.FILE_IS_WHAT_IT_SAYS, at, problem="parts that no document has")
    for part in parts:
        if part.flag_bits & 1 or part.filename.lower().endswith("encryptedpackage"):
            archive.close()
            _no(rules.FILE_IS_FREE_OF_MALWARE, at, found="a password")
        if any(mark in part.filename.lower() for mark in _MACROS):
            archive.close()
            _no(rules.FILE_IS_FREE_OF_MALWARE, at, found="macros")
    return archive


_NOT_READABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)
"""What `zipfile` raises of archives that are damaged."""


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, at: Place) -> bytes:
    """Read one part, bounded by what `_archive` has summed up: one that lies is cut off."""
    try:
        return archive.read(part)
    except _NOT_READABLE as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])


def _clean_document(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write an archive anew without its properties, thumbnails, times, and secrets of pictures."""
    into = io.BytesIO()
    removed: list[str] = []
    with _archive(content, at) as archive, zipfile.ZipFile(into, "w") as clean:
        for part in archive.infolist():
            name = part.filename
            if name.startswith(_SECRET_PARTS):
                removed.append("author and properties")
                if name not in _EMPTY_PARTS:
                    continue
                body = _EMPTY_PARTS[name]
            else:
                body = _part(archive, part, at)
                if name.lower().endswith(_PICTURE_ENDINGS):
                    body, found = _clean_picture(body, at)
                    removed += ["secrets of pictures inside it"] if found else []
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            stored = name == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            clean.writestr(info, body)
    return into.getvalue(), tuple(dict.fromkeys(removed))


_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow raises of pictures that are damaged, or made to do damage."""


def _clean_picture(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write a picture anew, upright, without camera data, place, time and comments."""
    into = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, which goes anyway
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    _no(rules.FILE_IS_WITHIN_SIZE, at, pixels=str(width * height))
                removed = _write_anew(picture, into)
    except Image.DecompressionBombError:
        refuse(rules.FILE_IS_WITHIN_SIZE, at=at, pixels="too many", at_most=str(MAX_PIXELS))
    except _UNREADABLE as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    return into.getvalue(), removed


def _write_anew(picture: Image.Image, into: io.BytesIO) -> tuple[str, ...]:
    """Write pixels and colours, and give what was left out."""
    removed = _secrets(picture)
    sideways = picture.getexif().get(0x0112, 1) != 1
    colours = picture.info.get("icc_profile")
    # a photo with a second, smaller picture behind it (MPO) is a JPEG; only its first one is kept
    is_jpeg = isinstance(picture, JpegImageFile)
    shown = ImageOps.exif_transpose(picture) if sideways else picture
    for secret in ("comment", "xmp", "exif"):
        shown.info.pop(secret, None)
    if is_jpeg:
        quality = "keep" if shown is picture and picture.format == "JPEG" else 95
        shown.save(into, "JPEG", quality=quality, exif=b"", icc_profile=colours)
    else:
        shown.save(into, "PNG", exif=b"", icc_profile=colours)
    return removed


def _secrets(picture: Image.Image) -> tuple[str, ...]:
    exif = picture.getexif()
    found = []
    if exif:
        found.append("camera and time")
    if exif.get_ifd(0x8825):
        found.append("place")
    kept = {"dpi", "gamma", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"}
    kept |= {"progression", "exif", "icc_profile", "transparency", "srgb", "chromaticity"}
    kept |= {"adobe", "adobe_transform", "mp", "mpoffset"}
    if set(picture.info) - kept:
        found.append("comments")
    return tuple(found)


_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}
)
_ACTIVE = ("/AA", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent")
_PROPERTIES = ("/Metadata", "/PieceInfo")


def _clean_pdf(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write a PDF anew without properties, scripts, files inside it, and secrets of pictures."""
    into = io.BytesIO()
    removed: set[str] = set()
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not document.pages:
                _no(rules.FILE_IS_WHAT_IT_SAYS, at, problem="no pages")
            if document.docinfo.keys():
                removed.add("author and properties")
                for key in list(document.docinfo.keys()):
                    del document.docinfo[key]
            for thing in document.objects:
                _strip(thing, removed)
            document.save(into, deterministic_id=True)
    except pikepdf.PasswordError:
        refuse(rules.FILE_IS_FREE_OF_MALWARE, at=at, found="a password")
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, OSError) as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    return into.getvalue(), tuple(sorted(removed))


def _strip(thing: pikepdf.Object, removed: set[str]) -> None:
    """Take out of an object, and of what stands in it directly, what is run or tells too much."""
    waiting = [thing]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            waiting += [one for one in here.as_list() if _is_inside(one)]
            continue
        if not isinstance(here, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in _ACTIVE:
            if key in here and not _is_resource(here[key]):
                del here[key]
                removed.add("scripts and files inside it")
        for key in ("/A", "/OpenAction", "/Next"):
            if key in here and _acts(here[key]):
                del here[key]
                removed.add("scripts and files inside it")
        for key in _PROPERTIES:
            if key in here and not _is_resource(here[key]):
                del here[key]
                removed.add("author and properties")
        if isinstance(here, pikepdf.Stream):
            _strip_photo(here, removed)
        waiting += [here[key] for key in here.keys() if _is_inside(here[key])]  # noqa: SIM118 - no mapping


def _is_inside(thing: object) -> bool:
    is_more = isinstance(thing, pikepdf.Array | pikepdf.Dictionary)
    return is_more and not thing.is_indirect  # type: ignore[attr-defined]  # of both


def _is_resource(thing: object) -> bool:
    """Tell whether something is drawn, and only happens to have such a name."""
    if isinstance(thing, pikepdf.Stream):
        return thing.get("/Subtype") in ("/Image", "/Form")
    if isinstance(thing, pikepdf.Dictionary):
        return thing.get("/Type") in ("/Font", "/ExtGState", "/Pattern")
    return False


def _acts(thing: object) -> bool:
    """Tell whether an action does more than go somewhere."""
    if isinstance(thing, pikepdf.Array):
        return any(_acts(one) for one in thing.as_list())
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S", "")) in _ACTIONS


def _strip_photo(stream: pikepdf.Stream, removed: set[str]) -> None:
    """Take camera, place, time and comments out of a JPEG inside a document, bit for bit else."""
    if stream.get("/Subtype") != "/Image" or stream.get("/Filter") != "/DCTDecode":
        return
    given = stream.read_raw_bytes()
    bare = _bare_jpeg(given)
    if bare != given:
        parms = stream.get("/DecodeParms")
        kept = parms if isinstance(parms, pikepdf.Dictionary) else None
        stream.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=kept)
        removed.add("secrets of pictures inside it")


def _bare_jpeg(content: bytes) -> bytes:
    """Leave out APP1 (Exif, XMP), APP13 (IPTC) and comments, which stand before the picture."""
    kept, place = [content[:2]], 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        marker = content[place + 1 : place + 2]
        size = int.from_bytes(content[place + 2 : place + 4], "big")
        if size < 2:
            return content
        if marker not in (b"\xe1", b"\xed", b"\xfe"):
            kept.append(content[place : place + 2 + size])
        place += 2 + size
    return b"".join([*kept, content[place:]])


_CLEANERS: Mapping[str, Callable[[bytes, Place], tuple[bytes, tuple[str, ...]]]] = {
    "pdf": _clean_pdf,
    "jpg": _clean_picture,
    "png": _clean_picture,
    "docx": _clean_document,
    "xlsx": _clean_document,
    "odt": _clean_document,
    "ods": _clean_document,
    "txt": lambda content, _at: (content, ()),
}
