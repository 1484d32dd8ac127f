"""Whom a reader trusts: issuers' documents and log keys out of files, issuers by name.

Rules: CREDENTIAL-001, CREDENTIAL-002, CREDENTIAL-008, CREDENTIAL-010, LOG-005, LOG-006.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stannary.core.credentials import Json, check_did_document, parse_json, rules
from stannary.core.credentials.dids import check_did
from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import VerifierKey, parse_vkey
from stannary.core.verification import Trust

TRUST_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Found:
    documents: tuple[Mapping[str, Json], ...] = ()
    log_keys: tuple[VerifierKey, ...] = ()


def read_trust(named: Iterable[str]) -> Trust:
    """Read whom a reader trusts.

    Args:
        named: Each is a DID, or the path of a file that holds an issuer's did.json, a JSON list of
            such documents, or verifier keys of logs, one a line ("#" begins a remark).

    Raises:
        RefusalError: CREDENTIAL-001 if a file cannot be opened or is too large, CREDENTIAL-002,
            CREDENTIAL-008 or CREDENTIAL-010 for a document or DID, LOG-005 or LOG-006 for a key
            that is none.
    """
    dids: list[str] = []
    found: list[_Found] = []
    for one in named:
        if one.startswith("did:"):
            check_did(one, at=Place("--trust"))
            dids.append(one)
        else:
            found.append(_read_file(one))
    return Trust(
        documents=tuple(document for file in found for document in file.documents),
        dids=tuple(dids),
        log_keys=tuple(key for file in found for key in file.log_keys),
    )


def _read_file(path: str) -> _Found:
    at = Place(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(TRUST_MAX_BYTES + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        refuse(rules.FILE_IS_READABLE, at=at, problem="not UTF-8")
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        problem = getattr(error, "strerror", None) or "cannot be opened"
        refuse(rules.FILE_IS_READABLE, at=at, problem=problem)
    if len(content) > TRUST_MAX_BYTES:
        refuse(rules.FILE_IS_READABLE, at=at, size="more than 1 MB")
    return _parse(text, path)


def _parse(text: str, name: str) -> _Found:
    at = Place(name)
    if text.lstrip().startswith(("{", "[")):
        content = parse_json(text, at=at, fractions_as_text=True)
        documents = content if isinstance(content, list) else [content]
        for document in documents:
            check_did_document(document, at=at)
        return _Found(documents=tuple(one for one in documents if isinstance(one, dict)))
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        refuse(rules.FILE_IS_READABLE, at=at, problem="names nobody")
    return _Found(
        log_keys=tuple(parse_vkey(line, at=Place(name, number)) for number, line in lines)
    )
