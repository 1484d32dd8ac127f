import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.standards.made_up import (
    CUSTODY,
    EDITION,
    FIRST_DAY,
    chapter,
    claim,
    constant,
    dated,
    level,
    requirement,
    scale,
)
from stannary.core.kernel import Mark
from stannary.core.standards import (
    Edition,
    Move,
    MoveKind,
    Principle,
    Transition,
    check_unchanged,
)
from stannary.core.standards.changes import check_transition_unchanged
from stannary.core.standards.rules import IN_FORCE_VALUES_STAY

TODAY = datetime.date(2026, 11, 22)
LATER = datetime.date(2027, 1, 1)


def codes(after: Edition, before: Edition = EDITION, on: datetime.date = TODAY) -> list[str]:
    return [finding.code for finding in check_unchanged(before, after, on=on)]


BINDING: list[dict[str, Any]] = [
    {"edition": "1.1"},
    {"kind": "custody"},
    {"language": "fr"},
    {"in_force_from": LATER},
    {"requirements_complete": False},
    {"principles": EDITION.principles[:1]},
    {"principles": (*EDITION.principles, Principle("3", "Third", "made up", Mark.OWN))},
    {"chapters": EDITION.chapters[:2]},
    {"chapters": (*EDITION.chapters, chapter("2.2"))},
    {"requirements": EDITION.requirements[:3]},
    {"requirements": (*EDITION.requirements, requirement("2.1.1.2"))},
    {"requirements": (requirement("1.1.1.1"), *EDITION.requirements[1:])},  # no longer critical
    {"ratings": scale("1", "0.75", "0.5", "0.1")},
    {"ratings": scale("1", "0.75", "0.5", None)},
    {"levels": EDITION.levels[1:]},
    {"levels": (*EDITION.levels, level("OVER", "1", "fully", "fully"))},
    {"levels": (level("SEEN", "0.1"), *EDITION.levels[1:])},
    {"levels": (*EDITION.levels[:1], level("HALF", "0.4", "substantially"), EDITION.levels[2])},
    {"levels": (*EDITION.levels[:2], level("FULL", "1", "fully"))},
    {"parameters": {}},
    {"parameters": {"surveillance_from_months": constant(13, unit="month")}},
    {"parameters": {"surveillance_from_months": constant(12, unit="day")}},
    {"parameters": {"surveillance_from_months": constant(dated(12, FIRST_DAY), unit="month")}},
]


@pytest.mark.parametrize("changes", BINDING)
def test_what_binds_in_an_edition_in_force_stays(changes: dict[str, Any]) -> None:
    assert IN_FORCE_VALUES_STAY.code == "STANDARD-011"
    assert set(codes(replace(EDITION, **changes))) == {"STANDARD-011"}


@pytest.mark.parametrize("changes", BINDING)
def test_before_its_first_day_anything_may_change(changes: dict[str, Any]) -> None:
    after = replace(EDITION, **changes)

    assert codes(after, on=FIRST_DAY - datetime.timedelta(days=1)) == []
    assert codes(after, on=FIRST_DAY) != []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "A better title", "short_title": "Better", "summary": "", "licence": "CC-BY-4.0"},
        {"translations": {}},
        {
            "requirements": tuple(
                replace(entry, why="So.", title="Short") for entry in EDITION.requirements
            )
        },
        {"chapters": tuple(replace(entry, source="seen now") for entry in EDITION.chapters)},
        {"parameters": {**EDITION.parameters, "another_months": constant(6, unit="month")}},
        {
            "parameters": {
                "surveillance_from_months": constant(dated(12), dated(18, LATER), unit="month")
            }
        },
    ],
)
def test_words_may_be_improved_and_dated_values_added(changes: dict[str, Any]) -> None:
    assert codes(replace(EDITION, **changes)) == []


@pytest.mark.parametrize("part", ["demand", "applies"])
def test_the_words_that_decide_a_rating_stay(part: str) -> None:
    changes: dict[str, Any] = {part: "Something else is so."}
    reworded = replace(EDITION.requirements[0], **changes)

    assert codes(replace(EDITION, requirements=(reworded, *EDITION.requirements[1:]))) == [
        "STANDARD-011"
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (claim(), []),
        (claim(title="Better"), []),
        (
            claim(words={**claim().words, "fr": "Au moins {share}."}),
            [],
        ),  # another language is added
        (claim(words={"en": "Some of lot {lot}."}), ["STANDARD-011"]),
        (claim(models=("segregated",)), ["STANDARD-011"]),
        (claim(min_share=constant("0.1")), ["STANDARD-011"]),
    ],
)
def test_the_words_and_limits_of_a_claim_stay(after: Any, expected: list[str]) -> None:
    assert codes(replace(CUSTODY, claims=(after,)), before=CUSTODY) == expected


