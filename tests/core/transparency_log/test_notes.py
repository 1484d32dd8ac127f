"""Signed notes and verifier keys: one spelling each, and no unknown key believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stannary.core.kernel import Place, RefusalError
from stannary.core.transparency_log import (
    Note,
    NoteSignature,
    check_note,
    note_text,
    parse_note,
    parse_vkey,
    rules,
    sign_note,
    vkey_text,
)
from stannary.core.transparency_log.notes import check_key_name, decode_base64, encode_base64
from stannary.signing import key_from_seed, note_signer, note_verifier

OURS = note_signer("log.example/open", key_from_seed(b"log key of the tests, 32 bytes.."))
OTHER = note_signer("witness.example", key_from_seed(b"another key of the tests, 32 b.."))
PUBLIC_KEY = parse_vkey(OURS.vkey).public_key
TEXT = "log.example/open\nsome text\n"
SIGNED = sign_note(TEXT, [OURS])


def refused(code: str, text: str) -> dict[str, str]:
    with pytest.raises(RefusalError) as refusal:
        parse_note(text, at=Place("a.note"))
    assert refusal.value.rule.code == code
    assert refusal.value.findings[0].at == Place("a.note")
    return dict(refusal.value.findings[0].facts)


def test_a_note_is_text_an_empty_line_and_signature_lines() -> None:
    text, _, lines = SIGNED.rpartition("\n\n")

    assert text + "\n" == TEXT
    assert lines.startswith("— log.example/open ")
    assert note_text(parse_note(SIGNED)) == SIGNED
    assert parse_note(SIGNED).text == TEXT


def test_the_text_may_hold_empty_lines() -> None:
    assert parse_note(sign_note("a\n\nb\n", [OURS])).text == "a\n\nb\n"


def test_the_signature_of_a_known_key_holds() -> None:
    note = parse_note(sign_note(TEXT, [OTHER, OURS]))

    held = check_note(note, [note_verifier(OURS.vkey)])

    assert [line.name for line in held] == ["log.example/open"]


def test_a_note_signed_by_unknown_keys_only_is_refused() -> None:
    with pytest.raises(RefusalError) as refusal:
        check_note(parse_note(SIGNED), [note_verifier(OTHER.vkey)], at=Place("a.note"))

    assert refusal.value.findings[0].message == (
        "a.note: LOG-010: A checkpoint is signed by a key that the reader knows, and no known"
        " key's signature is wrong. Here: signature_lines_of=log.example/open,"
        " known_keys=witness.example. Do not rely on this checkpoint; fetch it again from the log."
    )


def test_a_key_of_the_same_name_and_another_id_is_unknown() -> None:
    namesake = note_signer(OURS.name, key_from_seed(bytes(32)))

    with pytest.raises(RefusalError, match="LOG-010"):
        check_note(parse_note(SIGNED), [note_verifier(namesake.vkey)])
    with pytest.raises(RefusalError, match="known_keys=none"):
        check_note(parse_note(SIGNED), [])


@pytest.mark.parametrize("signature", [b"x", bytes(64), bytes(65)])
def test_a_wrong_signature_of_a_known_key_spoils_the_note(signature: bytes) -> None:
    good = parse_note(SIGNED).signatures[0]
    wrong = NoteSignature(OTHER.name, OTHER.key_id, signature)
    note = Note(TEXT, (good, wrong))
    verifiers = [note_verifier(OURS.vkey), note_verifier(OTHER.vkey)]

    with pytest.raises(RefusalError, match="wrong_signature_of=witness"):
        check_note(note, verifiers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "text\n",
        "text without an empty line\n— a AAAAAAA=\n",
        "\n\n— a AAAAAAA=\n",
        SIGNED[:-1],
        SIGNED + "\n",
        SIGNED.replace("some", "so\tme"),
        SIGNED.replace("some", "so\rme"),
        SIGNED.replace("— ", "- "),
        SIGNED.replace("— ", "—"),
        SIGNED.replace("— ", "—  "),
        SIGNED[:-2] + "\n",
        SIGNED[:-2] + "==\n",
        TEXT + "\n— a AAAAAA==\n",
        TEXT + "\n— a AAAAAAA\n",
        TEXT + "\n— a AAAAAAB=\n",
        TEXT + "\n— a\n",
        TEXT + "\n" + "— a AAAAAAA=\n" * 65,
        "x" * 400_000 + SIGNED,
    ],
)
def test_another_form_is_no_note(text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_note(text)
    assert refusal.value.rule in (rules.NOTE_IS_WELL_FORMED, rules.KEY_NAME_IS_PLAIN)  # LOG-007


def test_the_problem_of_a_note_is_named() -> None:
    assert refused("LOG-007", TEXT + "\n— a AAAAAA==\n") == {
        "problem": "a bad signature line",
        "line": "— a AAAAAA==",
    }


def test_64_signatures_are_read() -> None:
    assert len(parse_note(TEXT + "\n" + "— a AAAAAAA=\n" * 64).signatures) == 64


@pytest.mark.parametrize("name", ["", "a b", "a\u2003b", "a+b", "a\x00", "a\x1f", "a" * 501])
def test_a_key_name_is_not_empty_and_has_no_space_or_plus(name: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        check_key_name(name)
    assert refusal.value.rule is rules.KEY_NAME_IS_PLAIN  # LOG-005
    with pytest.raises(RefusalError, match=r"LOG-00[57]"):
        note_text(Note(TEXT, (NoteSignature(name, bytes(4), b"x"),)))


@pytest.mark.parametrize("name", ["a", "log.example/open", "é.example", "a" * 500])
def test_other_key_names_are_fine(name: str) -> None:
    note = Note(TEXT, (NoteSignature(name, bytes(4), b"x"),))

    assert parse_note(note_text(note)) == note


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n"])
def test_a_text_that_cannot_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(RefusalError, match="LOG-007"):
        sign_note(text, [OURS])


def test_a_signature_line_hidden_in_the_text_is_not_signed() -> None:
    with pytest.raises(RefusalError, match="LOG-007"):
        note_text(Note("text\n", (NoteSignature("a", bytes(3), b"xy"),)))


def test_a_vkey_is_read_as_it_is_written() -> None:
    key = parse_vkey(f" {OURS.vkey}\n")

    assert (key.name, key.key_id) == (OURS.name, OURS.key_id)
    assert vkey_text(key.name, key.public_key) == OURS.vkey


@pytest.mark.parametrize(
    ("vkey", "code"),
    [
        ("", "LOG-005"),
        ("+", "LOG-005"),
        ("log example+00000000+AAAA", "LOG-005"),
        ("log.example", "LOG-006"),
        ("log.example+00000000", "LOG-006"),
        (OURS.vkey[:-1], "LOG-006"),
        (OURS.vkey + "A", "LOG-006"),
        (OURS.vkey.replace("+", "+A", 1), "LOG-006"),
        (OURS.vkey.replace("log", "lag"), "LOG-006"),
        (OURS.vkey.replace(OURS.key_id.hex(), OURS.key_id.hex().upper()), "LOG-006"),
        (OURS.vkey[:-44] + encode_base64(b"\x04" + PUBLIC_KEY), "LOG-006"),
        (f"log.example+{'0' * 8}+AQ==", "LOG-006"),
    ],
)
def test_another_form_is_no_vkey(vkey: str, code: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_vkey(vkey, at=Place("log.vkey"))
    assert refusal.value.rule.code == code
    assert refusal.value.findings[0].at == Place("log.vkey")


@given(place=st.integers(0, len(OURS.vkey) - 1), sign=st.characters(codec="utf-8"))
def test_one_changed_sign_of_a_vkey_is_noticed(place: int, sign: str) -> None:
    changed = OURS.vkey[:place] + sign + OURS.vkey[place + 1 :]
    if changed.strip() == OURS.vkey:
        return

    with pytest.raises(RefusalError, match=r"LOG-00[56]"):
        parse_vkey(changed)


@pytest.mark.parametrize("length", [31, 33])
def test_a_vkey_holds_32_bytes(length: int) -> None:
    with pytest.raises(RefusalError, match="LOG-006"):
        vkey_text("log.example", bytes(length))


@given(st.binary(max_size=40))
def test_base64_has_one_spelling(content: bytes) -> None:
    text = encode_base64(content)

    assert decode_base64(text) == content
    assert decode_base64(text + "\n") is None
    assert decode_base64("é") is None
