"""Log proofs: one text that shows that an entry is in a log, and nothing else shows it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stannary.core.kernel import Place, RefusalError
from stannary.core.transparency_log import (
    Checkpoint,
    LogProof,
    Tree,
    check_proof,
    leaf_hash,
    make_proof,
    parse_proof,
    proof_text,
    rules,
    sign_checkpoint,
)
from stannary.signing import key_from_seed, note_signer, note_verifier
from vectors.log import generate

SIGNER = note_signer("log.example/open", key_from_seed(b"log key of the tests, 32 bytes.."))
VERIFIER = note_verifier(SIGNER.vkey)


def prove(index: int, size: int) -> LogProof:
    tree = Tree(leaf_hash(b"entry %d" % n) for n in range(size))
    checkpoint = Checkpoint(SIGNER.name, size, tree.root())
    return LogProof(index, tree.inclusion_proof(index), sign_checkpoint(checkpoint, [SIGNER]))


PROOF = prove(5, 11)
TEXT = proof_text(PROOF)
LEAF = leaf_hash(b"entry 5")


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (6, 7), (255, 256), (256, 257)])
def test_a_proof_is_read_as_it_is_written_and_holds(index: int, size: int) -> None:
    proof = parse_proof(proof_text(prove(index, size)))

    checkpoint = check_proof(
        proof, leaf=leaf_hash(b"entry %d" % index), verifiers=[VERIFIER], origin=SIGNER.name
    )

    assert (proof.index, checkpoint.size) == (index, size)


def test_the_text_has_the_lines_of_the_specification() -> None:
    heading, index, *rest = TEXT.split("\n")

    assert (heading, index) == ("c2sp.org/tlog-proof@v1", "index 5")
    assert rest.index("") == len(PROOF.hashes)
    assert TEXT.endswith(PROOF.checkpoint)


def test_extra_data_is_kept_and_vouches_for_nothing() -> None:
    proof = LogProof(PROOF.index, PROOF.hashes, PROOF.checkpoint, extra=b"anything")

    assert parse_proof(proof_text(proof)) == proof
    assert check_proof(proof, leaf=LEAF, verifiers=[VERIFIER]).size == 11


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("\nindex 5", ""),
        TEXT.replace("index 5", "index 05"),
        TEXT.replace("index 5", "index  5"),
        TEXT.replace("index 5", "index -5"),
        TEXT.replace("index 5", "Index 5"),
        TEXT.replace("index 5", "extra ???\nindex 5"),
        TEXT.replace("index 5", "extra AA==\nextra AA==\nindex 5"),
        TEXT.replace("index 5", "index 5\nAAEC"),
        TEXT.replace("index 5", "index 5\n\nAAEC"),
        TEXT.replace("index 5\n", "index 5\n" + "A" * 43 + "=\n" * 1).replace("=\n", "\n", 1),
        TEXT.replace("index 5\n", "index 5\n" + ("A" * 43 + "=\n") * 60),
        "c2sp.org/tlog-proof@v1\n\n" + PROOF.checkpoint,
    ],
)
def test_another_form_is_no_proof(text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_proof(text, at=Place("a.tlog-proof"))
    assert refusal.value.rule.code in ("LOG-009", "LOG-007", "LOG-008")
    assert refusal.value.findings[0].at == Place("a.tlog-proof")


def test_63_hashes_are_read_and_64_are_not() -> None:
    at_most = LogProof(0, (bytes(32),) * 63, PROOF.checkpoint)

    assert parse_proof(proof_text(at_most)) == at_most
    with pytest.raises(RefusalError) as refusal:
        proof_text(LogProof(0, (bytes(32),) * 64, PROOF.checkpoint))
    assert refusal.value.rule is rules.PROOF_IS_WELL_FORMED  # LOG-009


@pytest.mark.parametrize("checkpoint", ["", "hello\n", "hello\n\n— a AAAAAAA=\n"])
def test_a_proof_needs_a_checkpoint(checkpoint: str) -> None:
    with pytest.raises(RefusalError, match=r"LOG-00[78]"):
        proof_text(LogProof(0, (), checkpoint))


def test_a_proof_of_a_strange_index_does_not_read_back() -> None:
    with pytest.raises(RefusalError, match="LOG-009"):
        proof_text(LogProof(-1, (), PROOF.checkpoint))


def test_empty_extra_data_does_not_vanish() -> None:
    proof = LogProof(PROOF.index, PROOF.hashes, PROOF.checkpoint, extra=b"")

    assert parse_proof(proof_text(proof)) == proof


def test_another_entry_is_not_included() -> None:
    with pytest.raises(RefusalError) as refusal:
        check_proof(PROOF, leaf=leaf_hash(b"entry 6"), verifiers=[VERIFIER], at=Place("x"))
    assert refusal.value.findings[0].message == (
        "x: LOG-012: The hashes of a proof lead from the entry to the root of the checkpoint."
        " Here: log=log.example/open, index=5, size=11."
        " Do not rely on this proof: the entry, its place or the proof is another."
    )


def test_an_unknown_log_or_another_log_proves_nothing() -> None:
    stranger = note_verifier(note_signer("log.example/open", key_from_seed(bytes(32))).vkey)

    with pytest.raises(RefusalError, match="LOG-010"):
        check_proof(PROOF, leaf=LEAF, verifiers=[stranger])
    with pytest.raises(RefusalError, match="LOG-011"):
        check_proof(PROOF, leaf=LEAF, verifiers=[VERIFIER], origin="log.example/other")


@settings(max_examples=300)
@given(place=st.integers(0, len(TEXT) - 1), sign=st.characters(codec="utf-8"))
def test_one_changed_sign_anywhere_is_noticed(place: int, sign: str) -> None:
    changed = TEXT[:place] + sign + TEXT[place + 1 :]
    if changed == TEXT:
        return

    with pytest.raises(RefusalError, match="LOG-"):
        check_proof(parse_proof(changed), leaf=LEAF, verifiers=[VERIFIER])


VECTORS = json.loads((generate.HERE / "proofs.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "case", VECTORS["proofs"], ids=lambda case: f"{case['index']}/{case['size']}"
)
def test_each_vector_holds_for_its_own_entry_only(case: dict[str, Any]) -> None:
    proof = parse_proof(case["proof"])
    verifiers = [note_verifier(VECTORS["vkey"])]

    checkpoint = check_proof(
        proof, leaf=leaf_hash(generate.entry(case["index"])), verifiers=verifiers
    )

    assert (proof.index, checkpoint.size) == (case["index"], case["size"])
    assert checkpoint.root.hex() == case["root"]
    with pytest.raises(RefusalError, match="LOG-012"):
        check_proof(proof, leaf=leaf_hash(b"another"), verifiers=verifiers)


def test_the_vectors_are_what_their_script_writes() -> None:
    assert (generate.HERE / "proofs.json").read_text(encoding="utf-8") == generate.text()


def test_a_proof_is_made_for_an_older_size_too() -> None:
    tree = Tree(leaf_hash(b"entry %d" % n) for n in range(11))

    text = make_proof(tree, 2, origin=SIGNER.name, signers=[SIGNER], size=4)

    checkpoint = check_proof(parse_proof(text), leaf=leaf_hash(b"entry 2"), verifiers=[VERIFIER])
    assert (checkpoint.size, checkpoint.root) == (4, tree.root(4))
    with pytest.raises(RefusalError, match="LOG-003"):
        make_proof(tree, 4, origin=SIGNER.name, signers=[SIGNER], size=4)