def test_a_change_says_what_it_was_and_what_it_is() -> None:
    (finding,) = check_unchanged(
        EDITION, replace(EDITION, ratings=scale("1", "0.75", "0.5", "0.25")), on=TODAY
    )

    assert finding.message == (
        "STANDARD-011: What an edition in force says is never changed; a new value is added with its date, or a new "
        "edition. Here: what=points of not_met since the beginning, was='0', is='0.25'. Restore the old text and add "
        "a dated value, or publish it as another edition."
    )


def test_a_requirement_that_now_applies_to_fewer_says_to_whom_it_did() -> None:
    narrowed = replace(EDITION.requirements[0], applies="where there is water")
    (finding,) = check_unchanged(
        EDITION, replace(EDITION, requirements=(narrowed, *EDITION.requirements[1:])), on=TODAY
    )

    assert finding.facts == {
        "what": "requirement 1.1.1.1",
        "was": "critical; always; Something is so.",
        "is": "critical; where there is water; Something is so.",
    }


OPENS = datetime.date(2026, 6, 1)
CLOSES = datetime.date(2027, 6, 1)
DAY = datetime.timedelta(days=1)
MOVES = (
    Move(MoveKind.KEPT, ("1.1.1.1",), ("1.1.1.1",), judge_again=False, note="The same."),
    Move(MoveKind.DROPPED, ("1.1.1.2",), (), judge_again=False),
)
WINDOW = Transition("a/b/1", "a/b/2", OPENS, CLOSES, "made up for a test", Mark.OWN, MOVES)


def window_codes(after: Transition | None, on: datetime.date = TODAY) -> list[str]:
    return [finding.code for finding in check_transition_unchanged(WINDOW, after, on=on)]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"before": "a/b/0"}, "from"),
        ({"after": "a/b/3"}, "to"),
        ({"opens": OPENS + DAY}, "opens"),
        ({"closes": CLOSES - DAY}, "closes"),
        ({"moves": MOVES[:1]}, "move of 1.1.1.2"),
        ({"moves": (*MOVES, replace(MOVES[1], before=("1.1.1.3",)))}, "move of 1.1.1.3"),
        ({"moves": (MOVES[0], replace(MOVES[1], kind=MoveKind.KEPT, after=("1.1.1.2",)))}, "move of 1.1.1.2"),
        ({"moves": (replace(MOVES[0], judge_again=True), MOVES[1])}, "move of 1.1.1.1"),
    ],
)  # fmt: skip
def test_what_a_transition_decides_stays_once_its_window_has_opened(
    changes: dict[str, Any], what: str
) -> None:
    after = replace(WINDOW, **changes)

    assert window_codes(after, OPENS - DAY) == []
    assert window_codes(after, OPENS) == ["TRANSITION-008"]
    assert check_transition_unchanged(WINDOW, after, on=OPENS)[0].facts["what"] == what


@pytest.mark.parametrize(
    ("closes", "on", "expected"),
    [
        (CLOSES + DAY, CLOSES - DAY, []),
        (CLOSES + DAY, CLOSES, ["TRANSITION-008"]),  # what has ended does not begin again
        (CLOSES, CLOSES, []),
        (CLOSES - DAY, CLOSES - DAY, ["TRANSITION-008"]),
    ],
)
def test_the_end_of_a_window_is_put_off_only_while_it_is_open(
    closes: datetime.date, on: datetime.date, expected: list[str]
) -> None:
    assert window_codes(replace(WINDOW, closes=closes), on) == expected


def test_notes_sources_and_marks_of_a_transition_may_be_improved() -> None:
    moves = (replace(MOVES[0], note="The same demand."), MOVES[1])
    better = replace(WINDOW, moves=moves, source="read again", mark=Mark("S"))

    assert window_codes(better) == []


def test_a_transition_goes_only_before_its_window_opens() -> None:
    assert window_codes(None, OPENS - DAY) == []
    assert set(window_codes(None, OPENS)) == {"TRANSITION-008"}
