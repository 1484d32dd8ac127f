import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.standards.made_up import EDITION, requirement
from stannary.core.kernel import Mark
from stannary.core.standards import (
    Edition,
    Move,
    MoveKind,
    Transition,
    all_moves,
    applies_on,
    check_transition,
)

OPENS = datetime.date(2026, 6, 1)
CLOSES = datetime.date(2027, 6, 1)
DAY = datetime.timedelta(days=1)

AFTER = replace(
    EDITION,
    edition="2.0",
    in_force_from=datetime.date(2026, 5, 1),
    requirements=(
        requirement("1.1.1.1", critical=True),
        requirement("1.1.1.2", demand="Half of it is so."),
        requirement("1.1.1.3", demand="The other half is so."),
        requirement("2.1.1.1"),
        requirement("2.1.1.2", demand="Something else is so."),
    ),
)


def move(kind: str, before: str, after: str, *, again: bool | None = None, note: str = "") -> Move:
    judged = kind in ("split", "merged", "new") if again is None else again
    return Move(MoveKind(kind), tuple(before.split()), tuple(after.split()), judged, note)


MOVES = (
    move("kept", "1.1.1.1", "1.1.1.1"),
    move("split", "1.1.1.2", "1.1.1.2 1.1.1.3"),
    move("dropped", "1.2.1.1", ""),
    move("kept", "2.1.1.1", "2.1.1.1"),
)


def transition(*moves: Move, **changes: Any) -> Transition:
    parts: dict[str, Any] = {
        "before": EDITION.id,
        "after": AFTER.id,
        "opens": OPENS,
        "closes": CLOSES,
        "source": "made up for a test",
        "mark": Mark.OWN,
        "moves": moves or MOVES,
    }
    return Transition(**(parts | changes))


def codes(those: Transition, before: Edition = EDITION, after: Edition = AFTER) -> list[str]:
    return [finding.code for finding in check_transition(those, before, after)]


def test_a_transition_that_says_what_became_of_everything_is_sound() -> None:
    assert codes(transition()) == []


def test_a_requirement_of_the_old_edition_left_out_or_named_twice_is_transition_001() -> None:
    assert codes(transition(*MOVES[:2], MOVES[3])) == ["TRANSITION-001"]
    twice = transition(*MOVES, move("dropped", "1.2.1.1", ""))
    assert codes(twice) == ["TRANSITION-001"]


def test_a_requirement_that_two_moves_lead_to_is_transition_002() -> None:
    moves = (*MOVES[:2], move("reworded", "1.2.1.1", "1.1.1.3"), MOVES[3])

    assert codes(transition(*moves)) == ["TRANSITION-002"]


@pytest.mark.parametrize(
    "wrong",
    [
        move("split", "1.2.1.1", "2.1.1.2"),
        move("merged", "1.2.1.1", "2.1.1.2"),
        move("reworded", "1.2.1.1", ""),
        move("dropped", "1.2.1.1", "2.1.1.2"),
        move("new", "1.2.1.1", "2.1.1.2"),
    ],
)
def test_a_move_whose_kind_does_not_fit_what_it_names_is_transition_003(wrong: Move) -> None:
    found = codes(transition(*MOVES[:2], wrong, MOVES[3]))

    assert found == ["TRANSITION-003"]


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"demand": "Something is nearly so."}, "demand"),
        ({"applies": "Where there is a river."}, "applies"),
        ({"critical": True}, "critical"),
    ],
)
def test_what_is_kept_but_says_something_else_is_transition_004(
    change: dict[str, Any], differs: str
) -> None:
    last = replace(AFTER.requirement_by_id["2.1.1.1"], **change)
    after = replace(AFTER, requirements=(*AFTER.requirements[:3], last, AFTER.requirements[4]))

    found = check_transition(transition(), EDITION, after)

    assert [(finding.code, finding.facts["differs"]) for finding in found] == [
        ("TRANSITION-004", differs)
    ]


