"""What booking some movements would come to. Reads only: nothing is stored, nothing is locked.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040 to CUSTODY-042, CUSTODY-046, CUSTODY-047,
CUSTODY-049, CUSTODY-062, CUSTODY-070 to CUSTODY-093, TRANSACTION-011.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from stannary.core.custody import Kind, Replay, Row, Side, Watch
from stannary.core.custody.rules import LOT_IS_MADE_ONCE
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import holds, keeping
from stannary.web.custody.models import Book, CreditHeld, Lot, Movement
from stannary.web.custody.rules import (
    CREDITS_AND_LOTS_HAVE_OWN_IDS,
    ENTITY_IS_YOURS,
    EVENT_HAS_HAPPENED,
    EVENT_IS_BOOKED_ONCE,
    LOT_HAS_AN_ADDRESS,
    PRODUCED_BY_THE_SAME_KIND,
    TEXT_IS_NO_FORMULA,
)
from stannary.web.parties.models import Organisation, Role, Site
from stannary.web.parties.queries import Visitor, roles_of

FINDINGS_MAX = 20
"""Of each rule that is looked at before the replay."""
_CHUNK = 500
_ALIKE = 0.9
"""From which likeness on a name may have been meant; 1 is the same."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TEXTS = (
    "event", "site", "entity", "lot", "material", "attestation", "account", "period", "note",
    "process", "element",
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


def try_rows(*, actor: Visitor, rows: Sequence[Row], watch: Watch | None = None) -> Trial:
    """Try to book movements in the name of a clerk, and tell everything that stands against it."""
    before = Book.objects.values_list("movements", flat=True).first() or 0
    twice = again(rows)
    findings = (
        *not_yours(actor, rows),
        *formulas(rows),
        *unreachable(rows),
        *to_come(rows, timezone.now()),
        *twice,
        *wrong_kinds(rows),
        *taken_ids(rows),
        *taken_back(rows),
        *holds.closed_to(rows),
    )
    if twice:
        return Trial(before, findings, None)
    try:
        kept = keeping.judged(rows, timezone.localdate(), watch)
    except RefusalError as refusal:
        return Trial(before, (*findings, *refusal.findings), None)
    refused = named_apart(kept.refused, rows)
    new = {row.event for row in rows}
    marks = tuple(one for one in kept.marks if one.facts.get("event") in new)
    # what others have promised is their secret: it is told to nobody who is refused anyhow
    of = _clerk_of(actor) if findings or refused else None
    promised = holds.broken(kept.replay, rows, kept.credits, of=of)
    return Trial(before, (*findings, *refused, *promised), kept.replay, marks)


