import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.standards.made_up import (
    CUSTODY,
    EDITION,
    chapter,
    claim,
    constant,
    dated,
    level,
    requirement,
    scale,
)
from stannary.core.kernel import DatedValue, Mark, Place, Value
from stannary.core.standards import (
    Edition,
    Level,
    Principle,
    Section,
    check_edition,
    rules,
)
from stannary.core.standards.checks import LONGEST, MODELS

JULY = datetime.date(2026, 7, 1)


def codes(edition: Edition) -> list[str]:
    return [finding.code for finding in check_edition(edition)]


def with_scale(*points: Value | DatedValue | None) -> Edition:
    return replace(EDITION, ratings=scale(*points))


@pytest.mark.parametrize("edition", [EDITION, CUSTODY])
def test_a_sound_edition_has_no_findings(edition: Edition) -> None:
    assert check_edition(edition) == ()


def test_every_finding_is_given_in_the_order_of_the_rules() -> None:
    edition = replace(
        EDITION,
        requirements=(
            requirement("1.1.1.1", demand=""),
            requirement("1.1.1.1"),
            requirement("1.2.1.1"),
        ),
        levels=(level("HALF", "2"), level("HALF", "1")),
    )

    assert codes(edition) == [
        rules.IDS_ARE_UNIQUE.code,
        rules.IDS_ARE_UNIQUE.code,
        rules.DEMAND_IS_WRITTEN.code,
        rules.LEVELS_ARE_NESTED.code,
        rules.SHARES_ARE_WITHIN_ONE.code,
        rules.EDITION_HAS_REQUIREMENTS.code,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"principles": (*EDITION.principles, EDITION.principles[0])},
        {"chapters": (*EDITION.chapters, EDITION.chapters[0])},
        {"requirements": (*EDITION.requirements, EDITION.requirements[0])},
        {"levels": (EDITION.levels[0], *EDITION.levels)},
    ],
)
def test_two_of_a_kind_do_not_share_an_id(changes: dict[str, Any]) -> None:
    assert rules.IDS_ARE_UNIQUE.code == "STANDARD-003"
    assert "STANDARD-003" in codes(replace(EDITION, **changes))


def test_two_claims_do_not_share_a_code() -> None:
    assert codes(replace(CUSTODY, claims=(claim(), claim()))) == ["STANDARD-003"]


@pytest.mark.parametrize(
    ("name", "within", "sound"),
    [
        ("1.1.1.1", "1.1", True),
        ("1.1.999.999", "1.1", True),
        ("1.1.1000.1", "1.1", False),
        ("1.1.1", "1.1", False),
        ("1.1.1.1.1", "1.1", False),
        ("1.1.0.1", "1.1", False),
        ("1.1.01.1", "1.1", False),
        ("1.1.1.a", "1.1", False),
        ("1.1.1.1\n", "1.1", False),
        ("1.1.1.٣", "1.1", False),
        ("1.2.1.9", "1.1", False),  # another chapter's
        ("1.10.1.1", "1.1", False),  # begins with the same signs, and is another chapter's
        ("", "1.1", False),
    ],
)
def test_a_requirement_has_four_numbers_the_first_two_its_chapters(
    name: str, within: str, *, sound: bool
) -> None:
    edition = replace(
        EDITION, requirements=(*EDITION.requirements[1:], requirement(name, chapter=within))
    )

    assert codes(edition) == ([] if sound else ["STANDARD-004"])


@pytest.mark.parametrize(
    ("chapters", "expected"),
    [
        ((chapter("1.3.1", principle="1"),), ["STANDARD-004"]),
        ((chapter("1", principle="1"),), ["STANDARD-004", "STANDARD-005"]),
        ((chapter("1.3", sections=(Section("1.3.1", ""), Section("1.3.2", ""))),), []),
        ((chapter("1.3", sections=(Section("1.4.1", ""),)),), ["STANDARD-004"]),
        ((chapter("1.3", sections=(Section("1.3", ""),)),), ["STANDARD-004"]),
        (
            (chapter("1.3", sections=(Section("1.3.1", ""), Section("1.3.1", ""))),),
            ["STANDARD-003"],
        ),
    ],
)
def test_chapters_and_sections_nest(chapters: tuple[Any, ...], expected: list[str]) -> None:
    edition = replace(EDITION, chapters=EDITION.chapters + chapters, requirements_complete=False)

    assert codes(edition) == expected


