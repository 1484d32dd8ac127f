"""What the register and the desk of an entity put together from the apps below.

Rules: PARTY-001.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from django.db.models import Case, Q, QuerySet, Sum, When

from stannary.core.kernel import refuse
from stannary.web.claims import queries as claims
from stannary.web.claims.models import Claim
from stannary.web.custody import queries as custody
from stannary.web.custody.books import queries as books
from stannary.web.custody.models import (
    AccountPeriod,
    CreditHeld,
    CreditUse,
    Lot,
    MovementFile,
    Uncovered,
)
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility, Organisation, Role, Site
from stannary.web.parties.queries import Visitor, has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.register.charts import Bar
from stannary.web.transactions.models import Offer

SOON = datetime.timedelta(days=120)
"""How long ahead the end of a balance period is told."""


def claims_in_force(day: datetime.date) -> QuerySet[Claim]:
    """Give the claims that are in force on a day and supported, newest first."""
    unmarked = Q(affected__isnull=True) | Q(affected=False)
    return claims.in_force(day).filter(unmarked)


def claims_affected(day: datetime.date, made_by: Organisation | None = None) -> QuerySet[Claim]:
    """Give the claims that records no longer support and nobody took back, newest first."""
    found = claims.in_force(day).filter(affected=True)  # type: ignore[misc]  # annotated
    return found if made_by is None else found.filter(made_by=made_by)


def credits_by_mine(day: datetime.date) -> list[Bar]:
    """Give what became of credits, by mine, most first, with four queries."""
    parts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    left = CreditHeld.objects.filter(left_mg__gt=0).values_list("site")
    sums = (
        CreditUse.objects.values_list("site").annotate(Sum("quantity_mg")),
        left.filter(expires_on__gt=day).annotate(Sum("left_mg")),
        left.filter(expires_on__lte=day).annotate(Sum("left_mg")),
    )
    for place, found in enumerate(sums):
        for site, mg in found.order_by("site"):
            parts[site][place] += mg
    names = dict(Site.objects.filter(slug__in=list(parts)).values_list("slug", "name"))
    bars = (Bar(names.get(site, site), tuple(three)) for site, three in parts.items())
    return sorted(bars, key=lambda bar: (-bar.total, bar.name))


@dataclass(frozen=True, slots=True)
class Went:
    """A part of a mine's material, as far as its holder allows it to be told.

    Attributes:
        holder: Name; "" where it is not shown.
        slug: For the address of the entity; "" where it is not shown or none is recorded.
        country: Code; "" where it is not shown or not known.
        materials: What it is now.
        lots: How many lots; None where it is not shown.
        content_mg: Of this mine, rounded down; None where it is not shown.
    """

    holder: str
    slug: str
    country: str
    materials: str
    lots: int | None
    content_mg: int | None


@dataclass(frozen=True, slots=True)
class Material:
    """What a mine produced and where it is now; produced is the sum of the other three.

    Attributes:
        produced_mg: Content of all lots that were produced there.
        held_mg: In somebody's hands, rounded down.
        under_way_mg: Under way, rounded down.
        gone_mg: Lost, or what processes took, and what is rounded.
        went: By holder; those that are not shown come last, put together.
        alone: Whether one holder alone has it and does not let quantities be told: then neither what
            is held nor what is gone is for pages.
    """

    produced_mg: int
    held_mg: int
    under_way_mg: int
    gone_mg: int
    went: tuple[Went, ...]
    alone: bool = False


def material_of(site: Site) -> Material | None:
    """Tell where a mine's material is now, with a fixed number of queries; None: none is booked."""
    found = custody.following(site.slug)
    if not found.lots:
        return None
    held: dict[str, list[Lot]] = defaultdict(list)
    under_way: list[Lot] = []
    for lot in Lot.objects.filter(lot_id__in=custody.among(found.parts), left_content_mg__gt=0):
        (under_way if lot.in_transit else held[lot.holder]).append(lot)

    def of_mine(lots: Iterable[Lot]) -> int:
        return found.whole_mg((lot.lot_id, lot.left_content_mg) for lot in lots)

    held_mg, under_way_mg = of_mine(chain.from_iterable(held.values())), of_mine(under_way)
    return Material(
        produced_mg=found.produced_mg,
        held_mg=held_mg,
        under_way_mg=under_way_mg,
        gone_mg=found.produced_mg - held_mg - under_way_mg,
        went=tuple(_went(held, of_mine)),
        alone=alone(held),
    )


