"""Reads of the book. Lots and movements of this register are public.

Rules: PARTY-001.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from stannary.core.custody import (
    BooksBehind,
    CustodyRules,
    Event,
    Kind,
    Model,
    Row,
    Side,
    Source,
    books_behind,
    events_of,
    factors_needed,
)
from stannary.core.custody.accounting.sources import together
from stannary.core.kernel import refuse
from stannary.core.provenance import Chain, Trace, carried, chain_of, trace_in
from stannary.core.standards import Edition
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.custody import keeping, records, tracing
from stannary.web.custody.books import behind
from stannary.web.custody.models import Carried, CreditHeld, CreditUse, Lot, Movement, Uncovered
from stannary.web.custody.state import queries as state
from stannary.web.custody.uses import for_lots
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import queries as conversions
from stannary.web.parties import reference
from stannary.web.parties.models import Facility, Organisation, Site
from stannary.web.parties.queries import SiteRow
from stannary.web.parties.rules import IS_THERE_FOR_YOU

CUSTODY_PACK = "stannary/open-custody/0.1"

# The events that made the lots of an ancestry, or of what a site's material went into with all
# that this is made of, and what corrects them. UNION, not UNION ALL: a lot that is reached on many
# ways is visited once. A credit is no material: what became of it is not followed. MATERIALIZED: a
# database that has not counted its rows yet would walk all of it again for each movement.
_ANCESTRY = """
WITH RECURSIVE lots(lot) AS (
  SELECT CAST(%s AS varchar(200))
  UNION
  SELECT used.lot FROM lots
  JOIN custody_movement made ON made.lot = lots.lot AND made.side = 'out'
    AND made.kind NOT IN ('book', 'transfer')
  JOIN custody_movement used ON used.event = made.event AND used.side = 'in'
), events(event) AS MATERIALIZED (
  SELECT DISTINCT made.event FROM custody_movement made JOIN lots ON made.lot = lots.lot
  WHERE made.side = 'out' AND made.kind NOT IN ('book', 'transfer')
)
SELECT event FROM events
"""

_DESCENT = """
WITH RECURSIVE down(lot) AS (
  SELECT lot FROM custody_movement
  WHERE site = %s AND side = 'out' AND kind IN ('produce', 'correct')
  UNION
  SELECT made.lot FROM down
  JOIN custody_movement used ON used.lot = down.lot AND used.side = 'in'
  JOIN custody_movement made ON made.event = used.event AND made.side = 'out'
    AND made.kind NOT IN ('book', 'transfer')
), lots(lot) AS (
  SELECT lot FROM down
  UNION
  SELECT used.lot FROM lots
  JOIN custody_movement made ON made.lot = lots.lot AND made.side = 'out'
    AND made.kind NOT IN ('book', 'transfer')
  JOIN custody_movement used ON used.event = made.event AND used.side = 'in'
), events(event) AS MATERIALIZED (
  SELECT DISTINCT made.event FROM custody_movement made JOIN lots ON made.lot = lots.lot
  WHERE made.side = 'out' AND made.kind NOT IN ('book', 'transfer')
)
SELECT event FROM events
"""


def _rows(found: QuerySet[Movement], most: int | None = None) -> tuple[Row, ...]:
    """Read movements in file order; often thousands, so no model is made of each."""
    columns = found.order_by("pk").values_list(*records.FIELDS)[:most]
    return tuple(records.row_from(values) for values in columns.iterator(chunk_size=2000))


def all_rows() -> tuple[Row, ...]:
    """Give every movement in file order."""
    return state.all_rows()


def lots(*, text: str = "", holder: str = "", material: str = "") -> QuerySet[Lot]:
    """Give lots, newest first, that fit every filter given."""
    found = Lot.objects.order_by("-made_at", "lot_id")
    if text:
        found = found.filter(
            Q(lot_id__icontains=text) | Q(material__icontains=text) | Q(holder__icontains=text)
        )
    if holder:
        found = found.filter(holder=holder)
    if material:
        found = found.filter(material=material)
    return found


def holders_and_materials() -> tuple[list[str], list[str]]:
    """Give what the list of lots can be filtered by, with two queries, 200 of each at most."""

    def known(column: str) -> list[str]:
        values = Lot.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
        return list(values.distinct()[:200])

    return known("holder"), known("material")


def lot(lot_id: str) -> Lot:
    """Give one lot.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    found = Lot.objects.filter(lot_id=lot_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return found


def ancestry_rows(lot_id: str, *, as_of: datetime.date | None = None) -> tuple[Row, ...]:
    """Give the movements that a lot is made of, in file order, with one query.

    Args:
        lot_id: The lot.
        as_of: What was known at the end of this day; None for all.

    Raises:
        RefusalError: PARTY-001 if there is no such lot.
    """
    found = _rows(Movement.objects.filter(event__in=RawSQL(_ANCESTRY, [lot_id])))  # noqa: S611 - our own text
    if as_of is not None:
        found = tuple(row for row in found if row.at.date() <= as_of)
    rows = keeping.as_corrected(found)
    if not any(row.lot == lot_id and row.side is Side.OUT for row in rows):
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return rows


def traces_of(lots: Sequence[str]) -> dict[str, Trace]:
    """Trace several lots of the book, with one query for all of them: by the arrays, if these tell all."""
    if not lots:
        return {}
    known = tracing.chains_behind(lots)
    if known is not None:
        return {lot: trace_in(chain, lot) for lot, chain in known.items()}
    seed = "CAST(value AS varchar(200)) FROM json_each(%s)"
    if connection.vendor == "postgresql":
        seed = "CAST(jsonb_array_elements_text(%s::jsonb) AS varchar(200))"
    behind = _ANCESTRY.replace("CAST(%s AS varchar(200))", seed, 1)
    events = RawSQL(behind, [json.dumps(list(lots))])  # noqa: S611 - our own text
    rows = keeping.as_corrected(_rows(Movement.objects.filter(event__in=events)))
    chain = chain_of(material_events(rows), custody_rules(max(row.at.date() for row in rows)))
    return {lot: trace_in(chain, lot) for lot in lots}


def rows_of_lot(lot_id: str) -> tuple[Row, ...]:
    """Give what happened to one lot: made, moved, used, in file order."""
    return _rows(Movement.objects.filter(lot=lot_id))


def rows_from_site(site_slug: str) -> tuple[Row, ...]:
    """Give the movements of the lots that carry a site's material, and of all that these are made of."""
    found = Movement.objects.filter(event__in=RawSQL(_DESCENT, [site_slug]))  # noqa: S611 - our own text
    return keeping.as_corrected(_rows(found))


def following(site_slug: str) -> tracing.Following:
    """Follow a site's material, with one query: by the arrays, or by the book."""
    known = tracing.following(site_slug)
    if known is not None:
        return known
    rows = rows_from_site(site_slug)
    found = carried(events_of(rows), site_slug) if rows else ()
    return tracing.Following(
        produced_mg=sum(
            row.content_mg for row in rows if row.kind is Kind.PRODUCE and row.site == site_slug
        ),
        lots=tuple((one.lot, one.at) for one in found),
        parts={one.lot: one.share for one in found},
    )


def rows_of_event(event: str) -> tuple[Row, ...]:
    """Give the movements of one event, in file order.

    Raises:
        RefusalError: PARTY-001 if there is no such event.
    """
    found = _rows(Movement.objects.filter(event=event))
    if not found:
        refuse(IS_THERE_FOR_YOU, event=event[:80])
    return found


def holder_slug(lot_id: str) -> str:
    """Give the organisation that holds a lot; "" if it is under way, used up or not there."""
    name = Lot.objects.filter(lot_id=lot_id).values_list("holder", flat=True).first()
    if not name:
        return ""
    return Organisation.objects.filter(name=name).values_list("slug", flat=True).first() or ""


def element_of(lot_id: str) -> str:
    """Give the tracked element in words: as movements name it, or the material's name tells; else ""."""
    lot = Lot.objects.filter(lot_id=lot_id).only("material", "element").first()
    return "" if lot is None else lot.element or element_in(lot.material)


def element_in(material: str) -> str:
    """Tell which element a material is tracked by, from its name; "" if it does not tell."""
    first = material.split(" ", 1)[0].lower()
    return {"spodumene": "lithium"}.get(first, first if first in reference.materials() else "")


def material_events(rows: Iterable[Row]) -> tuple[Event, ...]:
    """Put rows together to events, without acts about credits."""
    return events_of([row for row in rows if not row.kind.is_credit])


def rows_of_events(names: Iterable[str]) -> tuple[Row, ...]:
    """Give the movements of some events, as they are known now, with one query."""
    there = among(names)
    own = Q(event__in=there) | Q(kind=str(Kind.CORRECT), account__in=there)
    return keeping.as_corrected(_rows(Movement.objects.filter(own)))


def move_rows(lots: Iterable[str]) -> tuple[Row, ...] | None:
    """Give the shipments and receipts of some lots, in file order, with two queries.

    Returns:
        None if one of them was corrected: then only the whole book tells.
    """
    moves = Movement.objects.filter(kind__in=(Kind.SHIP, Kind.RECEIVE), lot__in=among(lots))
    corrections = Movement.objects.filter(kind=str(Kind.CORRECT))
    if corrections.filter(account__in=moves.values("event")).exists():
        return None
    return _rows(moves)


def attestations_named() -> set[str]:
    """Give every attestation that a lot names, with one query."""
    named = Movement.objects.exclude(attestation="").values_list("attestation", flat=True)
    return set(named.distinct())


def seen_at(entity: str, sites: Iterable[str]) -> tuple[Row, ...]:
    """Give the rows by which an entity made, shipped or received a lot at some sites."""
    return _rows(Movement.objects.filter(entity=entity, site__in=sites).exclude(side="in"))


@dataclass(frozen=True, slots=True)
class Traced:
    """A lot with all that it is made of.

    Attributes:
        chain: The ancestry as events, checked.
        trace: Of the lot.
        rows: Movements of the ancestry, in file order; None: they were not read.
    """

    chain: Chain
    trace: Trace
    rows: tuple[Row, ...] | None


def traced(lot_id: str, *, as_of: datetime.date | None = None) -> Traced:
    """Trace a lot, with one query: by the arrays, or by the book if these do not tell all of it.

    Args:
        lot_id: The lot.
        as_of: By what was known at the end of this day: with the corrections up to then alone. None
            for all that is known.

    Raises:
        RefusalError: PARTY-001 if there is no such lot, or was none on that day.
    """
    known = tracing.chain_behind(lot_id)
    if known is not None and (as_of is None or _is_as_known(known, as_of)):
        return Traced(known, trace_in(known, lot_id), None)
    rows = ancestry_rows(lot_id, as_of=as_of)
    days = [row.at.date() for row in rows]
    chain = chain_of(events_of(rows), custody_rules(max(days)))
    return Traced(chain, trace_in(chain, lot_id), rows)


def _is_as_known(chain: Chain, as_of: datetime.date) -> bool:
    """Tell whether all of a chain had happened by a day, and nothing of it was corrected since."""
    if any(event.at.date() > as_of for event in chain.events):
        return False
    names = among(event.id for event in chain.events)
    corrections = Movement.objects.filter(kind=str(Kind.CORRECT), account__in=names)
    return all(row.at.date() <= as_of for row in _rows(corrections))


def first_rows(found: Traced, most: int) -> tuple[tuple[Row, ...], int]:
    """Give the first movements that a lot is made of, in file order, and how many there are.

    What was corrected is read as it is known now, from the book.
    """
    events = found.chain.events
    rows = found.rows
    if rows is None:
        names = among(event.id for event in events)
        if not Movement.objects.filter(kind="correct", account__in=names).exists():
            those = Movement.objects.filter(event__in=names)
            return _rows(those, most), sum(len(event.rows) for event in events)
        rows = ancestry_rows(found.trace.lot)
    return rows[:most], len(rows)


def among(names: Iterable[str]) -> RawSQL:
    """Give names to be looked for with `__in`: one parameter, however many they are."""
    text = json.dumps(list(names))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT jsonb_array_elements_text(%s::jsonb)", [text])
    return RawSQL("SELECT value FROM json_each(%s)", [text])


def custody_rules(day: datetime.date) -> CustodyRules:
    """Give the constants of the custody pack that are in force on a day."""
    return CustodyRules.from_edition(custody_pack(), day)


@lru_cache(maxsize=1)
def custody_pack() -> Edition:
    """Give the custody pack whose constants and words are used here, read once a process."""
    return load_pack(find_shipped_pack(CUSTODY_PACK))


def packs_with_words() -> tuple[Edition, ...]:
    """Give the custody packs whose words somebody may use, the oldest first."""
    return (custody_pack(), *map(packs.edition, packs.PACKS))


def words_for(pack: str) -> tuple[Edition, ...]:
    """Give the custody packs whose words somebody may use who keeps books under one of them."""
    return (custody_pack(), packs.edition(pack))


def pack_named(name: str) -> Edition:
    """Give one of the custody packs whose words may be used.

    Raises:
        RefusalError: PARTY-001 if it is none of them.
    """
    found = next((one for one in packs_with_words() if one.id == name), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, pack=name[:80])
    return found


def books_of(lots: Set[str], pack: Edition, day: datetime.date) -> BooksBehind | None:
    """Give the books behind some lots as of a day; None where none are kept under a pack.

    Raises:
        RefusalError: CUSTODY-097 if they are too many for whoever checks them.
    """
    if pack.id not in packs.PACKS:
        return None
    # where an output waits for later input, more decides than what is behind the lot
    events = events_of(all_rows()) if state.outputs_wait(day) else behind.events_behind(*lots)
    names = {row.entity for event in events for row in event.rows}
    certificates = entities.certificates_of(names)
    rows = [row for event in events for row in event.rows]
    governs = entities.governing(certificates)
    plain = pack.id == packs.PACK and not any(
        one.pack != pack.id or one.mass_balance_method for one in certificates
    )
    return books_behind(
        events,
        lots,
        day=day,
        rules_on=packs.rules_on,
        method=governs.method("", day) if plain else None,
        certificates=certificates,
        factors=factors_needed(
            conversions.in_core(),
            rows,
            lambda row: governs.rules(row.entity, row.at.date()),
        ),
        pack="" if pack.id == packs.PACK else packs.PACK,
        outputs_wait=state.outputs_wait(day),
    )


def sites_of(rows: Iterable[Row]) -> dict[str, SiteRow]:
    """Give the sites that movements name and that are known here, by slug, with one query."""
    slugs = {row.site for row in rows}
    found = Site.objects.filter(slug__in=slugs).values_list(*SiteRow._fields)
    return {site.slug: site for site in map(SiteRow._make, found)}


def facilities_of(rows: Iterable[Row]) -> dict[tuple[str, str], Facility]:
    """Give the facilities that movements name, by entity and id, with one query.

    A movement names a facility of the entity that records it; a like id of somebody else is
    another place.
    """
    slugs = {row.site for row in rows}
    found = Facility.objects.filter(slug__in=slugs).select_related("organisation")
    return {(one.organisation.name, one.slug): one for one in found}


def lots_at(place: Facility) -> QuerySet[Lot]:
    """Give the lots that its organisation holds or made at a facility, newest first."""
    name = place.organisation.name
    made = Movement.objects.filter(site=place.slug, entity=name, side="out").values("lot")
    return Lot.objects.filter(Q(holder=name, holder_site=place.slug) | Q(lot_id__in=made)).order_by(
        "-made_at", "lot_id"
    )


def carried_by(lot_id: str) -> dict[Source, int]:
    """Give what the books let be said of a lot, by source; see `carried_of`."""
    row = Lot.objects.filter(lot_id=lot_id).first()
    return {} if row is None else carried_of([row])[lot_id]


def model_of(row: Lot) -> Model | None:
    """Give the model that the making and the last move of a lot name; None where they name none."""
    return Model(row.model) if row.model else None


def carried_of(rows: Iterable[Lot]) -> dict[str, dict[Source, int]]:
    """Give what the books let be said of lots, by source, with three queries for all of them.

    What is left of a lot carries what it carries for all of it, rounded down, and never more than
    the lot was given: every use takes its milligrams rounded down. For a lot under book and claim it
    is what was used up for it: retirements that name the lot as beneficiary.
    """
    those = {row.lot_id: row for row in rows}
    stored = Carried.objects.filter(lot_id__in=those)
    kept = {one.lot_id: (records.amounts_from(one.amounts), one.given) for one in stored}
    by_credits = {name for name, row in those.items() if row.model == Model.BOOK_AND_CLAIM}
    found = _used_for(by_credits) if by_credits else {}
    for name, row in those.items():
        if name in by_credits or name not in kept or not row.left_content_mg:
            found.setdefault(name, {})
            continue
        amounts, text = kept[name]
        given = records.amounts_from(text) if text else {}
        whole = {
            one: min(mg * row.content_mg // row.left_content_mg, given.get(one, row.content_mg))
            for one, mg in amounts.items()
        }
        found[name] = {one: mg for one, mg in whole.items() if mg}
    return found


def given_to(lot_id: str) -> dict[Source, int]:
    """Give all that a lot was given, less what became credits, whatever was made of it since.

    A claim on a lot rests on that: it stays as it is when the lot is used, and falls when the books
    no longer give it.
    """
    model = Lot.objects.filter(lot_id=lot_id).values_list("model", flat=True).first()
    if model == Model.BOOK_AND_CLAIM:
        return _used_for({lot_id}).get(lot_id, {})
    stored = Carried.objects.filter(lot_id=lot_id).values_list("given", flat=True).first()
    return records.amounts_from(stored) if stored else {}


def lots_given_by(attestation: str) -> set[str]:
    """Give the lots of which something may be said because of an attestation."""
    written = json.dumps(attestation, ensure_ascii=False)
    given = Carried.objects.filter(given__contains=written).values_list("lot_id", flat=True)
    used = CreditUse.objects.filter(attestation=attestation)
    return {*given, *used.values_list("beneficiary", flat=True)}


def given_is_known() -> bool:
    """Tell whether the books were kept since what lots were given is stored."""
    return not Carried.objects.filter(given="").exists()


def _used_for(lots: set[str]) -> dict[str, dict[Source, int]]:
    """Give the credits that were used up for lots, with two queries."""
    uses = list(for_lots(lots))
    held = CreditHeld.objects.filter(credit_id__in={one.credit_id for one in uses})
    produced = dict(held.values_list("credit_id", "produced_on"))
    found: dict[str, list[dict[Source, int]]] = defaultdict(list)
    for one in uses:
        source = Source(produced[one.credit_id], one.site, one.attestation)
        found[one.beneficiary].append({source: one.quantity_mg})
    return {lot: together(parts) for lot, parts in found.items()}


def marks_of(*, lots: Iterable[str]) -> QuerySet[Uncovered]:
    """Give why movements of some lots count towards no claim."""
    events = Movement.objects.filter(lot__in=list(lots)).values("event")
    return Uncovered.objects.filter(event__in=events)


def is_illustrative(row: Lot, sites: Iterable[SiteRow]) -> bool:
    """Tell whether a lot is made up: by whom it was made or is held, or where it comes from."""
    if any(site.illustrative for site in sites):
        return True
    those = Organisation.objects.filter(name__in={row.made_by, row.holder}, illustrative=True)
    return those.exists()


def held_since(rows: tuple[Row, ...]) -> datetime.datetime | None:
    """Tell since when the present holder holds a lot, from what happened to it."""
    made = (row for row in rows if row.side == "out" and not row.kind.is_credit)
    arrivals = [row.at for row in (*made, *(row for row in rows if row.kind == "receive"))]
    return max(arrivals, default=None)
