"""Reads about crosswalks. All are public.

Rules: PARTY-001, CROSSWALK-007.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from stannary.core.crosswalks import (
    CoAuditPlan,
    Crosswalk,
    GapReport,
    co_audit_plan,
    gap_report,
)
from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.crosswalks import records, results
from stannary.web.crosswalks.models import CrosswalkRecord
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Entry:
    """A crosswalk with its name and the hash of its content."""

    name: str
    sha256: str
    crosswalk: Crosswalk


def crosswalks() -> tuple[Entry, ...]:
    """Give every crosswalk in order of name, with one query when they were read before."""
    rows = CrosswalkRecord.objects.order_by("name").values_list("name", "sha256")
    return tuple(Entry(name, sha256, _crosswalk(name, sha256)) for name, sha256 in rows)


def crosswalk(name: str) -> Entry:
    """Give a crosswalk by its name.

    Raises:
        RefusalError: PARTY-001 if there is none of this name.
    """
    rows = CrosswalkRecord.objects.filter(name=name)
    sha256 = rows.values_list("sha256", flat=True).first()
    if sha256 is None:
        refuse(IS_THERE_FOR_YOU, asked_for="crosswalk")
    return Entry(name, sha256, _crosswalk(name, sha256))


@lru_cache(maxsize=64)
def _crosswalk(name: str, sha256: str) -> Crosswalk:
    """Read a crosswalk once for each content; the hash is part of the key, so it never grows old."""
    row = CrosswalkRecord.objects.get(name=name, sha256=sha256)
    return records.crosswalk_from(row.content)


def comparable() -> tuple[Edition, ...]:
    """Give the editions that a plan may join: those that assess sites, in order of id."""
    return tuple(one for one in standards.editions() if one.kind == "assurance")


@dataclass(frozen=True, slots=True)
class Planned:
    """A co-audit plan, and in which language the reasons for each further edition are written.

    Attributes:
        plan: The plan.
        languages: By id of a further edition; "und" where reasons are in several.
    """

    plan: CoAuditPlan
    languages: dict[str, str]


def plan(lead: str, others: Sequence[str]) -> Planned:
    """Plan one audit for several standards with every crosswalk that is here, in two queries.

    Raises:
        RefusalError: PARTY-001 if an edition is not there, or rules over material. CROSSWALK-007
            if there is no further edition, or one is named twice or is the leading one.
    """
    known = {one.id: one for one in comparable()}
    named = []
    for name in (lead, *others):
        if name not in known:
            refuse(IS_THERE_FOR_YOU, asked_for="edition")
        named.append(known[name])
    every = [entry.crosswalk for entry in crosswalks()]
    return Planned(
        co_audit_plan(named[0], named[1:], every),
        {name: _said(every, lead, name) for name in others},
    )


def _said(every: Sequence[Crosswalk], lead: str, other: str) -> str:
    """Give the language of the judgements between two editions."""
    found = {one.language for one in every if {one.first, one.second} == {lead, other}}
    return found.pop() if len(found) == 1 else "und"


@dataclass(frozen=True, slots=True)
class Gaps:
    """A gap report, and the published result that it rests on."""

    rated: results.Rated
    report: GapReport


def gaps(entry: Entry, result_id: uuid.UUID) -> Gaps:
    """Tell what a published result under one edition of a crosswalk shows under the other.

    Raises:
        RefusalError: PARTY-001 if there is no such result, or it is under another edition.
    """
    rated = results.one(result_id)
    way = entry.crosswalk
    if rated is None or rated.standard not in (way.first, way.second):
        refuse(IS_THERE_FOR_YOU, asked_for="result")
    if rated.standard != way.first:
        way = way.turned()
    first, second = standards.edition(way.first), standards.edition(way.second)
    return Gaps(rated, gap_report(way, first, second, rated.ratings))