def named_apart(findings: Iterable[Finding], rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Say, of a lot whose id another one has, which id is free: with the name of its maker before it."""
    findings = tuple(findings)
    taken = {one.facts["lot"] for one in findings if one.rule is LOT_IS_MADE_ONCE}
    made = (row for row in rows if row.side is Side.OUT and row.lot in taken)
    names = {row.lot: f"{slugify(row.entity) or 'own'}-{row.lot}" for row in made}
    gone = {row.lot for row in rows} | _known("lot", names.values(), Movement.objects.all())

    def told(one: Finding) -> Finding:
        free = names.get(one.facts["lot"], "") if one.rule is LOT_IS_MADE_ONCE else ""
        return replace(one, facts={**one.facts, "free": free}) if free and free not in gone else one

    return tuple(map(told, findings))


def not_yours(actor: Visitor, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find the rows of organisations for which a person does not book, once for each name."""
    yours = _clerk_of(actor)
    alike = {_plain(name): name for name in sorted(yours)}
    first = {row.entity: row for row in reversed(rows) if row.entity not in yours}
    return tuple(
        Finding(
            ENTITY_IS_YOURS,
            {
                "entity": name[:80],
                "yours": ", ".join(sorted(yours))[:200] or "(none)",
                **_meant(name, alike),
            },
            row.place_of("entity"),
        )
        for name, row in list(reversed(first.items()))[:FINDINGS_MAX]
    )


def _plain(name: str) -> str:
    """Give a name without capitals, blanks and stops, by which people know it again."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _meant(name: str, alike: Mapping[str, str]) -> dict[str, str]:
    """Give the name that may have been meant, as a fact of a finding."""
    found = get_close_matches(_plain(name), alike, n=1, cutoff=_ALIKE)
    return {"did_you_mean": alike[found[0]][:80]} if found else {}


def _clerk_of(actor: Visitor) -> set[str]:
    return {one.organisation.name for one in roles_of(actor) if one.kind == Role.Kind.CLERK}


def formulas(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find texts that a spreadsheet would compute."""
    found = (
        Finding(TEXT_IS_NO_FORMULA, {"field": name, "value": text[:40]}, row.place_of(name))
        for row in rows
        for name in TEXTS
        if (text := getattr(row, name)).startswith(STARTS_A_FORMULA)
    )
    return tuple(one for one, _ in zip(found, range(FINDINGS_MAX), strict=False))


def unreachable(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find lots and credits that are made under an id that no browser could ask for.

    What was booked under one before stays readable, and may still be used.
    """
    made = {row.lot: row for row in reversed(rows) if row.side is Side.OUT}
    lost = {name: row for name, row in made.items() if {".", ".."} & set(name.split("/"))}
    before = _known("lot", lost, Movement.objects.all()) if lost else set()
    found = [
        Finding(LOT_HAS_AN_ADDRESS, {"lot": name[:80]}, row.place_of("lot"))
        for name, row in reversed(lost.items())
        if name not in before
    ]
    return tuple(found[:FINDINGS_MAX])


def to_come(rows: Sequence[Row], now: datetime.datetime) -> tuple[Finding, ...]:
    """Find events of a day that has not come yet, as days are counted where they happen."""
    first = {row.event: row for row in reversed(rows)}
    ahead = [
        Finding(
            EVENT_HAS_HAPPENED,
            {
                "event": row.event[:80],
                "at": row.at.isoformat(),
                "now": now.isoformat("T", "minutes"),
            },
            row.place_of("at"),
        )
        for row in reversed(first.values())
        if row.at.date() > now.astimezone(row.at.tzinfo).date()
    ]
    return tuple(ahead[:FINDINGS_MAX])


def again(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find events that are booked already, each at its first row."""
    known = _known("event", {row.event for row in rows}, Movement.objects.all())
    first = {row.event: row for row in reversed(rows) if row.event in known}
    return tuple(
        Finding(EVENT_IS_BOOKED_ONCE, {"event": event[:80]}, first[event].place_of("event"))
        for event in sorted(first)[:FINDINGS_MAX]
    )


def _known(column: str, names: Iterable[str], among: QuerySet[Movement]) -> set[str]:
    """Give those names that movements have in a column."""
    those, found = sorted(names), set[str]()
    for start in range(0, len(those), _CHUNK):
        part = among.filter(**{f"{column}__in": those[start : start + _CHUNK]})
        found |= set(part.values_list(column, flat=True).distinct())
    return found


_CREDITS = (Kind.BOOK, Kind.TRANSFER)


def taken_ids(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find credits that have the id of a lot, and lots that have that of a credit."""
    made = [row for row in rows if row.side is Side.OUT and row.kind is not Kind.CORRECT]
    stored = Movement.objects.filter(side=Side.OUT).exclude(kind=Kind.CORRECT)
    credits_ = {row.lot for row in made if row.kind in _CREDITS}
    lots = {row.lot for row in made if row.kind not in _CREDITS}
    both = (
        credits_ & lots
        | _known("lot", credits_, stored.exclude(kind__in=_CREDITS))
        | _known("lot", lots, stored.filter(kind__in=_CREDITS))
    )
    first = {row.lot: row for row in reversed(rows) if row.side is Side.OUT and row.lot in both}
    return tuple(
        Finding(CREDITS_AND_LOTS_HAVE_OWN_IDS, {"id": name[:80]}, first[name].place_of("lot"))
        for name in sorted(first)[:FINDINGS_MAX]
    )


def taken_back(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find lots and credits that an event made which was taken back: their ids are not used again."""
    made = {row.lot for row in rows if row.side is Side.OUT and row.kind is not Kind.CORRECT}
    stored = Movement.objects.filter(side=Side.OUT).exclude(kind=Kind.CORRECT)
    gone = _known("lot", made, stored)
    gone -= set(Lot.objects.filter(lot_id__in=gone).values_list("lot_id", flat=True))
    gone -= set(CreditHeld.objects.filter(credit_id__in=gone).values_list("credit_id", flat=True))
    first = {row.lot: row for row in reversed(rows) if row.lot in gone}
    return tuple(
        Finding(LOT_IS_MADE_ONCE, {"lot": name[:80]}, first[name].place_of("lot"))
        for name in sorted(first)[:FINDINGS_MAX]
    )


def wrong_kinds(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find material of a real mine from a made-up organisation, and the reverse.

    A site is known however its name is written: "Example Mine" is example-mine.
    """
    made = [row for row in rows if row.kind is Kind.PRODUCE]
    slugs = {name for row in made for name in (row.site, slugify(row.site))}
    sites = dict(Site.objects.filter(slug__in=slugs).values_list("slug", "illustrative"))
    kinds: dict[str, set[bool]] = {}
    known = Organisation.objects.filter(name__in={row.entity for row in made})
    for name, made_up in known.values_list("name", "illustrative"):
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
