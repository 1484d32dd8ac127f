"""What booking some movements would come to. Reads only: nothing is stored, nothing is locked.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040 to CUSTODY-042, CUSTODY-046, CUSTODY-047,
CUSTODY-070 to CUSTODY-093, TRANSACTION-011.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from stannary.core.custody import Kind, Replay, Row, Side
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import holds, keeping, queries
from stannary.web.custody.rules import (
    CREDITS_AND_LOTS_HAVE_OWN_IDS,
    ENTITY_IS_YOURS,
    EVENT_IS_BOOKED_ONCE,
    PRODUCED_BY_THE_SAME_KIND,
    TEXT_IS_NO_FORMULA,
)
from stannary.web.parties.models import Organisation, Role, Site
from stannary.web.parties.queries import Visitor, roles_of

FINDINGS_MAX = 20
"""Of each rule that is looked at before the replay."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TEXTS = (
    "event", "site", "entity", "lot", "material", "attestation", "account", "period", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be booked.

    Attributes:
        before: How many movements are in the book now.
        findings: Everything that stands against it; none means that it would be booked.
        after: The whole book with the movements; None if these do not even come to a replay.
        marks: What would be booked all the same and count towards no claim, and why.
    """

    before: int
    findings: tuple[Finding, ...]
    after: Replay | None
    marks: tuple[Finding, ...] = ()


def try_rows(*, actor: Visitor, rows: Sequence[Row]) -> Trial:
    """Try to book movements in the name of a clerk, and tell everything that stands against it."""
    before = queries.all_rows()
    known = {row.event for row in before}
    findings = (
        *not_yours(actor, rows),
        *formulas(rows),
        *again(known, rows),
        *wrong_kinds(rows),
        *taken_ids(before, rows),
        *holds.closed_to(rows),
    )
    if again(known, rows):
        return Trial(len(before), findings, None)
    day = keeping.day_of((*before, *rows), timezone.localdate())
    try:
        kept = keeping.tried(before, rows, day)
    except RefusalError as refusal:
        return Trial(len(before), (*findings, *refusal.findings), None)
    new = {row.event for row in rows}
    marks = tuple(one for one in kept.marks if one.facts.get("event") in new)
    after = kept.books.replay
    promised = holds.broken(after, rows, kept.books.credits)
    return Trial(len(before), (*findings, *kept.refused, *promised), after, marks)


def not_yours(actor: Visitor, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find the rows of organisations for which a person does not book, once for each name."""
    yours = {one.organisation.name for one in roles_of(actor) if one.kind == Role.Kind.CLERK}
    first = {row.entity: row for row in reversed(rows) if row.entity not in yours}
    return tuple(
        Finding(
            ENTITY_IS_YOURS,
            {"entity": name[:80], "yours": ", ".join(sorted(yours))[:200] or "(none)"},
            row.place_of("entity"),
        )
        for name, row in list(reversed(first.items()))[:FINDINGS_MAX]
    )


def formulas(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find texts that a spreadsheet would compute."""
    found = (
        Finding(TEXT_IS_NO_FORMULA, {"field": name, "value": text[:40]}, row.place_of(name))
        for row in rows
        for name in TEXTS
        if (text := getattr(row, name)).startswith(STARTS_A_FORMULA)
    )
    return tuple(one for one, _ in zip(found, range(FINDINGS_MAX), strict=False))


def again(known: set[str], rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find events that are booked already, each at its first row."""
    first = {row.event: row for row in reversed(rows) if row.event in known}
    return tuple(
        Finding(EVENT_IS_BOOKED_ONCE, {"event": event[:80]}, first[event].place_of("event"))
        for event in sorted(first)[:FINDINGS_MAX]
    )


_CREDITS = (Kind.BOOK, Kind.TRANSFER)


def taken_ids(before: Sequence[Row], rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find credits that have the id of a lot, and lots that have that of a credit."""
    credits_, lots = (
        {
            row.lot
            for row in (*before, *rows)
            if row.side is Side.OUT
            and row.kind is not Kind.CORRECT
            and (row.kind in _CREDITS) is which
        }
        for which in (True, False)
    )
    both = credits_ & lots
    first = {row.lot: row for row in reversed(rows) if row.side is Side.OUT and row.lot in both}
    return tuple(
        Finding(CREDITS_AND_LOTS_HAVE_OWN_IDS, {"id": name[:80]}, first[name].place_of("lot"))
        for name in sorted(first)[:FINDINGS_MAX]
    )


def wrong_kinds(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find material of a real mine from a made-up organisation, and the reverse.

    A site is known however its name is written: "Example Mine" is example-mine.
    """
    made = [row for row in rows if row.kind is Kind.PRODUCE]
    sites = dict(Site.objects.values_list("slug", "illustrative"))
    kinds: dict[str, set[bool]] = {}
    for name, made_up in Organisation.objects.values_list("name", "illustrative"):
        kinds.setdefault(name, set()).add(made_up)
    wrong = {
        (row.event, row.site, row.entity): row.place
        for row in made
        for kind in (sites.get(row.site, sites.get(slugify(row.site))),)
        if kind is not None and not kinds.get(row.entity, {kind}) <= {kind}
    }
    return tuple(
        Finding(
            PRODUCED_BY_THE_SAME_KIND,
            {"event": event[:80], "site": site[:80], "entity": entity[:80]},
            at,
        )
        for (event, site, entity), at in list(wrong.items())[:FINDINGS_MAX]
    )