def test_a_principle_has_one_number() -> None:
    named = Principle("A", "Letter", "made up", Mark.OWN)

    assert codes(replace(EDITION, principles=(*EDITION.principles, named))) == ["STANDARD-004"]


@pytest.mark.parametrize(
    ("name", "principle", "expected"),
    [
        ("2.2", "2", []),
        ("2.2", "3", ["STANDARD-005"]),  # no such principle
        ("3.1", "3", ["STANDARD-005"]),
        ("2.2", "1", ["STANDARD-005"]),  # another principle's number
        ("12.1", "1", ["STANDARD-005"]),  # begins with the same sign
    ],
)
def test_a_chapter_belongs_to_a_principle(name: str, principle: str, expected: list[str]) -> None:
    added = chapter(name, principle=principle)
    edition = replace(EDITION, chapters=(*EDITION.chapters, added), requirements_complete=False)

    assert codes(edition) == expected


@pytest.mark.parametrize(
    ("demand", "texts", "expected"),
    [
        ("Something is so.", "full", []),
        ("", "full", ["STANDARD-006"]),
        (" \n", "full", ["STANDARD-006"]),
        ("", "outline", []),
    ],
)
def test_a_demand_is_written_unless_texts_are_not_shipped(
    demand: str, texts: str, expected: list[str]
) -> None:
    changed = (requirement("1.1.1.1", demand=demand), *EDITION.requirements[1:])

    assert codes(replace(EDITION, requirements=changed, texts=texts)) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (("1", "0.75", "0.5", "0"), []),
        (("1", "1", "1", "1"), []),  # never rise, so equal is allowed
        (("1", "0.75", "0.76", "0"), ["STANDARD-007"]),
        (("0.74", "0.75", "0.5", "0"), ["STANDARD-007"]),
        (("0.75", "0.75", "0.5", "0"), []),
        (("0", "0", "0", "0"), ["STANDARD-007"]),  # nothing can be reached
        (("0.001", "0", "0", "0"), []),
        (("1", None, "0.5", "0"), []),  # unknown is not 0
        (("1", None, "2", "0"), ["STANDARD-007"]),
        ((None, None, None, None), []),
    ],
)
def test_points_never_rise_from_best_to_worst(
    points: tuple[Value | DatedValue | None, ...], expected: list[str]
) -> None:
    assert codes(with_scale(*points)) == expected


def test_points_that_rise_only_later_are_found_with_the_day() -> None:
    edition = with_scale("1", "0.75", "0.5", "0")
    raised = constant(dated("0.5"), dated("0.8", JULY))
    ratings = list(edition.ratings)
    ratings[2] = replace(ratings[2], points=raised)

    (finding,) = check_edition(replace(edition, ratings=tuple(ratings)))

    assert finding.code == "STANDARD-007"
    assert finding.facts == {"points": "1, 3/4, 4/5, 0", "on": "2026-07-01"}


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        (EDITION.ratings[:3], "fully, substantially, partially"),
        (EDITION.ratings[::-1], "not_met, partially, substantially, fully"),
        ((), "none"),
    ],
)
def test_the_scale_has_the_four_ratings_best_first(kept: tuple[Any, ...], named: str) -> None:
    (finding,) = check_edition(replace(EDITION, ratings=kept))

    assert (finding.code, finding.facts) == ("STANDARD-007", {"ratings": named})


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (level("LOW", "0.5"), level("HIGH", "0.5"), []),  # as strict is allowed
        (level("LOW", "0.5"), level("HIGH", "0.4999"), ["STANDARD-008"]),
        (level("LOW", "0.5"), level("HIGH"), ["STANDARD-008"]),  # the test is dropped
        (level("LOW"), level("HIGH", "0.5"), []),
        (level("LOW", None, "substantially"), level("HIGH", None, "substantially"), []),
        (level("LOW", None, "fully"), level("HIGH", None, "substantially"), ["STANDARD-008"]),
        (level("LOW", None, None, "not_met"), level("HIGH"), ["STANDARD-008"]),
        (level("LOW", None, None, "partially"), level("HIGH", None, None, "fully"), []),
    ],
)
def test_a_higher_level_never_asks_for_less(
    lower: Level, upper: Level, expected: list[str]
) -> None:
    assert codes(replace(EDITION, levels=(lower, upper))) == expected


