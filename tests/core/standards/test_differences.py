from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.standards.made_up import EDITION, FIRST_DAY, requirement
from stannary.core.kernel import Mark
from stannary.core.standards import (
    Change,
    Edition,
    Move,
    MoveKind,
    Piece,
    PieceKind,
    Requirement,
    Transition,
    check_transition,
    differences,
    redline,
)
from stannary.core.standards.differences import MAX_WORDS


def with_requirements(*those: Requirement, edition: str = "1.0") -> Edition:
    return replace(EDITION, edition=edition, requirements=those)


def kinds(*changes: Change) -> list[tuple[str, str, str]]:
    return [
        (str(change.kind), ",".join(change.before), ",".join(change.after)) for change in changes
    ]


BEFORE = with_requirements(
    requirement("1.1.1.1", demand="Stays."),
    requirement("1.1.1.2", demand="Moves."),
    requirement("1.1.1.3", demand="Was said so."),
    requirement("1.1.1.4", demand="Goes."),
)
AFTER = with_requirements(
    requirement("1.1.1.1", demand="Stays.", title="Another label"),
    requirement("1.1.1.2", demand="Comes."),
    requirement("1.1.1.3", demand="Is said otherwise.", critical=True),
    requirement("1.1.1.5", demand="Moves."),
    requirement("1.1.1.6", demand="Is new."),
    edition="2.0",
)


def test_texts_alone_tell_kept_renumbered_reworded_new_and_dropped() -> None:
    found = differences(BEFORE, AFTER)

    assert kinds(*found.changes) == [
        ("kept", "1.1.1.1", "1.1.1.1"),
        ("new", "", "1.1.1.2"),
        ("reworded", "1.1.1.3", "1.1.1.3"),
        ("renumbered", "1.1.1.2", "1.1.1.5"),
        ("new", "", "1.1.1.6"),
        ("dropped", "1.1.1.4", ""),
    ]
    assert (found.before, found.after, found.transition) == (BEFORE.id, AFTER.id, None)
    assert not any(change.said_by_table for change in found.changes)
    assert found.counts == {
        MoveKind.KEPT: 1, MoveKind.RENUMBERED: 1, MoveKind.REWORDED: 1, MoveKind.SPLIT: 0,
        MoveKind.MERGED: 0, MoveKind.NEW: 2, MoveKind.DROPPED: 1,
    }  # fmt: skip


def test_what_was_computed_as_reworded_leaves_the_judgement_to_a_person() -> None:
    again = {change.kind: change.judge_again for change in differences(BEFORE, AFTER).changes}

    assert again == {
        MoveKind.KEPT: False,
        MoveKind.RENUMBERED: False,
        MoveKind.REWORDED: None,
        MoveKind.NEW: True,
        MoveKind.DROPPED: False,
    }


def test_what_changed_inside_a_requirement_is_named() -> None:
    changed = {change.after: change.changed for change in differences(BEFORE, AFTER).changes}

    assert changed["1.1.1.1",] == ("title",)
    assert changed["1.1.1.3",] == ("demand", "critical")
    assert changed["1.1.1.5",] == ("title",)
    assert changed["1.1.1.6",] == ()


@pytest.mark.parametrize("name", ["critical", "applies", "demand"])
def test_binding_words_that_differ_make_a_requirement_reworded(name: str) -> None:
    others: dict[str, Any] = {"critical": True, "applies": "near water", "demand": "Another."}
    changed = replace(BEFORE.requirements[0], **{name: others[name]})
    (change,) = differences(
        with_requirements(BEFORE.requirements[0]), with_requirements(changed)
    ).changes

    assert (change.kind, change.changed) == (MoveKind.REWORDED, (name,))


def test_words_that_stand_twice_are_no_proof_of_a_new_number() -> None:
    twice = with_requirements(requirement("1.1.1.1"), requirement("1.1.1.2"))
    once = with_requirements(requirement("1.1.1.3"))

    assert kinds(*differences(twice, once).changes) == [
        ("new", "", "1.1.1.3"), ("dropped", "1.1.1.1", ""), ("dropped", "1.1.1.2", ""),
    ]  # fmt: skip
    assert kinds(*differences(once, twice).changes) == [
        ("new", "", "1.1.1.1"), ("new", "", "1.1.1.2"), ("dropped", "1.1.1.3", ""),
    ]  # fmt: skip


