"""Signed notes: a text with signature lines, and the keys that check them.

Built to C2SP signed-note. Keys stay outside: who signs and who checks is a `Signer` and a
`Verifier`, given by the caller.

Rules: LOG-005, LOG-006, LOG-007, LOG-010.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn, Protocol

from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import rules

NOTE_MAX_CHARACTERS = 400_000
SIGNATURES_MAX = 64
ED25519 = 1
"""Signature type of plain Ed25519 note signatures."""

_ED25519_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_DASH = "— "


class Signer(Protocol):
    """Signs notes under one name; holds its key itself."""

    @property
    def name(self) -> str:
        """Name of the key: "log.example/open"."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a message and return the signature alone."""
        ...


class Verifier(Protocol):
    """Checks the signatures of one key."""

    @property
    def name(self) -> str:
        """Name of the key."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is right; False for anything malformed."""
        ...


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line.

    Attributes:
        name: Name of the key.
        key_id: Four bytes.
        signature: What the key made of the text; its form depends on the key.
    """

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signature lines, not yet checked.

    Attributes:
        text: With its last newline.
        signatures: In order; never empty.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as a vkey text holds it.

    Attributes:
        name: Name of the key.
        key_id: First four bytes of SHA-256 over name, newline, type and key.
        public_key: 32 bytes of an Ed25519 key.
    """

    name: str
    key_id: bytes
    public_key: bytes