def alone(holders: Iterable[str]) -> bool:
    """Tell whether a sum over holders is of one alone that does not let its quantities be told."""
    every = set(holders)
    return len(every) == 1 and not entities.may_tell(every, entities.shown_by_name())


def _went(held: dict[str, list[Lot]], of_mine: Callable[[Iterable[Lot]], int]) -> list[Went]:
    """Tell as much as each holder allows; a quantity that the others would give away is left out."""
    said, slugs = entities.shown_by_name(), entities.entity_slugs()
    shown = {name: said.get(name, entities.OPEN) for name in held}
    places = {lot.holder_site for those in held.values() for lot in those}
    countries = dict(Facility.objects.filter(slug__in=places).values_list("slug", "country"))
    countries |= dict(Site.objects.filter(slug__in=places).values_list("slug", "country"))
    told = entities.may_tell(held, said)
    found = []
    for name in sorted(held):
        allowed, those = shown[name], held[name]
        if not allowed.name and not allowed.country:
            continue
        there = sorted({countries.get(lot.holder_site, "") for lot in those} - {""})
        found.append(
            Went(
                holder=name if allowed.name else "",
                slug=slugs.get(name, "") if allowed.name else "",
                country=" ".join(there),
                materials=", ".join(sorted({lot.material for lot in those})),
                lots=len(those) if allowed.name else None,
                content_mg=of_mine(those) if name in told else None,
            )
        )
    found.sort(key=lambda one: (not one.holder, one.holder, one.country, one.materials))
    hidden = [name for name in held if not shown[name].name and not shown[name].country]
    return [*found, *([Went("", "", "", "", None, None)] if hidden else [])]


# The desk of an entity


@dataclass(frozen=True, slots=True)
class Ending:
    """A balance period that ends soon, and what lapses with it if it is not used."""

    period: AccountPeriod
    days: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What a clerk looks at first.

    Attributes:
        entity: The entity as it stands today.
        lots: In stock, by model and id.
        endings: Balance periods that end soon, the next first.
        credits: In force, those that expire next first.
        incoming: Open offers to the entity.
        outgoing: Open offers of the entity.
        marks: What counts towards no claim, newest first.
        affected: Own claims that records no longer support.
        files: Handed in last.
    """

    entity: entities.Entity
    lots: QuerySet[Lot]
    endings: tuple[Ending, ...]
    credits: tuple[CreditHeld, ...]
    incoming: tuple[Offer, ...]
    outgoing: tuple[Offer, ...]
    marks: tuple[Uncovered, ...]
    affected: tuple[Claim, ...]
    files: tuple[MovementFile, ...]


LISTED = 20


def entity_to_work_for(actor: Visitor, slug: str) -> Organisation:
    """Give an entity to its clerks.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is no clerk of it.
    """
    found = entities.organisation(slug)
    if not has_role(actor, Role.Kind.CLERK, found):
        refuse(IS_THERE_FOR_YOU, asked_for="entity")
    return found


def desk(those: Organisation, now: datetime.datetime, today: datetime.date) -> Desk:
    """Give what a clerk looks at first, with a fixed number of queries."""
    name = those.name
    open_ones = Offer.objects.filter(expires_at__gt=now).exclude(steps__number=2)
    offers = open_ones.select_related("seller", "buyer").order_by("expires_at")
    periods = AccountPeriod.objects.filter(
        entity=name, counts=True, closed=False, valid_until__lte=today + SOON
    )
    held = CreditHeld.objects.filter(holder=name, left_mg__gt=0, expires_on__gt=today)
    files = MovementFile.objects.filter(organisation=those).defer("content")
    return Desk(
        entity=entities.entity(those.slug, today),
        lots=Lot.objects.filter(holder=name, left_mass_mg__gt=0).order_by(
            Case(When(model="", then=1), default=0), "model", "lot_id"
        ),
        endings=tuple(
            Ending(one, (one.valid_until - today).days) for one in periods.order_by("valid_until")
        ),
        credits=tuple(held.order_by("expires_on")[:LISTED]),
        incoming=tuple(offers.filter(buyer=those)[:LISTED]),
        outgoing=tuple(offers.filter(seller=those)[:LISTED]),
        marks=tuple(books.marks(those)[:LISTED]),
        affected=tuple(claims_affected(today, those)[:LISTED]),
        files=tuple(files.order_by("-pk")[:5]),
    )
