import datetime
from dataclasses import fields, replace
from typing import Any

import pytest

from core.standards.made_up import EDITION, constant
from stannary.core.kernel import Mark, PartialDate, RefusalError
from stannary.core.stakeholders import (
    SMALLEST_GROUP,
    TEXT_MAX,
    Disposition,
    Entry,
    PublicEntry,
    check_entry,
    check_published,
    contacts_in,
    decide,
    publish_entry,
    smallest_group,
)

DAY = datetime.date(2026, 3, 1)
ENTRY = Entry(
    id="i-1",
    group="workers",
    channel="interview",
    people=12,
    topic="Dust at the crusher on dry days.",
    requirements=("1.1.1.1",),
    said_from=PartialDate.parse("2026-02"),
    said_until=PartialDate.parse("2026-03"),
)


def published(entry: Entry, smallest: int | None = 5) -> PublicEntry:
    found = publish_entry(entry, smallest=smallest)
    assert found is not None
    return found


def codes(**changed: Any) -> list[str]:
    return [one.code for one in check_entry(replace(ENTRY, **changed), EDITION, today=DAY)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"group": "friends"}, ["STAKEHOLDER-001"]),
        ({"channel": ""}, ["STAKEHOLDER-001"]),
        ({"topic": " "}, ["STAKEHOLDER-002"]),
        ({"topic": "x" * TEXT_MAX}, []),
        ({"topic": "x" * (TEXT_MAX + 1)}, ["STAKEHOLDER-002"]),
        ({"requirements": ()}, []),
        ({"requirements": ("1.1.1.1", "9.9.9.9")}, ["STAKEHOLDER-003"]),
        ({"people": None}, []),
        ({"people": 1}, []),
        ({"people": 0}, ["STAKEHOLDER-005"]),
        ({"topic": "Ask ana@example.org."}, ["STAKEHOLDER-007"]),
    ],
)
def test_an_entry_is_kept_or_refused_with_every_reason(
    changed: dict[str, Any], expected: list[str]
) -> None:
    assert codes(**changed) == expected


@pytest.mark.parametrize(
    ("said_from", "said_until", "expected"),
    [
        ("2026-03-01", "2026-03-01", []),
        ("2026-03-02", "2026-03-02", ["STAKEHOLDER-004"]),
        ("2026-03", "2026-03", []),
        ("2026-02-02", "2026-02-01", ["STAKEHOLDER-004"]),
        ("2026-02-02", "2026-02", []),
    ],
)
def test_what_was_said_was_said_in_a_period_that_has_begun(
    said_from: str, said_until: str, expected: list[str]
) -> None:
    period = map(PartialDate.parse, (said_from, said_until))
    assert codes(**dict(zip(("said_from", "said_until"), period, strict=True))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ask ana@example.org.", ("ana@example.org",)),
        (
            "See https://example.org/ana and www.example.org",
            ("https://example.org/ana", "www.example.org"),
        ),
        ("Write to @ana_k", ("@ana_k",)),
        ("Call 555 12 34", ("555 12 34",)),
        ("Call 555 123", ()),
        ("Call +354-555-1234, or (0)79.123.45.67", ("+354-555-1234", "(0)79.123.45.67")),
        ("Since 2025-06-30 / 2026-01-05 nothing", ()),
        ("In 2024 and 2025, 12 of 40", ()),
        ("1,250,000 tonnes and 1.250.000", ("1.250.000",)),
        ("Requirement 1.1.1.1", ()),
        ("AB1234567", ()),
        ("", ()),
    ],
)
def test_what_leads_to_a_person_is_found(text: str, expected: tuple[str, ...]) -> None:
    assert contacts_in(text) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Weighed in the verdict.", []),
        ("x" * TEXT_MAX, []),
        ("x" * (TEXT_MAX + 1), ["STAKEHOLDER-006"]),
        (" ", ["STAKEHOLDER-006"]),
        ("Told ana@example.org.", ["STAKEHOLDER-007"]),
    ],
)
def test_what_becomes_of_an_entry_has_a_reason(reason: str, expected: list[str]) -> None:
    if not expected:
        decided = decide(ENTRY, Disposition.VERDICT, reason)
        assert decided == replace(ENTRY, disposition=Disposition.VERDICT, reason=reason)
        return
    with pytest.raises(RefusalError) as refusal:
        decide(ENTRY, Disposition.VERDICT, reason)
    assert [one.code for one in refusal.value.findings] == expected


@pytest.mark.parametrize(("people", "shown"), [(None, None), (4, None), (5, 5), (6, 6)])
def test_a_group_of_few_people_shows_no_number(people: int | None, shown: int | None) -> None:
    smallest = smallest_group(EDITION, DAY)
    public = published(replace(ENTRY, people=people), smallest)

    assert public.people == shown
    assert check_published(public, smallest=smallest) == ()
    found = check_published(replace(public, people=people), smallest=smallest)
    assert [one.code for one in found] == ["STAKEHOLDER-008"] * (people == 4)


def test_the_smallest_group_is_our_own_choice_until_the_pack_has_one() -> None:
    assert SMALLEST_GROUP.on(DAY).mark is Mark.OWN
    ten = constant(10, name=SMALLEST_GROUP.name)
    pack = replace(EDITION, parameters={SMALLEST_GROUP.name: ten})
    unknown = replace(EDITION, parameters={SMALLEST_GROUP.name: constant(None)})

    assert smallest_group(pack, DAY) == 10
    assert smallest_group(unknown, DAY) is None
    assert published(ENTRY, None).people is None
    shown = replace(published(ENTRY), reason="Call 555 12 34")
    found = check_published(shown, smallest=None)
    assert [one.code for one in found] == ["STAKEHOLDER-007", "STAKEHOLDER-008"]


def test_less_is_published_than_is_kept() -> None:
    decided = decide(ENTRY, Disposition.FINDING, "A finding was raised.")
    public = published(decided)

    kept, shown = ({one.name for one in fields(kind)} for kind in (Entry, PublicEntry))
    assert kept - shown == {"said_from", "said_until"}
    assert (public.disposition, public.reason) == ("finding", "A finding was raised.")
    assert published(ENTRY).disposition == ""


def test_what_was_taken_back_is_not_published() -> None:
    taken_back = decide(ENTRY, Disposition.WITHDRAWN, "Asked for by who said it.")

    assert publish_entry(taken_back, smallest=5) is None