def decode_base64(text: str) -> bytes | None:
    r"""Read standard base64 with padding; None for any other spelling of the bytes.

    Example:
        >>> decode_base64("AQI="), decode_base64("AQJ=")
        (b'\x01\x02', None)
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # bits beyond the last byte could be changed unseen if other spellings were accepted
    return content if base64.b64encode(content).decode("ascii") == text else None


def encode_base64(content: bytes) -> str:
    """Write standard base64 with padding."""
    return base64.b64encode(content).decode("ascii")


def check_key_name(name: str, *, at: Place | None = None) -> None:
    """Stop if a text cannot be the name of a key.

    Raises:
        RefusalError: LOG-005.
    """
    bad = not name or "+" in name or any(sign.isspace() or ord(sign) < 32 for sign in name)
    if bad or len(name) > 500:
        refuse(rules.KEY_NAME_IS_PLAIN, at=at, name=name[:60] or "(empty)")


def key_id(name: str, public_key: bytes) -> bytes:
    """Give the four bytes that identify an Ed25519 note key.

    Example:
        >>> key_id("log.example", bytes(32)).hex()
        'f3e73440'
    """
    kind = bytes([ED25519])
    content = name.encode("utf-8") + b"\n" + kind + public_key
    return hashlib.sha256(content).digest()[:_KEY_ID_BYTES]


def vkey_text(name: str, public_key: bytes) -> str:
    """Write a verifier key as one line without its end.

    Args:
        name: Name of the key.
        public_key: 32 bytes of an Ed25519 key.

    Raises:
        RefusalError: LOG-005 for a bad name, LOG-006 for a key of another length.
    """
    check_key_name(name)
    if len(public_key) != _ED25519_KEY_BYTES:
        refuse(rules.VKEY_IS_WELL_FORMED, name=name, key=f"{len(public_key)} bytes")
    material = encode_base64(bytes([ED25519]) + public_key)
    return f"{name}+{key_id(name, public_key).hex()}+{material}"


def parse_vkey(text: str, *, at: Place | None = None) -> VerifierKey:
    """Read a verifier key; blanks and newlines around it are ignored.

    Raises:
        RefusalError: LOG-005 for a bad name. LOG-006 for another form, another kind of key, or
            an id that does not fit the name and the key.
    """
    # at the first two plus signs only: base64 has plus signs of its own
    name, _, rest = text.strip().partition("+")
    identifier, _, material = rest.partition("+")
    check_key_name(name, at=at)
    content = decode_base64(material)
    form_fits = content is not None and len(content) == 1 + _ED25519_KEY_BYTES
    if content is None or not form_fits or content[0] != ED25519:
        refuse(rules.VKEY_IS_WELL_FORMED, at=at, vkey=text[:200] or "(empty)")
    public_key = content[1:]
    expected = key_id(name, public_key)
    if not _KEY_ID.fullmatch(identifier) or bytes.fromhex(identifier) != expected:
        refuse(
            rules.VKEY_IS_WELL_FORMED,
            at=at,
            vkey=text[:200],
            id_written=identifier[:20] or "(none)",
            id_of_the_key=expected.hex(),
        )
    return VerifierKey(name=name, key_id=expected, public_key=public_key)


def note_text(note: Note) -> str:
    """Write a note with its signature lines.

    Raises:
        RefusalError: LOG-007 if the text does not end in a newline or holds control signs, if
            there is no signature, or too many. LOG-005 for a bad key name.
    """
    lines = [
        f"{_DASH}{line.name} {encode_base64(line.key_id + line.signature)}\n"
        for line in note.signatures
    ]
    written = f"{note.text}\n{''.join(lines)}"
    if parse_note(written) != note:
        refuse(rules.NOTE_IS_WELL_FORMED, text=note.text[:60], problem="does not read back")
    return written


def sign_note(text: str, signers: Iterable[Signer]) -> str:
    """Sign a text with every signer, in order, and return the note as text.

    Args:
        text: Ends in a newline.
        signers: At least one.

    Raises:
        RefusalError: LOG-007, LOG-005 as `note_text`.
    """
    message = text.encode("utf-8")
    lines = tuple(
        NoteSignature(signer.name, signer.key_id, signer.sign(message)) for signer in signers
    )
    return note_text(Note(text, lines))


def parse_note(text: str, *, at: Place | None = None) -> Note:
    """Read a signed note without checking a signature.

    Raises:
        RefusalError: LOG-007 for another form, LOG-005 for a bad key name in a signature line.
    """

    def fail(problem: str) -> NoReturn:
        refuse(rules.NOTE_IS_WELL_FORMED, at=at, problem=problem)

    if len(text) > NOTE_MAX_CHARACTERS:
        fail("longer than 400 000 characters")
    if any(ord(sign) < 32 and sign != "\n" for sign in text):
        fail("a control sign")
    end = text.rfind("\n\n")
    if end < 1 or not text.endswith("\n"):
        fail("no empty line before the signatures, or no newline at the end")
    body, rest = text[: end + 1], text[end + 2 :]
    lines = rest.split("\n")[:-1]
    if not 1 <= len(lines) <= SIGNATURES_MAX:
        fail(f"{len(lines)} signature lines")
    return Note(body, tuple(_signature_line(line, at) for line in lines))


def _signature_line(line: str, at: Place | None) -> NoteSignature:
    name, blank, encoded = line.removeprefix(_DASH).partition(" ")
    content = decode_base64(encoded)
    fits = line.startswith(_DASH) and blank and content is not None
    if not fits or content is None or len(content) <= _KEY_ID_BYTES:
        refuse(rules.NOTE_IS_WELL_FORMED, at=at, problem="a bad signature line", line=line[:80])
    check_key_name(name, at=at)
    return NoteSignature(name, content[:_KEY_ID_BYTES], content[_KEY_ID_BYTES:])


def check_note(
    note: Note, verifiers: Iterable[Verifier], *, at: Place | None = None
) -> tuple[NoteSignature, ...]:
    """Check every signature of a known key and return those that hold, at least one.

    Signatures of unknown keys say nothing and are passed over; a wrong one of a known key
    spoils the note.

    Raises:
        RefusalError: LOG-010 if no known key signed, or a known key's signature is wrong.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    message = note.text.encode("utf-8")
    held = []
    for line in note.signatures:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        if not verifier.verify(message, line.signature):
            refuse(rules.NOTE_IS_SIGNED, at=at, wrong_signature_of=line.name)
        held.append(line)
    if not held:
        names = ", ".join(line.name for line in note.signatures[:4])
        keys = ", ".join(name for name, _ in known) or "none"
        refuse(rules.NOTE_IS_SIGNED, at=at, signature_lines_of=names, known_keys=keys)
    return tuple(held)