def test_a_threshold_that_is_unknown_is_compared_with_nothing() -> None:
    unknown = replace(level("HIGH", "1", "fully"), min_principle_share=constant(None))

    assert (
        codes(replace(EDITION, levels=(level("LOW", "0.5"), unknown, level("TOP", "0.4", "fully"))))
        == []
    )
    unknown = replace(level("HIGH", "1", "fully"), critical_at_least=constant(None))
    assert codes(replace(EDITION, levels=(level("LOW", "0.5", "fully"), unknown))) == []


def test_levels_that_cross_only_later_are_found_with_the_day() -> None:
    raised = replace(
        level("LOW", "0.5"), min_principle_share=constant(dated("0.5"), dated("0.9", JULY))
    )

    (finding,) = check_edition(replace(EDITION, levels=(raised, level("HIGH", "0.8"))))

    assert finding.code == "STANDARD-008"
    assert finding.facts == {"level": "HIGH", "below": "LOW", "on": "2026-07-01"}


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("0", []),
        ("0.999999999999", []),
        ("1", []),
        ("1000/1000", []),
        ("1.000000000001", ["STANDARD-009"]),  # just over
        ("1001/1000", ["STANDARD-009"]),
        (2, ["STANDARD-009"]),
    ],
)
def test_a_threshold_is_a_share_from_0_to_1(share: Value, expected: list[str]) -> None:
    top = replace(level("TOP"), min_principle_share=constant(share))

    assert codes(replace(EDITION, levels=(top,))) == expected
    assert codes(replace(CUSTODY, claims=(claim(min_share=constant(share)),))) == expected


def test_a_share_below_0_is_no_number() -> None:
    top = replace(level("TOP"), min_principle_share=constant("-0.000000000001"))

    assert codes(replace(EDITION, levels=(top,))) == ["KERNEL-004"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"requirements": ()}, ["STANDARD-010"]),
        ({"requirements": (), "requirements_complete": False}, []),
        ({"requirements": EDITION.requirements[:3]}, ["STANDARD-010"]),  # chapter 2.1 is empty
        ({"requirements": EDITION.requirements[:3], "requirements_complete": False}, []),
    ],
)
def test_complete_requirements_exist_in_every_chapter(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert codes(replace(EDITION, **changes)) == expected


OF_SITE = "{share} {entity} {facility} {material} {first_day} {last_day}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"en": "All of lot {lot}."}, []),
        ({"en": "Words without a gap."}, []),
        ({"en": "{share} {element} {lot} {level}"}, []),
        ({"fr": "Tout le lot {lot}."}, ["STANDARD-016"]),  # not in the edition's language
        ({"en": "{lots}"}, ["STANDARD-016"]),
        ({"en": "{lot.__class__}"}, ["STANDARD-016"]),
        ({"en": "{lot!r}"}, ["STANDARD-016"]),
        ({"en": "{lot:>9}"}, ["STANDARD-016"]),
        ({"en": "{lot"}, ["STANDARD-016"]),
        ({"en": "lot}"}, ["STANDARD-016"]),
        ({"en": "{}"}, ["STANDARD-016"]),
        ({"en": "{{lot}}"}, ["STANDARD-016"]),
        ({"en": " "}, ["STANDARD-016"]),
        ({"en": "{lot}", "fr": "{lut}"}, ["STANDARD-016"]),
        ({"en": OF_SITE}, []),
        ({"en": f"{OF_SITE} {{element}} {{level}}", "fr": OF_SITE}, []),
        ({"en": f"{OF_SITE} {{lot}}"}, ["STANDARD-016"]),
        (
            {"en": OF_SITE, "fr": "{share} {lot}"},
            ["STANDARD-016"],
        ),  # of a site in one language alone
        *(
            ({"en": OF_SITE.replace(f"{{{gap}}}", "")}, ["STANDARD-016"])
            for gap in ("share", "entity", "facility", "material", "first_day", "last_day")
        ),
    ],
)
def test_words_of_a_claim_have_only_known_gaps(words: dict[str, str], expected: list[str]) -> None:
    assert codes(replace(CUSTODY, claims=(claim(words=words),))) == expected


