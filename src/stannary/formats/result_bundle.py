"""Result bundles: a published result and all that a check of it needs, as one zip.

| member | holds |
|---|---|
| `result.json` | the result, canonical JSON |
| `credential.jwt` | the signed credential, vc+jwt |
| `issuer.json` | the issuer's document, canonical JSON |
| `log.tlog-proof`, `log.vkey` | the entry in the public log, and the log's verifier key |
| `pack.sha256` | content hash of the standard's pack |
| `pack/standard.toml`, `pack/chapters/*.toml` | the pack, where its licence allows: what the hash covers |

Members are not packed, so the bytes are the same wherever a bundle is written.

Rules: CREDENTIAL-001 to CREDENTIAL-003, and those of packs.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stannary.core.credentials import Json, envelope, parse_json, rules
from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.verification import EnclosedPack
from stannary.formats.archives import unzipped, zipped
from stannary.formats.canonical import canonical_bytes, pack_sha256
from stannary.formats.pack_folders import pack_files
from stannary.formats.packs import load_pack

RESULT_FILE = "stannary/result-file/1"
OPEN_LICENCES = frozenset({"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0"})
"""Licences under which a whole pack may be handed on with its name."""
PACK = "pack/"
PACK_BYTES_MAX = 5_000_000
"""Of a pack's files together: reading TOML takes its time, and who asks for it is a stranger."""
_MEMBERS = (
    "result.json",
    "credential.jwt",
    "issuer.json",
    "log.tlog-proof",
    "log.vkey",
    "pack.sha256",
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_PACK_FILE = re.compile(r"pack/(standard\.toml|chapters/[A-Za-z0-9.-]+\.toml)")


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle taken apart.

    Attributes:
        content: As the result file of the same result, as JSON values.
        pack: What it says of the standard, and the standard itself where it is enclosed.
    """

    content: dict[str, Json]
    pack: EnclosedPack


def build_bundle(
    *,
    result: bytes,
    token: str,
    issuer_document: bytes,
    proof: str,
    log_vkey: str,
    pack_hash: str,
    pack: Mapping[str, bytes],
) -> bytes:
    """Write a bundle, to be saved as `<id>.zip`.

    Args:
        result: In canonical JSON.
        token: The signed credential.
        issuer_document: In canonical JSON.
        proof: Log proof of the credential's entry.
        log_vkey: Verifier key of the log.
        pack_hash: Content hash of the pack.
        pack: Its files by path, from `pack_members`; empty where its licence does not allow it.

    Returns:
        The file: the same parts, the same bytes. Nothing is checked here.
    """
    parts = (
        result,
        token.encode(),
        issuer_document,
        proof.encode(),
        log_vkey.encode(),
        f"{pack_hash}\n".encode(),
    )
    files = dict(zip(_MEMBERS, parts, strict=True))
    return zipped(files | {f"{PACK}{name}": pack[name] for name in pack}, packed=False)


def pack_members(folder: Path, licence: str) -> dict[str, bytes]:
    """Give the files of a pack that its content hash covers; none if its licence forbids it.

    Args:
        folder: Holds the pack.
        licence: Of the edition.
    """
    if licence not in OPEN_LICENCES:
        return {}
    files = [folder / "standard.toml", *pack_files(folder, "chapters")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def open_bundle(content: bytes, name: str) -> Opened:
    """Take a bundle apart; what it says is not believed yet.

    Args:
        content: The zip.
        name: What to call it in messages.

    Raises:
        RefusalError: CREDENTIAL-001 if it cannot be read within bounds, CREDENTIAL-002 if a part
            is not strict JSON, CREDENTIAL-003 if a member is missing, unknown, there twice or not
            in its form.
    """
    files = unzipped(content, name)
    at = Place(name)
    findings = [
        Finding(rules.FILE_HAS_ITS_FORM, {"missing": one}, at)
        for one in _MEMBERS
        if one not in files
    ]
    findings += [
        Finding(rules.FILE_HAS_ITS_FORM, {"unknown": ascii(one[:60])}, at)
        for one in files
        if one not in _MEMBERS and not _PACK_FILE.fullmatch(one)
    ]
    if findings:
        raise RefusalError(*findings)
    token = _text(files, "credential.jwt", at)
    if not _TOKEN.fullmatch(token):
        refuse(rules.FILE_HAS_ITS_FORM, at=_in(at, "credential.jwt"), problem="not a vc+jwt")
    shape: dict[str, Json] = {
        "type": RESULT_FILE,
        "credential": envelope(token),
        "proof": _text(files, "log.tlog-proof", at),
        "result": _object(files, "result.json", at),
        "issuer_document": _object(files, "issuer.json", at),
        "log_vkey": _text(files, "log.vkey", at),
    }
    return Opened(shape, _pack(files, _text(files, "pack.sha256", at), at))


def _in(at: Place, member: str) -> Place:
    return Place(at.file, None, member)


def _text(files: Mapping[str, bytes], member: str, at: Place) -> str:
    try:
        return files[member].decode("utf-8")
    except UnicodeDecodeError:
        refuse(rules.FILE_IS_READABLE, at=_in(at, member), problem="not UTF-8")


def _object(files: Mapping[str, bytes], member: str, at: Place) -> dict[str, Json]:
    """Read a JSON object whose bytes are those that were hashed."""
    place = _in(at, member)
    found = parse_json(_text(files, member, at), at=place)
    if not isinstance(found, dict):
        refuse(rules.FILE_HAS_ITS_FORM, at=place, problem="not an object")
    if canonical_bytes(found) != files[member]:
        refuse(rules.FILE_HAS_ITS_FORM, at=place, problem="not in canonical form")
    return found


def _pack(files: Mapping[str, bytes], stated: str, at: Place) -> EnclosedPack:
    """Read the pack that is enclosed as a pack in a folder is read."""
    those = {name.removeprefix(PACK): body for name, body in files.items() if name.startswith(PACK)}
    if not those:
        return EnclosedPack(stated.removesuffix("\n"))
    if sum(map(len, those.values())) > PACK_BYTES_MAX:
        refuse(rules.FILE_IS_READABLE, at=_in(at, PACK), size=f"more than {PACK_BYTES_MAX} bytes")
    with tempfile.TemporaryDirectory(prefix="stannary-pack-") as place:
        folder = Path(place)
        for name, body in those.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(body)
        if "standard.toml" not in those:
            facts = {"missing": f"{PACK}standard.toml"}
            finding = Finding(rules.FILE_HAS_ITS_FORM, facts, at)
            return EnclosedPack(stated.removesuffix("\n"), findings=(finding,))
        digest = pack_sha256(folder)
        try:
            edition = load_pack(folder)
        except RefusalError as refusal:
            findings = tuple(_placed(one, folder, at) for one in refusal.findings)
            return EnclosedPack(stated.removesuffix("\n"), sha256=digest, findings=findings)
    return EnclosedPack(stated.removesuffix("\n"), edition=edition, sha256=digest)


def _placed(finding: Finding, folder: Path, at: Place) -> Finding:
    """Name the member instead of the folder where it lay for a moment."""
    where = finding.at
    if where is None:
        return Finding(finding.rule, finding.facts, at)
    member = where.file.replace(f"{folder}/", PACK)
    return Finding(
        finding.rule, finding.facts, Place(f"{at.file}, {member}", where.line, where.column)
    )
