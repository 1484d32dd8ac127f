"""Production reports as movements: one chain for each metal, and everything that does not add up.

A site reports what it processed, how rich that was and what it recovered. Put together, these are
an event of production and a transformation, which the rules of custody check like any other.
A line that cannot be put together is left out with its reason; none vanishes.

Rules: PRODUCTION-001, PRODUCTION-004 to PRODUCTION-009, and CUSTODY-008 and CUSTODY-009 for masses.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from stannary.core.custody import Kind, Replay, Row, Side, replay
from stannary.core.kernel import Finding, Place, Rule, share_12_text
from stannary.core.production import rules
from stannary.core.production.reports import (
    MetalReport,
    OreReport,
    ProcessReport,
    Stage,
    Where,
)

RECOVERY_TOLERANCE = Fraction(1, 100)
"""Percentage points as a share; see PRODUCTION-007."""
CONTENT_TOLERANCE = Fraction(1, 100)
"""Of the content that grade and mass come to; see PRODUCTION-009."""
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Production:
    """What production reports come to.

    Attributes:
        rows: Movements, in the form of a custody file.
        replay: Of those movements.
        chains: Number of lines that were put together to a chain.
        imbalances: What does not add up: findings of the replay, then of the figures reported. In
            the replay such a transformation has a loss below zero.
        left_out: Lines that could not be put together, one finding each.
    """

    rows: tuple[Row, ...]
    replay: Replay
    chains: int
    imbalances: tuple[Finding, ...]
    left_out: tuple[Finding, ...]


@dataclass(slots=True)
class _Work:
    ores: dict[tuple[Where, Stage, str], list[OreReport]] = field(default_factory=dict)
    grades: dict[tuple[Where, str], list[MetalReport]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    chains: int = 0
    wrong: list[Finding] = field(default_factory=list)
    left_out: list[Finding] = field(default_factory=list)


def replay_production(
    ores: Iterable[OreReport],
    metals: Sequence[MetalReport],
    processes: Iterable[ProcessReport] = (),
) -> Production:
    """Put production reports together to movements and replay them.

    Args:
        ores: Masses of ore processed and of concentrate made.
        metals: What was recovered from ore, or is contained in concentrate. Each gives one chain,
            or one finding in `left_out`.
        processes: Inputs and outputs of smelters and refineries; only their masses are checked.
    """
    work = _Work()
    for ore in ores:
        work.ores.setdefault((ore.where, ore.stage, _plain(ore.name)), []).append(ore)
    for metal in metals:
        if metal.stage is Stage.ORE and metal.grade is not None:
            work.grades.setdefault((metal.where, _plain(metal.metal)), []).append(metal)
    for number, metal in enumerate(metals, start=1):
        _put_together(work, metal, f"metal-{number}")
    for number, process in enumerate(processes, start=1):
        work.rows += _process(process, f"process-{number}")
        work.chains += 1
    result = replay(work.rows)
    return Production(
        rows=tuple(work.rows),
        replay=result,
        chains=work.chains,
        imbalances=(*result.findings, *work.wrong),
        left_out=tuple(work.left_out),
    )


def _put_together(work: _Work, metal: MetalReport, name: str) -> None:
    refused = _left_out(work, metal)
    if refused is not None:
        work.left_out.append(refused)
        return
    source = work.ores[metal.where, metal.stage, _plain(metal.ore)][0]
    mass_mg, grade = metal.mass_mg or 0, metal.grade or Fraction(0)
    content_mg = source.mass_mg * grade // 1
    upstream: tuple[OreReport, int] | None
    if metal.stage is Stage.ORE:
        work.wrong += _recovery(metal, Fraction(mass_mg, content_mg))
        made = _Lot(name, metal.metal, mass_mg, mass_mg)
        upstream = (source, content_mg)
    else:
        work.wrong += _content(metal, source, content_mg)
        made = _Lot(name, source.name, source.mass_mg, mass_mg)
        upstream = _ore_of(work, metal)
    if upstream is None:
        work.rows.append(_produced(source, made))
    else:
        ore, ore_content = upstream
        taken = _Lot(f"{name}-ore", ore.name, ore.mass_mg, ore_content)
        work.rows += [_produced(ore, taken), *_transformed(metal.where, metal.at, taken, made)]
    work.chains += 1


def _left_out(work: _Work, metal: MetalReport) -> Finding | None:
    """Say why a line cannot be put together with another; None if it can."""
    facts = {"facility": metal.where.facility, "year": str(metal.where.year), "metal": metal.metal}

    def because(rule: Rule, **more: str) -> Finding:
        return Finding(rule, {**facts, **more}, metal.at)

    if metal.mass_mg is None:
        return because(rules.QUANTITY_IS_REPORTED, value="none")
    found = work.ores.get((metal.where, metal.stage, _plain(metal.ore)), [])
    if len(found) != 1:
        return because(rules.ORE_IS_REPORTED_ONCE, ore=metal.ore or "none", lines=str(len(found)))
    if found[0].share != metal.share:
        shares = f"{share_12_text(found[0].share)} and {share_12_text(metal.share)}"
        return because(rules.SHARES_AGREE, shares=shares)
    if metal.grade is None or not found[0].mass_mg * metal.grade // 1:
        return because(rules.GRADE_IS_A_SHARE)
    if metal.stage is Stage.CONCENTRATE and metal.mass_mg > found[0].mass_mg:
        content = f"{metal.mass_mg} mg in {found[0].mass_mg} mg"
        return because(rules.CONCENTRATE_HOLDS_ITS_METAL, content=content)
    return None


def _ore_of(work: _Work, metal: MetalReport) -> tuple[OreReport, int] | None:
    """Find the one ore of which a concentrate was made, with its content of the metal."""
    found: dict[str, tuple[OreReport, int]] = {}
    for line in work.grades.get((metal.where, _plain(metal.metal)), []):
        ores = work.ores.get((metal.where, Stage.ORE, _plain(line.ore)), [])
        if len(ores) == 1 and ores[0].share == metal.share and line.grade is not None:
            content_mg = ores[0].mass_mg * line.grade // 1
            if content_mg:
                found[_plain(line.ore)] = (ores[0], content_mg)
    return next(iter(found.values())) if len(found) == 1 else None


def _recovery(metal: MetalReport, computed: Fraction) -> Iterator[Finding]:
    facts = {
        "facility": metal.where.facility,
        "year": str(metal.where.year),
        "metal": metal.metal,
        "computed": share_12_text(computed),
    }
    if metal.recovery is None:
        return
    facts["reported"] = share_12_text(metal.recovery)
    if not 0 < metal.recovery <= 1:
        yield Finding(rules.RECOVERY_IS_A_SHARE, facts, metal.at)
    elif abs(computed - metal.recovery) > RECOVERY_TOLERANCE:
        yield Finding(rules.RECOVERY_AGREES, facts, metal.at)


def _content(metal: MetalReport, source: OreReport, content_mg: int) -> Iterator[Finding]:
    mass_mg = metal.mass_mg or 0
    if abs(mass_mg - content_mg) > CONTENT_TOLERANCE * content_mg:
        facts = {
            "facility": metal.where.facility,
            "year": str(metal.where.year),
            "metal": metal.metal,
            "concentrate": source.name,
            "reported": f"{mass_mg} mg",
            "computed": f"{content_mg} mg",
        }
        yield Finding(rules.CONCENTRATE_HOLDS_ITS_METAL, facts, metal.at)


class _Lot(NamedTuple):
    id: str
    material: str
    mass_mg: int
    content_mg: int


class _Event(NamedTuple):
    id: str
    kind: Kind
    where: Where
    at: Place

    def row(self, side: Side, lot: _Lot) -> Row:
        return Row(
            event=self.id,
            at=datetime.datetime(self.where.year, 12, 31, tzinfo=datetime.UTC),
            kind=self.kind,
            site=_name(self.where.facility),
            entity=_name(self.where.facility),
            lot=lot.id,
            side=side,
            material=_name(lot.material),
            mass_mg=lot.mass_mg,
            content_mg=lot.content_mg,
            note=" ".join(f"{self.where.part} {self.where.mining}".split()),
            place=self.at,
        )


def _process(process: ProcessReport, name: str) -> Iterator[Row]:
    taken = _Lot(f"{name}-in", process.input, process.input_mg, process.input_mg)
    made = _Lot(name, process.output, process.output_mg, process.output_mg)
    yield _Event(taken.id, Kind.PURCHASE, process.where, process.at).row(Side.OUT, taken)
    yield from _transformed(process.where, process.at, taken, made)


def _produced(ore: OreReport, lot: _Lot) -> Row:
    return _Event(lot.id, Kind.PRODUCE, ore.where, ore.at).row(Side.OUT, lot)


def _transformed(where: Where, at: Place, taken: _Lot, made: _Lot) -> Iterator[Row]:
    event = _Event(f"{made.id}-made", Kind.TRANSFORM, where, at)
    yield event.row(Side.IN, taken)
    yield event.row(Side.OUT, made)


def _name(text: str) -> str:
    return " ".join(text.split())[:_NAME_LENGTH].strip() or "(no name)"


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def production_as_dict(one: Production) -> dict[str, object]:
    """Give the result for programs: numbers that carry meaning as texts, findings in full."""
    return {
        "chains": one.chains,
        "events": len(one.replay.events),
        "losses": [
            {
                "event": loss.event,
                "facility": loss.site,
                "mass_mg": str(loss.mass_mg),
                "content_mg": str(loss.content_mg),
            }
            for loss in one.replay.process_losses
        ],
        "imbalances": [finding.as_dict() for finding in one.imbalances],
        "left_out": [finding.as_dict() for finding in one.left_out],
    }
