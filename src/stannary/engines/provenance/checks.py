"""Whether a batch may be appended: the same codes, facts and places as core tells.

Rules: CUSTODY-001 to CUSTODY-011, CUSTODY-017 and CUSTODY-019.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple, cast

import numpy as np

from stannary.core.custody import CustodyRules, Event, Side
from stannary.core.custody import rules as codes
from stannary.core.custody.circles import circles
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.kernel import Finding, Place, RefusalError, Rule
from stannary.engines.provenance import accounts
from stannary.engines.provenance.compiling import Numbers, chosen
from stannary.engines.provenance.movements import KINDS, SIDE, Batch

_IN, _OUT = SIDE[Side.IN], SIDE[Side.OUT]
_NAMED = 8


@dataclass(frozen=True, eq=False)
class Known:
    """What is known already of the lots of a batch, by their numbers in it.

    Attributes:
        number: Of the lot in the log; -1 if it is new.
        at: When it was made.
        maker: Gives the event that made a lot and when it was, for messages.
    """

    number: Numbers
    at: Numbers
    mass_left: Numbers
    content_left: Numbers
    maker: Callable[[int], tuple[str, str]]


class Left(NamedTuple):
    """What is left of the lots of a batch after it."""

    mass: Numbers
    content: Numbers


def check(
    batch: Batch,
    known: Known,
    rules: CustodyRules,
    *,
    fast: bool,
    refused: frozenset[str] = LOT_AND_MASS_CODES,
) -> Left:
    """Check a batch against what is known.

    Args:
        batch: The batch.
        known: What is known of its lots.
        rules: The constants of a custody pack.
        fast: Whether to use numba where it is installed.
        refused: Codes of the defects that are looked at; a correction is refused in any case.

    Raises:
        RefusalError: With every defect that is looked at, in the order of replay.
    """
    rows = batch.movements
    side, mass, content = (x[batch.row] for x in (rows.side, rows.mass, rows.content))
    firsts = batch.row[batch.begins[:-1]]
    at, does = rows.at[firsts], accounts.DOES[rows.kind[firsts]]
    maker = np.where(known.number >= 0, accounts.FROM_LOG, accounts.UNKNOWN)
    left = Left(known.mass_left.copy(), known.content_left.copy())
    found = accounts.room_for(len(rows), len(does))
    make, look, count = (
        chosen(x, fast=fast) for x in (accounts.make, accounts.look, accounts.count)
    )
    many = make(batch.begins, does, side, batch.lot, mass, content, maker, *left, found)
    many = look(batch.begins, at, does, side, batch.lot, maker, known.at, found, many)
    factor = rules.transform_mass_factor_max
    pair = (factor.numerator, factor.denominator)
    most = pair if max(pair) < accounts.MANY else (0, 0)
    many = count(
        batch.begins, does, side, batch.lot, mass, content, maker, *left, most, found, many
    )
    if many:
        told = _Teller(batch, known, rules, maker, side).findings(found[:many].tolist())
        always = codes.CREDITS_ARE_NOT_REPLAYED.code
        findings = [one for one in told if one.code in refused or one.code == always]
        if findings:
            raise RefusalError(*findings)
    return left


class _Teller:
    """Turns numbers into findings."""

    def __init__(
        self, batch: Batch, known: Known, rules: CustodyRules, maker: Numbers, side: Numbers
    ) -> None:
        self.batch, self.known, self.rules, self.maker = batch, known, rules, maker
        self.side = side
        self.rows = batch.movements

    def findings(self, found: list[list[int]]) -> list[Finding]:
        """Give the findings in the order of replay."""
        early = [x for x in found if x[0] == accounts.TOO_EARLY]
        rings = self._rings() if any(x[4] >= 0 for x in early) else ()
        ring_of = {event: number for number, ring in enumerate(rings) for event in ring}
        found += [
            [accounts.IN_CIRCLE, ring[0], accounts.RING, n, 0, 0] for n, ring in enumerate(rings)
        ]
        told = []
        for code, event, phase, row, a, b in found:
            if code == accounts.TOO_EARLY and event in ring_of and ring_of[event] == ring_of.get(a):
                continue
            if code == accounts.IN_CIRCLE:
                finding: Finding | None = self._circle(rings[row])
            elif phase == accounts.COUNT and code not in _OF_A_ROW:
                finding = self._change(code, event)
            else:
                finding = self._row(code, event, row, a, b)
            if finding is not None:
                told.append((event, phase, finding))
        return [finding for _, _, finding in sorted(told, key=lambda x: x[:2])]

    def _place(self, row: int, column: str) -> Place | None:
        return self.rows.place(int(self.batch.row[row]), column)

    def _row(self, code: int, event: int, row: int, a: int, b: int) -> Finding:
        facts = {"lot": self.batch.lots.text(int(self.batch.lot[row]))}
        facts["event"] = self.batch.name(event)
        rule, column = _OF_A_ROW[code]
        at = int(self.batch.row[row])
        if code == accounts.MADE_TWICE:
            by = self._first_of(row) if a == accounts.FROM_LOG else self.batch.name(a)
            facts["made_by"] = by
        elif code == accounts.TOO_EARLY:
            by, when = self._maker(row, a)
            facts |= {"at": self.rows.time(at).isoformat(), "made_by": by, "made_at": when}
        elif code == accounts.MOVED:
            column = "content_mg" if b else "mass_mg"
            moved = self.rows.content if b else self.rows.mass
            facts |= {"field": column, "left": f"{a} mg", "moved": f"{moved[at]} mg"}
        elif code in (accounts.MASS, accounts.CONTENT):
            facts |= {"left": f"{a} mg", "used": f"{b} mg"}
        elif code == accounts.REST:
            facts |= {"mass_left": f"{a} mg", "content_left": f"{b} mg"}
        elif code == accounts.CORRECTION:
            facts = {"event": self.batch.name(event), "kind": KINDS[self.rows.kind[at]].value}
            ends = range(row, int(self.batch.begins[event + 1]))
            first = min(ends, key=lambda n: (self.side[n], n))
            return Finding(rule, facts, self._bare(self._place(first, "")))
        return Finding(rule, facts, self._place(row, column))

    def _bare(self, place: Place | None) -> Place | None:
        return None if place is None else Place(place.file, place.line)

    def _first_of(self, row: int) -> str:
        return self.known.maker(int(self.known.number[self.batch.lot[row]]))[0]

    def _maker(self, row: int, by: int) -> tuple[str, str]:
        if by == accounts.FROM_LOG:
            return self.known.maker(int(self.known.number[self.batch.lot[row]]))
        return self.batch.name(by), self.rows.time(self.batch.first(by)).isoformat()

    def _change(self, code: int, event: int) -> Finding | None:
        begin, end = int(self.batch.begins[event]), int(self.batch.begins[event + 1])
        ins = [row for row in range(begin, end) if self.side[row] == _IN]
        outs = [row for row in range(begin, end) if self.side[row] == _OUT]
        place = self._bare(self._place((outs or ins)[0], ""))
        facts = {"event": self.batch.name(event)}
        if code == accounts.ONE_SIDED:
            facts["kind"] = KINDS[self.rows.kind[self.batch.first(event)]].value
            facts["missing_side"] = "out" if ins else "in"
            return Finding(codes.EVENT_HAS_BOTH_SIDES, facts, place)
        of_mass = code in (accounts.UNEVEN_MASS, accounts.FACTOR)
        values, name = (self.rows.mass, "mass") if of_mass else (self.rows.content, "content")
        went_in, came_out = (
            sum(int(values[self.batch.row[row]]) for row in rows) for rows in (ins, outs)
        )
        facts |= {f"{name}_in": f"{went_in} mg", f"{name}_out": f"{came_out} mg"}
        rule = codes.PARTS_ADD_UP
        if code == accounts.MORE_CONTENT:
            rule = codes.TRANSFORM_MAKES_NO_CONTENT
        elif code == accounts.FACTOR:
            factor = self.rules.transform_mass_factor_max
            if came_out * factor.denominator <= went_in * factor.numerator:
                return None
            facts["factor"] = str(factor)
            rule = codes.TRANSFORM_MASS_WITHIN_FACTOR
        return Finding(rule, facts, place)

    def _rings(self) -> tuple[tuple[int, ...], ...]:
        """Find circles of events with core's own search, which needs kinds and inputs only."""
        batch = self.batch
        inputs: list[list[SimpleNamespace]] = [[] for _ in range(len(batch.begins) - 1)]
        for row in np.flatnonzero(self.side == _IN).tolist():
            inputs[int(batch.event[row])].append(SimpleNamespace(lot=int(batch.lot[row])))
        events = [
            SimpleNamespace(kind=KINDS[self.rows.kind[batch.first(event)]], inputs=rows)
            for event, rows in enumerate(inputs)
        ]
        maker = {lot: event for lot, event in enumerate(self.maker.tolist()) if event >= 0}
        return circles(cast("Sequence[Event]", events), cast("dict[str, int]", maker))

    def _circle(self, ring: Sequence[int]) -> Finding:
        names = [self.batch.name(event) for event in ring[:_NAMED]]
        facts = {"events": ", ".join(names) + (", …" if len(ring) > _NAMED else "")}
        begin, end = int(self.batch.begins[ring[0]]), int(self.batch.begins[ring[0] + 1])
        row = next(row for row in range(begin, end) if self.side[row] == _IN)
        return Finding(codes.NO_LOT_MAKES_ITSELF, facts, self._place(row, "lot"))


_OF_A_ROW: dict[int, tuple[Rule, str]] = {
    accounts.MADE_TWICE: (codes.LOT_IS_MADE_ONCE, "lot"),
    accounts.NEVER_MADE: (codes.LOT_WAS_MADE, "lot"),
    accounts.TOO_EARLY: (codes.LOT_EXISTS_BEFORE_USE, "at"),
    accounts.MASS: (codes.USE_STAYS_WITHIN_MASS, "mass_mg"),
    accounts.CONTENT: (codes.USE_STAYS_WITHIN_CONTENT, "content_mg"),
    accounts.MOVED: (codes.MOVE_KEEPS_MASS, ""),
    accounts.REST: (codes.REST_STAYS_POSSIBLE, "content_mg"),
    accounts.CORRECTION: (codes.CREDITS_ARE_NOT_REPLAYED, ""),
}
