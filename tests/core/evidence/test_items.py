import datetime
from dataclasses import replace

import pytest

from core.standards.made_up import EDITION
from stannary.core.evidence import (
    LINK_MAX,
    MAX_BYTES,
    EvidenceItem,
    EvidenceKind,
    Reader,
    Visibility,
    check_evidence,
    check_link,
    current,
    may_read,
)
from stannary.core.kernel import PartialDate

DAY = datetime.date(2026, 6, 15)
ITEM = EvidenceItem(
    id="v-1",
    item="i-1",
    kind=EvidenceKind.FILE,
    title="Water report",
    sha256="aa",
    size=10,
    covers_from=PartialDate(2025, 1),
    covers_until=PartialDate(2025, 12),
    requirements=("1.1.1.1", "1.1.1.2"),
    visibility=Visibility.CONFIDENTIAL,
)
SECOND = replace(ITEM, id="v-2", previous="v-1", sha256="bb")
TWIN = replace(ITEM, id="v-9", item="i-9", sha256="cc", twin_of="i-1", visibility=Visibility.PUBLIC)


def codes(new: EvidenceItem, *kept: EvidenceItem) -> list[str]:
    return [finding.code for finding in check_evidence(new, kept, EDITION, on=DAY)]


def test_an_item_with_title_period_and_requirements_is_kept() -> None:
    assert codes(ITEM) == []


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, ["EVIDENCE-003"]),
        (1, []),
        (MAX_BYTES, []),
        (MAX_BYTES + 1, ["EVIDENCE-003"]),
    ],
)
def test_a_file_is_neither_empty_nor_too_large(size: int, expected: list[str]) -> None:
    assert codes(replace(ITEM, size=size)) == expected
    assert codes(replace(ITEM, kind=EvidenceKind.LINK, size=0)) == []


@pytest.mark.parametrize(
    ("covers_from", "covers_until", "expected"),
    [
        (PartialDate(2025, 6), PartialDate(2025, 5), ["EVIDENCE-005"]),
        (PartialDate(2025, 6), PartialDate(2025, 6), []),
        (PartialDate(2025), PartialDate(2026), []),
        (PartialDate(2026, 6, 15), PartialDate(2026, 6, 15), []),
        (PartialDate(2026, 6, 15), PartialDate(2026, 6, 16), ["EVIDENCE-005"]),
        (PartialDate(2027), PartialDate(2026, 6), ["EVIDENCE-005"]),
        (PartialDate(2026, 7), PartialDate(2027), ["EVIDENCE-005"]),
        (PartialDate(2026, 7), PartialDate(2026), ["EVIDENCE-005"]),
    ],
)
def test_a_period_runs_forward_and_not_into_the_future(
    covers_from: PartialDate, covers_until: PartialDate, expected: list[str]
) -> None:
    assert codes(replace(ITEM, covers_from=covers_from, covers_until=covers_until)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("", ["EVIDENCE-006"]),
        ("  ", ["EVIDENCE-006"]),
        ("x" * 200, []),
        ("x" * 201, ["EVIDENCE-006"]),
    ],
)
def test_a_title_is_written_and_short(title: str, expected: list[str]) -> None:
    assert codes(replace(ITEM, title=title)) == expected


@pytest.mark.parametrize("names", [(), ("9.9.9.9",), ("1.1.1.1", "1.1.1.1")])
def test_evidence_serves_requirements_that_are_there(names: tuple[str, ...]) -> None:
    assert codes(replace(ITEM, requirements=names)) == ["EVIDENCE-007"]


def test_a_redacted_twin_has_a_closed_original_of_the_same_period() -> None:
    assert codes(TWIN, ITEM) == []
    assert codes(TWIN) == ["EVIDENCE-008"]
    assert codes(TWIN, replace(ITEM, visibility=Visibility.PUBLIC)) == ["EVIDENCE-008"]
    assert codes(replace(TWIN, covers_until=PartialDate(2026)), ITEM) == ["EVIDENCE-008"]


def test_a_twin_of_itself_or_of_a_twin_is_none() -> None:
    hidden = replace(TWIN, visibility=Visibility.AUDITOR_ONLY)
    further = replace(TWIN, id="v-10", item="i-10", sha256="dd", twin_of="i-9")

    assert codes(further, ITEM, hidden) == ["EVIDENCE-008"]
    assert codes(replace(SECOND, twin_of="i-1"), ITEM) == ["EVIDENCE-008"]


def test_a_revision_follows_the_newest_version_and_differs_from_it() -> None:
    third = replace(ITEM, id="v-3", previous="v-2", sha256="cc")

    assert codes(SECOND, ITEM) == []
    assert codes(third, ITEM, SECOND) == []
    assert codes(replace(third, previous="v-1"), ITEM, SECOND) == ["EVIDENCE-009"]
    assert codes(replace(third, previous=""), ITEM, SECOND) == ["EVIDENCE-009"]
    assert codes(replace(ITEM, previous="v-0")) == ["EVIDENCE-009"]
    assert codes(replace(SECOND, sha256="aa"), ITEM) == ["EVIDENCE-009"]


def test_only_the_newest_version_of_an_item_is_current() -> None:
    assert current([ITEM, SECOND, TWIN]) == (SECOND, TWIN)


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.PUBLIC, set(Reader)),
        (Visibility.CONFIDENTIAL, {Reader.SITE, Reader.AUTHOR, Reader.TEAM}),
        (Visibility.AUDITOR_ONLY, {Reader.AUTHOR, Reader.TEAM}),
    ],
)
def test_who_may_read_follows_from_visibility(visibility: Visibility, readers: set[Reader]) -> None:
    item = replace(ITEM, visibility=visibility)

    assert {reader for reader in Reader if may_read(item, {reader})} == readers
    assert not may_read(item, set())
    assert may_read(item, {Reader.EVERYBODY, Reader.TEAM})


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", []),
        ("HTTP://example.org:8000/a?b#c", []),
        ("https://example.org/" + "x" * (LINK_MAX - 20), []),
        ("https://example.org/" + "x" * (LINK_MAX - 19), ["EVIDENCE-010"]),
        ("javascript:alert(1)", ["EVIDENCE-010"]),
        ("data:text/html,hello", ["EVIDENCE-010"]),
        ("//example.org", ["EVIDENCE-010"]),
        ("https://", ["EVIDENCE-010"]),
        ("https://ana:secret@example.org/", ["EVIDENCE-010"]),
        ("https://example.org\\@other.org/", ["EVIDENCE-010"]),
        ("https://example.org/a b", ["EVIDENCE-010"]),
        ("https://example.org/\u202egpj", ["EVIDENCE-010"]),
        ("", ["EVIDENCE-010"]),
    ],
)
def test_a_link_is_an_address_of_the_web(address: str, expected: list[str]) -> None:
    assert [finding.code for finding in check_link(address)] == expected


def test_what_the_newest_version_closes_is_closed_in_those_before_it() -> None:
    public = replace(ITEM, visibility=Visibility.PUBLIC)
    closed = replace(SECOND, visibility=Visibility.AUDITOR_ONLY)

    assert may_read(
        public, {Reader.EVERYBODY}, newest=replace(SECOND, visibility=Visibility.PUBLIC)
    )
    assert not may_read(public, {Reader.EVERYBODY}, newest=closed)
    assert may_read(public, {Reader.TEAM}, newest=closed)
    assert not may_read(closed, {Reader.EVERYBODY}, newest=public)
