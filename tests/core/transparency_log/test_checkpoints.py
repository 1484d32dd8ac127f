"""Checkpoints: three lines, signed, of the log that is expected."""

import pytest

from stannary.core.kernel import Place, RefusalError
from stannary.core.transparency_log import (
    EMPTY_ROOT,
    Checkpoint,
    Tree,
    check_extension,
    checkpoint_text,
    leaf_hash,
    open_checkpoint,
    parse_checkpoint,
    rules,
    sign_checkpoint,
    sign_note,
)
from stannary.signing import key_from_seed, note_signer, note_verifier

SIGNER = note_signer("log.example/open", key_from_seed(b"log key of the tests, 32 bytes.."))
VERIFIER = note_verifier(SIGNER.vkey)
ROOT = bytes(range(32))
ROOT_TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
CHECKPOINT = Checkpoint("log.example/open", 48_212, ROOT)
TEXT = f"log.example/open\n48212\n{ROOT_TEXT}\n"


def test_a_checkpoint_is_origin_size_and_root() -> None:
    assert checkpoint_text(CHECKPOINT) == TEXT
    assert parse_checkpoint(TEXT) == CHECKPOINT


def test_extension_lines_are_kept() -> None:
    checkpoint = Checkpoint("log.example/open", 1, ROOT, ("one", "two"))

    assert parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("48212", "048212"),
        TEXT.replace("48212", "+48212"),
        TEXT.replace("48212", "-1"),
        TEXT.replace("48212", "48212 "),
        TEXT.replace("48212", "４８"),
        TEXT.replace("48212", "0"),
        TEXT.replace("48212", str(2**63)),
        TEXT.replace("log.example/open", ""),
        TEXT.replace("=", ""),
        TEXT.replace("h8=", "h9="),
        TEXT.replace(ROOT_TEXT, "AAEC"),
        "log.example/open\n48212\n",
    ],
)
def test_another_form_is_no_checkpoint(text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_checkpoint(text, at=Place("checkpoint"))
    assert refusal.value.rule is rules.CHECKPOINT_IS_WELL_FORMED  # LOG-008
    assert refusal.value.findings[0].at == Place("checkpoint")


@pytest.mark.parametrize("size", [0, 1, 2**63 - 1])
def test_every_size_below_2_to_the_63_is_written(size: int) -> None:
    checkpoint = Checkpoint("log.example/open", size, ROOT if size else EMPTY_ROOT)

    assert parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, ROOT),
        Checkpoint("log.example\n5", 1, ROOT),
        Checkpoint(f"log.example\n5\n{ROOT_TEXT}", 1, ROOT),
        Checkpoint("log.example", -1, ROOT),
        Checkpoint("log.example", 0, ROOT),
        Checkpoint("log.example", 1, ROOT[:31]),
        Checkpoint("log.example", 1, ROOT, ("",)),
    ],
)
def test_what_does_not_read_back_is_not_signed(checkpoint: Checkpoint) -> None:
    with pytest.raises(RefusalError, match="LOG-008"):
        sign_checkpoint(checkpoint, [SIGNER])


def test_a_signed_checkpoint_opens_for_whoever_knows_the_key() -> None:
    note = sign_checkpoint(CHECKPOINT, [SIGNER])

    assert open_checkpoint(note, [VERIFIER]) == CHECKPOINT
    assert open_checkpoint(note, [VERIFIER], origin="log.example/open") == CHECKPOINT


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(RefusalError) as refusal:
        open_checkpoint(
            sign_checkpoint(CHECKPOINT, [SIGNER]),
            [VERIFIER],
            origin="log.example/other",
            at=Place("checkpoint"),
        )
    assert refusal.value.findings[0].message == (
        "checkpoint: LOG-011: A checkpoint is of the log that the reader expects."
        " Here: log=log.example/open, expected=log.example/other."
        " Check the name of the log, or name the log that you trust."
    )


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(RefusalError, match="LOG-008"):
        open_checkpoint(sign_note("hello\n", [SIGNER]), [VERIFIER])


def test_a_changed_size_breaks_the_signature() -> None:
    note = sign_checkpoint(CHECKPOINT, [SIGNER]).replace("48212", "48213")

    with pytest.raises(RefusalError, match="LOG-010"):
        open_checkpoint(note, [VERIFIER])


def checkpoint_of(tree: Tree, size: int) -> Checkpoint:
    return Checkpoint("log.example/open", size, tree.root(size))


def test_a_log_that_has_only_grown_may_be_signed_again() -> None:
    tree = Tree(leaf_hash(b"entry %d" % n) for n in range(9))

    for old in range(10):
        older, newer = checkpoint_of(tree, old), checkpoint_of(tree, 9)
        check_extension(older, newer, tree.consistency_proof(old))


def test_a_log_that_was_rewritten_or_shrank_is_refused() -> None:
    tree = Tree(leaf_hash(b"entry %d" % n) for n in range(9))
    rewritten = Tree(leaf_hash(b"other %d" % n) for n in range(9))
    proof = rewritten.consistency_proof(5)

    with pytest.raises(RefusalError) as refusal:
        check_extension(checkpoint_of(tree, 5), checkpoint_of(rewritten, 9), proof)
    assert refusal.value.findings[0].message == (
        "LOG-013: A newer tree holds everything that the older one held, unchanged."
        " Here: log=log.example/open, older=5, newer=9."
        " Keep both checkpoints: together they show that the log was rewritten."
    )
    with pytest.raises(RefusalError, match="LOG-013"):
        check_extension(checkpoint_of(tree, 9), checkpoint_of(tree, 5), ())
    with pytest.raises(RefusalError, match="LOG-011"):
        check_extension(checkpoint_of(tree, 9), Checkpoint("other", 9, tree.root()), ())
