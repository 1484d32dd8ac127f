"""What the page of a suspension and its files tell: as far as holders allow it, and as of a day."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stannary.core.kernel import share_12_text
from stannary.core.restatements import ClaimEffect
from stannary.web.claims import of_sites
from stannary.web.custody import queries as custody
from stannary.web.custody.models import CreditHeld, Lot
from stannary.web.entities import queries as entities
from stannary.web.project.downloads import stream
from stannary.web.project.problems import why
from stannary.web.register import queries, suspended
from stannary.web.register.effects import Suspension
from stannary.web.register.suspended import Told, TouchedLot
from stannary.web.restatements.words import ROLES

LOTS, NAMED = 1000, 50
"""Of lots that a suspension touches, and of those named to one who must be told."""
COLUMNS = ("kind", "id", "who", "share_before", "share_after", "missing_mg", "about", "because")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may be named, and whose quantities may be told."""

    said: dict[str, entities.Shown]
    told: frozenset[str]

    def name(self, holder: str) -> str | None:
        """Give a name; None if its owner lets no page tell it."""
        allowed = self.said.get(holder, entities.OPEN)
        return holder if allowed.name or not holder else None

    def mass_mg(self, one: TouchedLot) -> int | None:
        """Give what is missing of a lot; None if its holder keeps it to itself."""
        return one.missing_mg if one.holder in self.told else None


def allowed_of(lots: Iterable[TouchedLot]) -> Allowed:
    """Tell what the holders of lots let be told."""
    said = dict(entities.shown_by_name())
    return Allowed(said, entities.may_tell({one.holder for one in lots}, said))


def known_on(one: Suspension, found: Told, day: datetime.date | None) -> Told:
    """Leave out what was not there at the end of a day, with two queries; all, if it had not begun."""
    if day is None:
        return found
    if day < one.since:
        return Told((), (), (), ())
    end = datetime.datetime.combine(
        day + datetime.timedelta(days=1), datetime.time(), tzinfo=datetime.UTC
    )
    there = Lot.objects.filter(lot_id__in=custody.among(each.lot for each in found.lots))
    lots = set(there.filter(made_at__lt=end).values_list("lot_id", flat=True))
    names = [each.credits.id for each in found.credits]
    booked = CreditHeld.objects.filter(credit_id__in=custody.among(names), booked_on__lte=day)
    credits_ = set(booked.values_list("credit_id", flat=True))
    claims = {each.made.claim.id for each in found.claims if each.made.claim.made_on <= day}
    kept = lots | credits_ | claims
    notices = (
        replace(each, about=tuple(name for name in each.about if name in kept))
        for each in found.notices
    )
    return Told(
        tuple(each for each in found.lots if each.lot in lots),
        tuple(each for each in found.credits if each.credits.id in credits_),
        tuple(each for each in found.claims if each.made.claim.id in claims),
        tuple(each for each in notices if each.about),
    )


def context(found: Told) -> dict[str, object]:
    """Give what the page of a suspension shows of its effect."""
    may = allowed_of(found.lots)
    hidden = _("not shown")
    lost = _lost(found.claims)
    return {
        "lots": [
            {
                "lot": each.lot,
                "holder": hidden if may.name(each.holder) is None else each.holder,
                "in_transit": each.in_transit,
                "before": each.before,
                "after": each.after,
                "missing_mg": may.mass_mg(each),
            }
            for each in found.lots[:LOTS]
        ],
        "lots_number": len(found.lots),
        "lots_more": max(0, len(found.lots) - LOTS),
        "missing_mg": None
        if queries.alone(each.holder for each in found.lots)
        else sum(each.missing_mg for each in found.lots),
        "credits": [
            (
                each,
                [(may.name(name) or hidden, mg) for name, mg in sorted(each.credits.held.items())],
                sorted(each.credits.retired.items()),
            )
            for each in found.credits
        ],
        "credits_missing_mg": sum(each.missing_mg for each in found.credits),
        "claims": [
            (each, of_sites.subject(each.made.claim), _address(each), why(each.findings))
            for each in lost
        ],
        "notices": [
            (
                may.name(each.entity) or hidden,
                ROLES.get(each.role, each.role),
                each.about[:NAMED],
                max(0, len(each.about) - NAMED),
            )
            for each in found.notices
        ],
    }


def _lost(claims: Sequence[ClaimEffect]) -> list[ClaimEffect]:
    return [each for each in claims if not each.holds]


def _address(each: ClaimEffect) -> str:
    return reverse("claims:claim", args=[each.made.claim.id.removeprefix("urn:uuid:")])


def download(
    _request: HttpRequest, kind: str, name: str, form: str, since: str = ""
) -> StreamingHttpResponse:
    """Give every lot, credit and claim that a suspension reaches, as far as holders allow it."""
    found = suspended.told_of(kind, name, since)[1]
    return stream("effect", form, COLUMNS, rows(found))


def rows(found: Told) -> Iterator[dict[str, Any]]:
    """Give the effect as rows: a lot, a credit with each holder, or a claim that no longer holds."""
    may = allowed_of(found.lots)
    for lot in found.lots:
        yield {
            "kind": "lot",
            "id": lot.lot,
            "who": may.name(lot.holder),
            "share_before": share_12_text(lot.before),
            "share_after": share_12_text(lot.after),
            "missing_mg": may.mass_mg(lot),
            "about": "",
            "because": "",
        }
    for each in found.credits:
        for holder in sorted(each.credits.held) or [""]:
            row = {"kind": "credit", "id": each.credits.id, "who": may.name(holder)}
            empty = dict.fromkeys(("share_before", "share_after", "about", "because"), "")
            yield {**row, **empty, "missing_mg": each.missing_mg}
    for lost in _lost(found.claims):
        claim = lost.made.claim
        yield {
            "kind": "claim",
            "id": claim.id,
            "who": claim.made_by,
            "share_before": share_12_text(lost.supported_before),
            "share_after": share_12_text(lost.supported_after),
            "missing_mg": "",
            "about": of_sites.subject(claim),
            "because": " ".join(dict.fromkeys(one.code for one in lost.findings)),
        }
