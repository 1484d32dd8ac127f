"""Lots and masses: what was made, used and left; nothing about who held it.

Rules: CUSTODY-001 to CUSTODY-011, CUSTODY-017, CUSTODY-019, CUSTODY-037 to CUSTODY-039.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from stannary.core.custody import rules
from stannary.core.custody.circles import circles
from stannary.core.custody.elements import check_names, element_made, names_any
from stannary.core.custody.events import Event, in_order
from stannary.core.custody.lots import Loss, Lot, ProcessLoss
from stannary.core.custody.parameters import DEFAULT_RULES, CustodyRules
from stannary.core.custody.rows import Kind, Row
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.custody.weighing import weighed_as
from stannary.core.kernel import Finding


@dataclass(slots=True)
class Masses:
    """What a pass over the events says about lots and masses.

    Attributes:
        lots: Every lot by id, as first made.
        maker: Lot id to the index of the event that first made it.
        left_mass_mg: Lot id to what is left of its mass after all uses; never below 0.
        left_content_mg: The same for its content.
        findings: Each with the index of its event.
    """

    lots: dict[str, Lot] = field(default_factory=dict)
    maker: dict[str, int] = field(default_factory=dict)
    left_mass_mg: dict[str, int] = field(default_factory=dict)
    left_content_mg: dict[str, int] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    process_losses: list[ProcessLoss] = field(default_factory=list)
    findings: list[tuple[int, Finding]] = field(default_factory=list)


def lot_defects(
    events: Sequence[Event],
    *,
    rules: CustodyRules = DEFAULT_RULES,
    looked_at: frozenset[str] = LOT_AND_MASS_CODES,
) -> tuple[Finding, ...]:
    """Tell the defects of lots and masses.

    A correction counts as one, because the trace would have to follow it; credits do not.
    The order is that of the replay.

    Args:
        events: The order given decides only between events of one time.
        rules: The constants of a custody pack.
        looked_at: Codes of the defects that are told; every one unless given otherwise.
    """
    ordered = in_order(events)
    return tuple(
        finding
        for index, finding in account(ordered, rules).findings
        if finding.code in looked_at or ordered[index].kind is Kind.CORRECT
    )


def account(
    events: Sequence[Event], custody_rules: CustodyRules, before: Masses | None = None
) -> Masses:
    """Follow the masses of all lots over events that are in the order of replay.

    Findings are in the order of events. The effect of a row with a finding is kept within
    what is possible, so that one defect is told once: a lot keeps its first maker, and a use
    beyond what is left takes what is left.

    Args:
        events: In the order of replay.
        custody_rules: The constants of a pack.
        before: What events before these left, made by an event of index -1; it is changed.
    """
    masses = Masses() if before is None else before
    for index, event in enumerate(events):
        if not event.kind.is_credit:
            _make(masses, index, event)
    _check_order(masses, events)
    named = names_any(events, masses.lots)
    for index, event in enumerate(events):
        if event.kind.is_credit:
            facts = {"event": event.id, "kind": str(event.kind)}
            finding = Finding(rules.CREDITS_ARE_NOT_REPLAYED, facts, event.rows[0].place)
            masses.findings.append((index, finding))
            continue
        found = [
            *(check_names(event, masses.lots) if named else ()),
            *_use(masses, event),
            *_move(masses, event),
            *_conserve(event, custody_rules),
        ]
        if named:
            _name(masses, index, event)
        masses.findings.extend((index, finding) for finding in found)
        _lose(masses, event)
    masses.findings.sort(key=lambda pair: pair[0])
    return masses


def _make(masses: Masses, index: int, event: Event) -> None:
    for row in event.outputs:
        first = masses.lots.get(row.lot)
        if first is not None:
            facts = {"lot": row.lot, "event": event.id, "made_by": first.event_id}
            finding = Finding(rules.LOT_IS_MADE_ONCE, facts, row.place_of("lot"))
            masses.findings.append((index, finding))
            continue
        masses.lots[row.lot] = Lot.from_row(row)
        masses.maker[row.lot] = index
        masses.left_mass_mg[row.lot] = row.mass_mg
        masses.left_content_mg[row.lot] = row.content_mg


def _name(masses: Masses, index: int, event: Event) -> None:
    """Say of which element the lots are that an event makes, where their rows leave it out."""
    for row in event.outputs:
        element = element_made(event, row, masses.lots)
        if element != row.element and masses.maker[row.lot] == index:
            masses.lots[row.lot] = replace(masses.lots[row.lot], element=element)


def _check_order(masses: Masses, events: Sequence[Event]) -> None:
    """Find lots that nobody made, that are used too early, or that make themselves."""
    early: list[tuple[int, Row]] = []
    for index, event in enumerate(events):
        if event.kind.is_credit:
            continue
        for row in event.inputs + event.moves:
            maker = masses.maker.get(row.lot)
            if maker is None:
                facts = {"lot": row.lot, "event": event.id}
                finding = Finding(rules.LOT_WAS_MADE, facts, row.place_of("lot"))
                masses.findings.append((index, finding))
            elif maker >= index:
                early.append((index, row))
    if not early:
        return
    rings = circles(events, masses.maker)
    ring_of = {index: number for number, ring in enumerate(rings) for index in ring}
    for ring in rings:
        masses.findings.append((ring[0], _circle(events, ring)))
    for index, row in early:
        maker = masses.maker[row.lot]
        if index in ring_of and ring_of[index] == ring_of.get(maker):
            continue
        facts = {
            "lot": row.lot,
            "event": row.event,
            "at": row.at.isoformat(),
            "made_by": events[maker].id,
            "made_at": events[maker].at.isoformat(),
        }
        finding = Finding(rules.LOT_EXISTS_BEFORE_USE, facts, row.place_of("at"))
        masses.findings.append((index, finding))


def _circle(events: Sequence[Event], ring: Sequence[int]) -> Finding:
    names = [events[index].id for index in ring[:8]]
    facts = {"events": ", ".join(names) + (", …" if len(ring) > len(names) else "")}
    return Finding(rules.NO_LOT_MAKES_ITSELF, facts, events[ring[0]].inputs[0].place_of("lot"))


def _use(masses: Masses, event: Event) -> Iterator[Finding]:
    for row in event.inputs:
        if row.lot not in masses.lots:
            continue
        yield from _rest(masses, row)
        for rule, column, left, used in (
            (rules.USE_STAYS_WITHIN_MASS, "mass_mg", masses.left_mass_mg, row.mass_mg),
            (rules.USE_STAYS_WITHIN_CONTENT, "content_mg", masses.left_content_mg, row.content_mg),
        ):
            rest = left[row.lot]
            if used > rest:
                facts = {
                    "lot": row.lot,
                    "event": event.id,
                    "left": f"{rest} mg",
                    "used": f"{used} mg",
                }
                yield Finding(rule, facts, row.place_of(column))
            left[row.lot] = max(0, rest - used)


def _rest(masses: Masses, row: Row) -> Iterator[Finding]:
    """Find a use that takes more of what is no content than there is, so that content is left over.

    Where it takes too much mass anyway, that is told instead.
    """
    mass, content = masses.left_mass_mg[row.lot], masses.left_content_mg[row.lot]
    if row.mass_mg <= mass and row.mass_mg - row.content_mg > max(0, mass - content):
        facts = {
            "lot": row.lot,
            "event": row.event,
            "mass_left": f"{mass - row.mass_mg} mg",
            "content_left": f"{content - row.content_mg} mg",
        }
        yield Finding(rules.REST_STAYS_POSSIBLE, facts, row.place_of("content_mg"))


def _move(masses: Masses, event: Event) -> Iterator[Finding]:
    for row in event.moves:
        if row.lot not in masses.lots:
            continue
        for column, left, moved in (
            ("mass_mg", masses.left_mass_mg[row.lot], row.mass_mg),
            ("content_mg", masses.left_content_mg[row.lot], row.content_mg),
        ):
            if left != moved:
                facts = {
                    "lot": row.lot,
                    "event": event.id,
                    "field": column,
                    "left": f"{left} mg",
                    "moved": f"{moved} mg",
                }
                yield Finding(rules.MOVE_KEEPS_MASS, facts, row.place_of(column))


def _conserve(event: Event, custody_rules: CustodyRules) -> Iterator[Finding]:
    if not event.kind.is_change:
        return
    place = (event.outputs or event.inputs)[0].place
    if not event.inputs or not event.outputs:
        missing = "out" if event.inputs else "in"
        facts = {"event": event.id, "kind": str(event.kind), "missing_side": missing}
        yield Finding(rules.EVENT_HAS_BOTH_SIDES, facts, place)
        return
    mass_in, content_in = sums(event.inputs)
    mass_out, content_out = sums(event.outputs)
    contents = {
        "event": event.id,
        "content_in": f"{content_in} mg",
        "content_out": f"{content_out} mg",
    }
    the_masses = {"event": event.id, "mass_in": f"{mass_in} mg", "mass_out": f"{mass_out} mg"}
    if event.kind is Kind.TRANSFORM:
        factor = custody_rules.transform_mass_factor_max
        if content_out > content_in:
            yield Finding(rules.TRANSFORM_MAKES_NO_CONTENT, contents, place)
        if mass_out * factor.denominator > mass_in * factor.numerator:
            facts = {**the_masses, "factor": str(factor)}
            yield Finding(rules.TRANSFORM_MASS_WITHIN_FACTOR, facts, place)
        return
    if mass_out != mass_in:
        yield Finding(rules.PARTS_ADD_UP, the_masses, place)
    if content_out != content_in:
        yield Finding(rules.PARTS_ADD_UP, contents, place)


def sums(rows: Sequence[Row]) -> tuple[int, int]:
    """Add up mass and content of rows, in milligrams."""
    return sum(row.mass_mg for row in rows), sum(row.content_mg for row in rows)


def _lose(masses: Masses, event: Event) -> None:
    if event.kind is Kind.LOSS:
        masses.losses.extend(
            Loss(
                event=event.id,
                at=event.at,
                entity=row.entity,
                site=row.site,
                lot=row.lot,
                material=row.material,
                mass_mg=row.mass_mg,
                content_mg=row.content_mg,
                note=row.note,
                weighing=weighed_as(row) is not None,
            )
            for row in event.inputs
        )
    if event.kind is Kind.TRANSFORM:
        mass_in, content_in = sums(event.inputs)
        mass_out, content_out = sums(event.outputs)
        if mass_in != mass_out or content_in != content_out:
            masses.process_losses.append(
                ProcessLoss(
                    event=event.id,
                    at=event.at,
                    entity=event.entity,
                    site=event.site,
                    mass_mg=mass_in - mass_out,
                    content_mg=content_in - content_out,
                )
            )
