"""The replay: all events in order, closing balances, and every finding.

Rules: CUSTODY-001 to CUSTODY-017, CUSTODY-019, CUSTODY-037 to CUSTODY-039.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stannary.core.custody.events import Event, events_of, in_order
from stannary.core.custody.holders import Holders, Whereabouts, follow
from stannary.core.custody.lots import Holding, Loss, Lot, ProcessLoss, Total, Transit
from stannary.core.custody.masses import Masses, account, sums
from stannary.core.custody.models import Makeup, Models, check_models
from stannary.core.custody.parameters import DEFAULT_RULES, CustodyRules
from stannary.core.custody.rows import Model, Row
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import Finding, InvariantError


@dataclass(frozen=True, slots=True)
class Replay:
    """What a custody file comes to.

    Attributes:
        events: In the order of replay.
        lots: Every lot by id, in the order in which they were made.
        holdings: What each entity has left, by entity, site and lot.
        in_transit: Lots shipped and not received, by lot.
        losses: One for each row of a `loss`, in the order of replay.
        process_losses: Transformations whose output is not their input, in the order of replay.
        totals: Holdings added up by entity and material.
        findings: In the order of replay; none means that everything holds.
    """

    events: tuple[Event, ...]
    lots: Mapping[str, Lot]
    holdings: tuple[Holding, ...]
    in_transit: tuple[Transit, ...]
    losses: tuple[Loss, ...]
    process_losses: tuple[ProcessLoss, ...]
    totals: tuple[Total, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A lot as some events left it: all that later ones need to know of it.

    Attributes:
        lot: As it was made.
        left_mass_mg: What is left after all uses.
        left_content_mg: The same of its content.
        where: Where it was last seen.
        model: After its last move; None when never named.
        ceiling: The strongest model that may be named for it from now on; None: any.
        makeup: What it is made of.
    """

    lot: Lot
    left_mass_mg: int
    left_content_mg: int
    where: Whereabouts
    model: Model | None
    ceiling: Model | None
    makeup: Makeup


def replay(rows: Iterable[Row], *, rules: CustodyRules = DEFAULT_RULES) -> Replay:
    """Replay the rows of a custody file.

    Args:
        rows: In file order.
        rules: The constants of a custody pack.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
        InvariantError: If a sound file did not keep every milligram.
    """
    return replay_events(events_of(rows), rules=rules)


def replay_events(events: Sequence[Event], *, rules: CustodyRules = DEFAULT_RULES) -> Replay:
    """Replay events; the order given decides only between events of the same time.

    Raises:
        InvariantError: If sound events did not keep every milligram.
    """
    return replay_on({}, events, rules=rules)[0]


def replay_on(
    before: Mapping[str, Seen], events: Sequence[Event], *, rules: CustodyRules = DEFAULT_RULES
) -> tuple[Replay, dict[str, Seen]]:
    """Replay events that come after others.

    Args:
        before: Lots as the others left them: at least those that the events name.
        events: The order given decides only between events of the same time.
        rules: The constants of a custody pack.

    Returns:
        What the events come to, with the holdings of these lots alone; and the lots now.

    Raises:
        InvariantError: If sound events did not keep every milligram.
    """
    ordered = in_order(events)
    masses = account(ordered, rules, _masses(before))
    there = Holders(where={name: one.where for name, one in before.items()})
    holders = follow(ordered, masses.maker, there)
    known = Models(
        current={name: one.model for name, one in before.items()},
        ceilings={name: one.ceiling for name, one in before.items()},
        makeups={name: one.makeup for name, one in before.items()},
    )
    models = check_models(ordered, masses.maker, rules, known)
    numbered = [*masses.findings, *holders.findings, *models.findings]
    findings = tuple(finding for _, finding in sorted(numbered, key=lambda pair: pair[0]))
    holdings, in_transit = _closing(masses, holders, models)
    result = Replay(
        events=ordered,
        lots=masses.lots,
        holdings=holdings,
        in_transit=in_transit,
        losses=tuple(masses.losses),
        process_losses=tuple(masses.process_losses),
        totals=_totals(holdings),
        findings=findings,
    )
    if not any(finding.code in MEANINGLESS_CODES for finding in findings):
        check_conservation(result, before.values())
    now = {
        name: Seen(
            lot,
            masses.left_mass_mg[name],
            masses.left_content_mg[name],
            holders.where[name],
            models.current[name],
            models.ceilings[name],
            models.makeups[name],
        )
        for name, lot in masses.lots.items()
    }
    return result, now


def _masses(before: Mapping[str, Seen]) -> Masses:
    return Masses(
        lots={name: one.lot for name, one in before.items()},
        maker=dict.fromkeys(before, -1),
        left_mass_mg={name: one.left_mass_mg for name, one in before.items()},
        left_content_mg={name: one.left_content_mg for name, one in before.items()},
    )


def check_conservation(result: Replay, before: Iterable[Seen] = ()) -> None:
    """Check that what was there and what entered the chain is what is held, under way and lost.

    Args:
        result: Of the events.
        before: Lots as events before these left them.

    Raises:
        InvariantError: If a milligram of mass or content is missing or too much.
    """
    entered = sums([row for one in result.events if one.kind.is_source for row in one.outputs])
    for one in before:
        entered = (entered[0] + one.left_mass_mg, entered[1] + one.left_content_mg)
    parts: tuple[Holding | Transit | Loss | ProcessLoss, ...] = (
        *result.holdings,
        *result.in_transit,
        *result.losses,
        *result.process_losses,
    )
    left = (sum(part.mass_mg for part in parts), sum(part.content_mg for part in parts))
    if entered != left:
        raise InvariantError(f"entered {entered} mg, but held, in transit and lost {left} mg")


def _closing(
    masses: Masses, holders: Holders, models: Models
) -> tuple[tuple[Holding, ...], tuple[Transit, ...]]:
    held: list[Holding] = []
    moving: list[Transit] = []
    for lot_id, lot in masses.lots.items():
        mass_mg, content_mg = masses.left_mass_mg[lot_id], masses.left_content_mg[lot_id]
        if not mass_mg and not content_mg:
            continue
        seen, model = holders.where[lot_id], models.current[lot_id]
        if seen.in_transit:
            moving.append(
                Transit(
                    lot=lot_id,
                    material=lot.material,
                    mass_mg=mass_mg,
                    content_mg=content_mg,
                    model=model,
                    shipped_by=seen.entity,
                    from_site=seen.site,
                    since=seen.since,
                )
            )
        else:
            held.append(
                Holding(seen.entity, seen.site, lot_id, lot.material, mass_mg, content_mg, model)
            )
    held.sort(key=lambda one: (one.entity, one.site, one.lot))
    moving.sort(key=lambda one: one.lot)
    return tuple(held), tuple(moving)


def _totals(holdings: Iterable[Holding]) -> tuple[Total, ...]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in holdings:
        mass_mg, content_mg = found.get((one.entity, one.material), (0, 0))
        found[one.entity, one.material] = (mass_mg + one.mass_mg, content_mg + one.content_mg)
    return tuple(Total(*key, *found[key]) for key in sorted(found))
