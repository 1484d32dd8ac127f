"""Files that can be checked, taken apart: each part demanded in its form, none believed yet.

Rules: CREDENTIAL-001 to CREDENTIAL-003, CREDENTIAL-007, CREDENTIAL-015.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from stannary.core.attestations import Achievement
from stannary.core.credentials import Digest, Json, open_envelope, parse_json, rules
from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.verification import (
    Checkable,
    EnclosedAchievements,
    EnclosedMovements,
    EnclosedResult,
    Kind,
)
from stannary.formats.archives import MAGIC
from stannary.formats.canonical import canonical_bytes, sha256_hex
from stannary.formats.claim_file_achievements import achievement_from_dict
from stannary.formats.claim_file_books import books_from_dict
from stannary.formats.claim_file_digests import list_digest, movements_digest, result_digest
from stannary.formats.movements import read_movements
from stannary.formats.result_bundle import RESULT_FILE, open_bundle
from stannary.formats.total_receipt import RECEIPT_FILE, receipt_from_dict

CLAIM_FILE = "stannary/claim-file/1"
CLAIM_FILE_2 = "stannary/claim-file/2"
CLAIM_FILE_3 = "stannary/claim-file/3"
FILE_MAX_BYTES = 20_000_000
LOG_PROOF_HEADING = "c2sp.org/tlog-proof@v1"

_DATA_URL = re.compile(r"data:application/vc(-ld)?\+jwt,")
_TOKEN = re.compile(r"[A-Za-z0-9_.=-]+")
_CLAIM_KEYS = (
    "type",
    "credential",
    "proof",
    "movements",
    "achievements",
    "results",
    "issuer_document",
    "log_vkey",
)
_RESULT_KEYS = ("type", "credential", "proof", "result", "issuer_document", "log_vkey")


def read_checkable(source: Path | str | BinaryIO, name: str | None = None) -> Checkable:
    """Take a file apart that can be checked; what it says is not believed yet.

    Args:
        source: A path, or a stream of bytes.
        name: What to call the file in messages; None: the path as given, "-" for a stream.

    Returns:
        A claim file, result file or bundle, enveloped or compact credential, plain credential, log proof
        or receipt of a total, told by its content.

    Raises:
        RefusalError: CREDENTIAL-001 if it cannot be opened, is larger than 20 MB or none of these;
            CREDENTIAL-002 if it is not strict JSON; CREDENTIAL-003, CREDENTIAL-007 if a part of
            its form is missing or unknown, with its name.
    """
    shown = name if name is not None else (str(source) if isinstance(source, Path | str) else "-")
    at = Place(shown)
    try:
        if isinstance(source, Path | str):
            with Path(source).open("rb") as stream:
                content = stream.read(FILE_MAX_BYTES + 1)
        else:
            content = source.read(FILE_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        problem = getattr(error, "strerror", None) or "cannot be opened"
        refuse(rules.FILE_IS_READABLE, at=at, problem=problem)
    return parse_checkable(content, shown)


def parse_checkable(content: bytes, name: str) -> Checkable:
    """Take the bytes of a file apart that can be checked; see `read_checkable`."""
    at = Place(name)
    if len(content) > FILE_MAX_BYTES:
        refuse(rules.FILE_IS_READABLE, at=at, size="more than 20 MB")
    if content.startswith(MAGIC):
        opened = open_bundle(content, name)
        return replace(_placed(at, lambda: _result_file(opened.content, at)), pack=opened.pack)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        refuse(rules.FILE_IS_READABLE, at=at, problem="not UTF-8")
    start = text.lstrip()
    if start.startswith(LOG_PROOF_HEADING):
        return Checkable(name, Kind.LOG_PROOF, proof=text)
    if start.startswith(("{", "[")):
        return _from_json(text, at)
    token = _DATA_URL.sub("", text.strip(), count=1)
    if token.count(".") != 2 or not _TOKEN.fullmatch(token):
        refuse(rules.FILE_IS_READABLE, at=at, begins_with=ascii(start[:20]) if start else "(empty)")
    return Checkable(name, Kind.CREDENTIAL, token=token)


def _from_json(text: str, at: Place) -> Checkable:
    content = parse_json(text, at=at, fractions_as_text=True)
    if not isinstance(content, dict):
        refuse(rules.FILE_IS_READABLE, at=at, problem="a list, not one object")
    kind = content.get("type")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is not None:
        # read again: our own forms have no fractions at all
        ours = cast("dict[str, Json]", parse_json(text, at=at))
        return _placed(at, lambda: form(ours, at))
    types = kind if isinstance(kind, list) else [kind]
    if "EnvelopedVerifiableCredential" in types:
        return Checkable(at.file, Kind.CREDENTIAL, token=open_envelope(content, at=at))
    if "VerifiableCredential" in types:
        return Checkable(at.file, Kind.PLAIN_CREDENTIAL, plain=content)
    known = f"{', '.join(_FORMS)}, a credential"
    return refuse(rules.FILE_IS_READABLE, at=at, type=ascii(kind)[:80], known=known)


def _placed(at: Place, act: Callable[[], Checkable]) -> Checkable:
    """Give every finding the place that it lacks: what has no canonical form does not say where."""
    try:
        return act()
    except RefusalError as refusal:
        raise RefusalError(
            *(replace(one, at=one.at or at) for one in refusal.findings)
        ) from refusal


def _claim_file(content: dict[str, Json], at: Place) -> Checkable:
    has_books, of_site = content["type"] != CLAIM_FILE, content["type"] == CLAIM_FILE_3
    keys = tuple(key for key in _CLAIM_KEYS if key != "movements" or not of_site)
    _check_keys(content, (*keys, "books") if has_books else keys, at)
    achievements = _objects(content, "achievements", at)
    return Checkable(
        name=at.file,
        kind=Kind.CLAIM_FILE,
        token=open_envelope(content["credential"], at=Place(at.file, None, "credential")),
        proof=_text(content, "proof", at),
        log_vkey=_text(content, "log_vkey", at),
        issuer_document=_object(content, "issuer_document", at),
        issuer_document_sha256=sha256_hex(canonical_bytes(content["issuer_document"])),
        movements=None if of_site else _movements(_text(content, "movements", at), at),
        achievements=_achievements(achievements, at),
        results=tuple(
            EnclosedResult(result, Digest(sha256_hex(canonical_bytes(result))))
            for result in _objects(content, "results", at)
        ),
        books=books_from_dict(_object(content, "books", at), at) if has_books else None,
    )


def _result_file(content: dict[str, Json], at: Place) -> Checkable:
    _check_keys(content, _RESULT_KEYS, at)
    result = _object(content, "result", at)
    return Checkable(
        name=at.file,
        kind=Kind.RESULT_FILE,
        token=open_envelope(content["credential"], at=Place(at.file, None, "credential")),
        proof=_text(content, "proof", at),
        log_vkey=_text(content, "log_vkey", at),
        issuer_document=_object(content, "issuer_document", at),
        issuer_document_sha256=sha256_hex(canonical_bytes(content["issuer_document"])),
        results=(EnclosedResult(result, result_digest(result)),),
    )


_FORMS: Mapping[str, Callable[[dict[str, Json], Place], Checkable]] = {
    CLAIM_FILE: _claim_file,
    CLAIM_FILE_2: _claim_file,
    CLAIM_FILE_3: _claim_file,
    RESULT_FILE: _result_file,
    RECEIPT_FILE: receipt_from_dict,
}
"""Our own forms, and what takes them apart."""


def _movements(text: str, at: Place) -> EnclosedMovements:
    digest = movements_digest(text)
    name = f"{at.file}, movements"
    try:
        if not text.startswith("event,"):  # only CSV as we write it, no workbook in disguise
            refuse(rules.FILE_HAS_ITS_FORM, at=Place(name, 1), begins_with=ascii(text[:20]))
        return EnclosedMovements(digest, read_movements(io.BytesIO(text.encode("utf-8")), name))
    except RefusalError as refusal:
        return EnclosedMovements(digest, (), refusal.findings)


def _achievements(contents: list[dict[str, Json]], at: Place) -> EnclosedAchievements:
    digest = list_digest(list(contents))
    found: list[Achievement] = []
    findings: list[Finding] = []
    for number, content in enumerate(contents, start=1):
        try:
            found.append(achievement_from_dict(content, f"achievement {number}", at=at))
        except RefusalError as refusal:
            findings += refusal.findings
    times = Counter(achievement.id for achievement in found)
    for name in [name for name, count in times.items() if count > 1]:
        facts = {"where": "achievements", "problem": f"{name[:80]} twice"}
        findings.append(Finding(rules.SUBJECT_IS_KNOWN, facts, at))
    return EnclosedAchievements(digest, () if findings else tuple(found), tuple(findings))


def _check_keys(content: dict[str, Json], keys: tuple[str, ...], at: Place) -> None:
    findings = [
        Finding(rules.FILE_HAS_ITS_FORM, {"missing": key}, at) for key in keys if key not in content
    ]
    findings += [
        Finding(rules.FILE_HAS_ITS_FORM, {"unknown": ascii(key[:60])}, at)
        for key in content
        if key not in keys
    ]
    if findings:
        raise RefusalError(*findings)


def _text(content: dict[str, Json], key: str, at: Place) -> str:
    value = content[key]
    if not isinstance(value, str) or not value:
        refuse(rules.FILE_HAS_ITS_FORM, at=Place(at.file, None, key), problem="not a text")
    return value


def _object(content: dict[str, Json], key: str, at: Place) -> dict[str, Json]:
    value = content[key]
    if not isinstance(value, dict):
        refuse(rules.FILE_HAS_ITS_FORM, at=Place(at.file, None, key), problem="not an object")
    return value


def _objects(content: dict[str, Json], key: str, at: Place) -> list[dict[str, Json]]:
    value = content[key]
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None
    if items is None or not isinstance(value, list) or len(items) != len(value):
        place = Place(at.file, None, key)
        refuse(rules.FILE_HAS_ITS_FORM, at=place, problem="not a list of objects")
    return items