@pytest.mark.parametrize("model", MODELS)
def test_a_claim_names_models_of_iso_22095(model: str) -> None:
    assert codes(replace(CUSTODY, claims=(claim(models=(model,)),))) == []
    assert codes(replace(CUSTODY, claims=(claim(models=(model.upper(),)),))) == ["KERNEL-004"]


@pytest.mark.parametrize("word", ["fully", "substantially", "partially", "not_met"])
def test_a_test_of_ratings_names_a_rating_with_points(word: str) -> None:
    assert codes(replace(EDITION, levels=(level("TOP", None, word, word),))) == []


@pytest.mark.parametrize("word", ["not_relevant", "pending", "Fully", ""])
def test_a_test_of_ratings_names_no_other_word(word: str) -> None:
    found = check_edition(replace(EDITION, levels=(level("TOP", None, word, word),)))

    assert [finding.code for finding in found] == ["KERNEL-004", "KERNEL-004"]
    assert found[0].facts["kind"] == "fully or substantially or partially or not_met"


@pytest.mark.parametrize(
    "changes",
    [
        {"ratings": scale("1", "three quarters", "0.5", "0")},
        {"ratings": scale("1", True, "0.5", "0")},
        {"levels": (level("TOP", "most"),)},
        {"parameters": {"factor": constant("a little", unit="1")}},
        {"parameters": {"wait": constant("12", unit="month")}},
        {"parameters": {"wait": constant(True, unit="month")}},
        {"parameters": {"wait": constant(-1, unit="month")}},
    ],
)
def test_a_value_of_the_wrong_kind_is_a_finding_and_not_a_crash(changes: dict[str, Any]) -> None:
    assert codes(replace(EDITION, **changes)) == ["KERNEL-004"]


@pytest.mark.parametrize("unit", sorted(LONGEST))
def test_a_time_is_at_most_a_century(unit: str) -> None:
    for value, expected in [
        (0, []),
        (LONGEST[unit] - 1, []),
        (LONGEST[unit], []),
        (LONGEST[unit] + 1, ["KERNEL-004"]),
    ]:
        assert codes(replace(EDITION, parameters={"wait": constant(value, unit=unit)})) == expected


@pytest.mark.parametrize("value", ["calendar days", "0.5", 3, True, None])
def test_a_constant_of_another_unit_may_be_anything(value: Value | None) -> None:
    assert codes(replace(EDITION, parameters={"day_type": constant(value)})) == []


def test_values_out_of_order_are_found_wherever_they_stand() -> None:
    twice = constant(dated("0.5", JULY), dated("0.5", JULY))
    edition = replace(
        EDITION,
        levels=(replace(level("TOP"), min_principle_share=twice),),
        parameters={"factor": twice},
    )

    assert codes(edition) == ["KERNEL-005", "KERNEL-005"]


def test_a_finding_points_at_the_line_of_what_is_wrong() -> None:
    place = Place("chapters/1.1.toml", 7)
    changed = (requirement("1.1.1.1", demand="", at=place), *EDITION.requirements[1:])

    (finding,) = check_edition(replace(EDITION, requirements=changed))

    assert finding.message == (
        "chapters/1.1.toml, line 7: STANDARD-006: A requirement says what it demands, unless the edition is an "
        "outline without texts. Here: requirement=1.1.1.1. Write the demand, or mark the edition's texts as an outline."
    )