def test_a_requirement_without_text_is_never_renumbered() -> None:
    before = with_requirements(requirement("1.1.1.1", demand=" "))
    after = with_requirements(requirement("1.1.1.2", demand=" "))

    assert kinds(*differences(before, after).changes) == [
        ("new", "", "1.1.1.2"),
        ("dropped", "1.1.1.1", ""),
    ]


def test_two_that_changed_places_are_renumbered_and_not_reworded() -> None:
    before = with_requirements(
        requirement("1.1.1.1", demand="A."), requirement("1.1.1.2", demand="B.")
    )
    after = with_requirements(
        requirement("1.1.1.1", demand="B."), requirement("1.1.1.2", demand="A.")
    )

    assert {change.kind for change in differences(before, after).changes} == {MoveKind.RENUMBERED}


def test_a_table_is_believed_and_what_it_leaves_out_is_new() -> None:
    moves = (
        Move(MoveKind.KEPT, ("1.1.1.1",), ("1.1.1.1",), judge_again=False),
        Move(MoveKind.SPLIT, ("1.1.1.2",), ("1.1.1.2", "1.1.1.5"), judge_again=True, note="Two."),
        Move(MoveKind.REWORDED, ("1.1.1.3",), ("1.1.1.3",), judge_again=False),
        Move(MoveKind.DROPPED, ("1.1.1.4",), (), judge_again=False),
    )
    table = Transition(BEFORE.id, AFTER.id, FIRST_DAY, FIRST_DAY, "made up", Mark.OWN, moves)
    assert check_transition(table, BEFORE, AFTER) == ()

    found = differences(BEFORE, AFTER, table)

    assert found.transition is table
    assert kinds(*found.changes) == [
        ("kept", "1.1.1.1", "1.1.1.1"),
        ("split", "1.1.1.2", "1.1.1.2,1.1.1.5"),
        ("reworded", "1.1.1.3", "1.1.1.3"),
        ("new", "", "1.1.1.6"),
        ("dropped", "1.1.1.4", ""),
    ]
    assert all(change.said_by_table for change in found.changes)
    split, reworded = found.changes[1:3]
    assert (split.changed, split.judge_again, split.note) == ((), True, "Two.")
    assert (reworded.changed, reworded.judge_again) == (("demand", "critical"), False)


# redline


def test_a_redline_shows_words_that_went_and_came() -> None:
    assert redline("Test the water yearly.", "Test the surface water yearly.") == (
        Piece(PieceKind.SAME, "Test the "),
        Piece(PieceKind.ADDED, "surface "),
        Piece(PieceKind.SAME, "water yearly."),
    )
    assert redline("Test  it", "Drop  it") == (
        Piece(PieceKind.REMOVED, "Test  "),
        Piece(PieceKind.ADDED, "Drop  "),
        Piece(PieceKind.SAME, "it"),
    )


def test_a_redline_of_nothing_is_empty() -> None:
    assert redline("", "") == ()
    assert redline("", "Came.") == (Piece(PieceKind.ADDED, "Came."),)
    assert redline("Went.", "") == (Piece(PieceKind.REMOVED, "Went."),)
    assert redline("Stayed.", "Stayed.") == (Piece(PieceKind.SAME, "Stayed."),)


@pytest.mark.parametrize(("words", "pieces"), [(MAX_WORDS, 2), (MAX_WORDS + 1, 2)])
def test_texts_beyond_the_bound_are_not_compared_word_by_word(words: int, pieces: int) -> None:
    text = " ".join(str(number) for number in range(words))
    found = redline(text, text + "!")

    assert len(found) >= pieces
    assert (found[0].kind is PieceKind.SAME) is (words <= MAX_WORDS)


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_a_redline_makes_up_both_texts_sign_by_sign(old: str, new: str) -> None:
    pieces = redline(old, new)

    assert "".join(p.text for p in pieces if p.kind is not PieceKind.ADDED) == old
    assert "".join(p.text for p in pieces if p.kind is not PieceKind.REMOVED) == new
    assert all(piece.text for piece in pieces)
