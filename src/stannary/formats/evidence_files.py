"""Files of evidence: told by their content, opened, and cleaned of what they say in secret.

A picture gives away who took it, where and with what; a document who wrote it. What is kept is
therefore never the file as it came, but the same content without its metadata; the digest of what
came is kept beside it. Nothing in a file is run, and no file is unpacked without a bound.

Rules: EVIDENCE-001 to EVIDENCE-004.
"""

import hashlib
import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
from PIL import Image, ImageOps

from stannary.core.evidence import EVIDENCE_TYPES, MAX_BYTES, rules
from stannary.core.kernel import Place, Rule, refuse

MAX_PIXELS = 100_000_000
"""Width times height of the largest picture that is opened."""
MAX_UNPACKED_BYTES = 300_000_000
MAX_MEMBERS = 5_000
"""What a document that is a ZIP archive may grow to, and of how many parts it may be."""

_ENDINGS = {"jpeg": "jpg", "csv": "txt", "md": "txt", "text": "txt"}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_SECRET_PARTS = ("docProps/", "meta.xml", "Thumbnails/")
_MACROS = ("vbaproject.bin", "basic/", "scripts/")
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
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


def _document_kind(content: bytes, at: Place) -> str:
    with _archive(content, at) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            said = archive.read("mimetype").decode("ascii", "replace").strip()
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
    for part in parts:
        if part.flag_bits & 1 or part.filename.lower().endswith("encryptedpackage"):
            archive.close()
            _no(rules.FILE_IS_FREE_OF_MALWARE, at, found="a password")
        if any(mark in part.filename.lower() for mark in _MACROS):
            archive.close()
            _no(rules.FILE_IS_FREE_OF_MALWARE, at, found="macros")
    return archive


def _clean_document(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write an archive anew without its properties, thumbnails and times."""
    into = io.BytesIO()
    removed = False
    try:
        with _archive(content, at) as archive, zipfile.ZipFile(into, "w") as clean:
            for part in archive.infolist():
                secret = part.filename.startswith(_SECRET_PARTS)
                if secret and part.filename not in _EMPTY_PARTS:
                    removed = True
                    continue
                # bounded by what `_archive` has summed up; a part that lies about it is cut off
                body = _EMPTY_PARTS[part.filename] if secret else archive.read(part)
                removed = removed or secret
                info = zipfile.ZipInfo(part.filename, _FIXED_TIME)
                info.compress_type = (
                    zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
                )
                clean.writestr(info, body)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    return into.getvalue(), ("author and properties",) if removed else ()


def _clean_picture(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write a picture anew, upright, without camera data, place, time and comments."""
    into = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    _no(rules.FILE_IS_WITHIN_SIZE, at, pixels=str(width * height))
                removed = _secrets(picture)
                upright = ImageOps.exif_transpose(picture)
                if picture.format == "JPEG":
                    same = upright.size == picture.size and picture.getexif().get(0x0112, 1) == 1
                    quality = "keep" if same else 95
                    shown = picture if same else upright
                    shown.info.pop("comment", None)
                    shown.save(into, "JPEG", quality=quality, exif=b"")
                else:
                    upright.save(into, "PNG", exif=b"")
    except Image.DecompressionBombError:
        refuse(rules.FILE_IS_WITHIN_SIZE, at=at, pixels="too many", at_most=str(MAX_PIXELS))
    except (OSError, ValueError, SyntaxError) as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    return into.getvalue(), removed


def _secrets(picture: Image.Image) -> tuple[str, ...]:
    exif = picture.getexif()
    found = []
    if exif:
        found.append("camera and time")
    if exif.get_ifd(0x8825):
        found.append("place")
    kept = {"dpi", "gamma", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"}
    kept |= {"progression", "exif", "icc_profile", "transparency", "srgb", "chromaticity"}
    if set(picture.info) - kept:
        found.append("comments")
    return tuple(found)


def _clean_pdf(content: bytes, at: Place) -> tuple[bytes, tuple[str, ...]]:
    """Write a PDF anew without properties, scripts and files inside it."""
    into = io.BytesIO()
    removed = []
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not document.pages:
                _no(rules.FILE_IS_WHAT_IT_SAYS, at, problem="no pages")
            root = document.Root
            if document.docinfo.keys() or "/Metadata" in root:
                removed.append("author and properties")
                for key in list(document.docinfo.keys()):
                    del document.docinfo[key]
                if "/Metadata" in root:
                    del root["/Metadata"]
            active = [key for key in ("/OpenAction", "/AA", "/JavaScript") if key in root]
            names = root.get("/Names", pikepdf.Dictionary())
            hidden = [key for key in ("/JavaScript", "/EmbeddedFiles") if key in names]
            for key in active:
                del root[key]
            for key in hidden:
                del names[key]
            if active or hidden:
                removed.append("scripts and files inside it")
            document.save(into, deterministic_id=True)
    except pikepdf.PasswordError:
        refuse(rules.FILE_IS_FREE_OF_MALWARE, at=at, found="a password")
    except pikepdf.PdfError as problem:
        refuse(rules.FILE_IS_WHAT_IT_SAYS, at=at, problem=str(problem)[:80])
    return into.getvalue(), tuple(removed)


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