def test_only_what_is_kept_has_the_same_id() -> None:
    same = requirement("2.1.1.2")
    after = replace(AFTER, requirements=(*AFTER.requirements[:4], same))
    kept = transition(*MOVES[:3], move("kept", "2.1.1.1", "2.1.1.2"))
    renumbered = transition(*MOVES[:3], move("renumbered", "2.1.1.1", "2.1.1.2"))
    not_moved = transition(*MOVES[:3], move("renumbered", "2.1.1.1", "2.1.1.1"))

    assert codes(kept, after=after) == ["TRANSITION-004"]
    assert codes(renumbered, after=after) == []
    assert codes(not_moved, after=after) == ["TRANSITION-004"]


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, move("kept", "1.1.1.1", "1.1.1.1", again=True)),
        (1, move("split", "1.1.1.2", "1.1.1.2 1.1.1.3", again=False)),
        (2, move("dropped", "1.2.1.1", "", again=True)),
    ],
)
def test_what_changed_is_judged_again_and_what_stayed_is_not(place: int, wrong: Move) -> None:
    moves = (*MOVES[:place], wrong, *MOVES[place + 1 :])

    assert codes(transition(*moves)) == ["TRANSITION-005"]


@pytest.mark.parametrize("again", [True, False])
def test_whether_a_reworded_demand_is_judged_again_is_for_the_table_to_say(again: bool) -> None:
    reworded = move("reworded", "1.2.1.1", "2.1.1.2", again=again)

    assert codes(transition(*MOVES[:2], reworded, MOVES[3])) == []


@pytest.mark.parametrize(
    "change",
    [
        {"before": "example/made-up/0.9"},
        {"after": "example/made-up/3.0"},
        {"closes": OPENS - DAY},
        {"moves": (*MOVES[:2], move("reworded", "1.2.1.1", "9.9.9.9"), MOVES[3])},
        {"moves": (*MOVES[:3], move("kept", "2.1.1.1", "9.9.9.9"))},
    ],
)
def test_a_transition_names_what_is_there(change: dict[str, Any]) -> None:
    assert codes(transition(**change)) == ["TRANSITION-006"]


def test_a_transition_leads_to_another_edition_of_the_same_standard() -> None:
    moves = tuple(
        move("kept", requirement.id, requirement.id) for requirement in EDITION.requirements
    )
    to_itself = transition(*moves, after=EDITION.id)
    other = replace(EDITION, standard="other")

    assert codes(to_itself, after=EDITION) == ["TRANSITION-006"]
    assert codes(transition(*moves, after=other.id), after=other) == ["TRANSITION-006"]
    assert codes(transition(closes=OPENS)) == []


def test_all_moves_are_in_the_order_of_the_newer_edition_with_what_is_new() -> None:
    moves = all_moves(transition(), AFTER)

    assert [str(one.kind) for one in moves] == ["kept", "split", "kept", "new", "dropped"]
    assert moves[3].after == ("2.1.1.2",)
    assert moves[3].judge_again


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (OPENS - DAY, True, False),
        (OPENS, True, True),
        (CLOSES - DAY, True, True),
        (CLOSES, False, True),
    ],
)
def test_both_editions_apply_inside_the_window(day: datetime.date, old: bool, new: bool) -> None:
    those = [transition()]

    assert applies_on(EDITION, those, day) == (old, EDITION.in_force_from, CLOSES)
    assert applies_on(AFTER, those, day) == (new, OPENS, None)


def test_the_earliest_end_counts_and_no_edition_applies_before_it_is_in_force() -> None:
    early = transition(closes=OPENS)
    first = EDITION.in_force_from

    assert applies_on(EDITION, [transition(), early], OPENS)[0] is False
    assert applies_on(EDITION, [early, transition()], OPENS)[2] == OPENS
    assert applies_on(EDITION, [], first - DAY)[0] is False
    assert applies_on(EDITION, [], first) == (True, first, None)
