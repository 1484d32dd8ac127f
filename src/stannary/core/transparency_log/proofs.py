"""Log proofs: one text that shows, for ever and offline, that an entry is in a log.

Built to C2SP tlog-proof.

Rules: LOG-009, LOG-010, LOG-011, LOG-012.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import rules
from stannary.core.transparency_log.checkpoints import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    read_whole,
    sign_checkpoint,
)
from stannary.core.transparency_log.notes import (
    Signer,
    Verifier,
    decode_base64,
    encode_base64,
    parse_note,
)
from stannary.core.transparency_log.tree import (
    HASH_BYTES,
    PROOF_MAX_HASHES,
    Tree,
    verify_inclusion,
)

HEADING = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class LogProof:
    """Where an entry stands in a log, and what leads from it to the signed root.

    Attributes:
        index: Place of the entry, from 0.
        hashes: From the leaf's sibling up; each 32 bytes.
        checkpoint: The signed checkpoint, word for word.
        extra: Data that nobody vouches for; None: no such line. We write none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def make_proof(
    tree: Tree, index: int, *, origin: str, signers: Iterable[Signer], size: int | None = None
) -> str:
    """Write the proof that an entry is in a log, under a checkpoint that is signed for it.

    Before it signs, a log makes sure that the checkpoint extends the newest one that it signed:
    `check_extension`.

    Args:
        tree: The log.
        index: The entry, from 0.
        origin: Name of the log.
        signers: The log's key, and more if it has more.
        size: How many entries the checkpoint covers; None: all.

    Raises:
        RefusalError: LOG-003, LOG-004 if there is no such entry; LOG-005, LOG-008 for a bad name.
    """
    size = tree.size if size is None else size
    hashes = tree.inclusion_proof(index, size)
    checkpoint = sign_checkpoint(Checkpoint(origin, size, tree.root(size)), signers)
    return proof_text(LogProof(index=index, hashes=hashes, checkpoint=checkpoint))


def proof_text(proof: LogProof) -> str:
    """Write a proof as the text of a `.tlog-proof` file.

    Raises:
        RefusalError: LOG-009 if a part cannot be written; LOG-007, LOG-008 if the checkpoint
            is not one.
    """
    lines = [HEADING]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += [encode_base64(value) for value in proof.hashes]
    text = "\n".join(lines) + "\n\n" + proof.checkpoint
    parse_proof(text)  # refuses what nobody could read
    return text


def parse_proof(text: str, *, at: Place | None = None) -> LogProof:
    """Read a proof without checking it; the checkpoint inside must have its form.

    Raises:
        RefusalError: LOG-009 for another form; LOG-007, LOG-008, LOG-005 if the checkpoint is
            not one.
    """
    head, empty_line, checkpoint = text.partition("\n\n")
    heading, *lines = head.split("\n")
    if heading != HEADING or not empty_line:
        refuse(rules.PROOF_IS_WELL_FORMED, at=at, heading=heading[:60] or "(empty)")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
        if extra is None:
            refuse(rules.PROOF_IS_WELL_FORMED, at=at, problem="extra is not base64")
    index_line = lines.pop(0) if lines else "(none)"
    name, _, digits = index_line.partition(" ")
    index = read_whole(digits)
    if name != "index" or index is None:
        refuse(rules.PROOF_IS_WELL_FORMED, at=at, index=index_line[:60])
    hashes = tuple(decode_base64(line) or b"" for line in lines)
    if len(hashes) > PROOF_MAX_HASHES or any(len(value) != HASH_BYTES for value in hashes):
        refuse(rules.PROOF_IS_WELL_FORMED, at=at, problem="a bad line of hashes")
    parse_checkpoint(parse_note(checkpoint, at=at).text, at=at)
    return LogProof(index=index, hashes=hashes, checkpoint=checkpoint, extra=extra)


def check_proof(
    proof: LogProof,
    *,
    leaf: bytes,
    verifiers: Iterable[Verifier],
    origin: str | None = None,
    at: Place | None = None,
) -> Checkpoint:
    """Check that an entry is in a log and return the checkpoint that holds it.

    Args:
        proof: As read.
        leaf: Leaf hash of the entry, computed by the reader.
        verifiers: Keys of logs that the reader knows.
        origin: The log that it must be in; None: any whose key is known.
        at: Where the proof was read, for messages.

    Raises:
        RefusalError: LOG-010 if no known key signed the checkpoint, LOG-011 if it is of
            another log, LOG-012 if the hashes do not lead to its root.
    """
    checkpoint = open_checkpoint(proof.checkpoint, verifiers, origin=origin, at=at)
    if not verify_inclusion(
        leaf=leaf,
        index=proof.index,
        size=checkpoint.size,
        proof=proof.hashes,
        root=checkpoint.root,
    ):
        refuse(
            rules.ENTRY_IS_INCLUDED,
            at=at,
            log=checkpoint.origin[:80],
            index=str(proof.index),
            size=str(checkpoint.size),
        )
    return checkpoint
