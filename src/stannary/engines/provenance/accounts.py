"""The account of a batch: in one pass over its rows, everything that lots and masses must hold.

Rules: CUSTODY-001 to CUSTODY-011, CUSTODY-017 and CUSTODY-019, as in `stannary.core.custody`.
"""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

import numpy as np

from stannary.core.custody import Kind, Side
from stannary.engines.provenance.compiling import Numbers, compiled
from stannary.engines.provenance.movements import KINDS, SIDE

UNKNOWN, FROM_LOG = -1, -2
"""Instead of the event that made a lot: none did, or one that was appended earlier."""

MADE_TWICE, UNEVEN_MASS, NEVER_MADE, TOO_EARLY, IN_CIRCLE, MASS, CONTENT, MORE_CONTENT = range(1, 9)
FACTOR, ONE_SIDED, MOVED, UNEVEN_CONTENT, CORRECTION, REST = 9, 10, 11, 12, 17, 19
"""Numbers of the codes of custody, and 12 for the second finding of code 2."""

MANY = 2**14
"""Rows of an event, and the numerator and denominator of a factor, below which sums fit in 64 bits."""

FACTS = 6
"""Numbers of a finding: code, event, phase, row, and two that depend on the code."""

MAKE, LOOK, RING, ORDER, COUNT = range(5)
"""Phases: findings of one event are told in this order, and then in the order found."""

_OUT, _IN, _MOVE = SIDE[Side.OUT], SIDE[Side.IN], SIDE[Side.MOVE]

OTHER, CHANGE, TRANSFORM, CREDIT, CORRECT = range(5)
"""What the account does with an event: follow it, compare what goes in and comes out, pass it over."""


def _does(kind: Kind) -> int:
    if kind is Kind.TRANSFORM or kind is Kind.CORRECT:
        return TRANSFORM if kind is Kind.TRANSFORM else CORRECT
    return CHANGE if kind.is_change else CREDIT if kind.is_credit else OTHER


DOES = np.array([_does(kind) for kind in KINDS], np.uint8)
"""By place in `KINDS`."""


@compiled
def _tell(
    found: Numbers, many: int, code: int, event: int, phase: int, row: int, left: int, used: int
) -> int:
    found[many, 0], found[many, 1], found[many, 2] = code, event, phase
    found[many, 3], found[many, 4], found[many, 5] = row, left, used
    return many + 1


@compiled
def make(
    begins: Numbers,
    does: Numbers,
    side: Numbers,
    lot: Numbers,
    mass: Numbers,
    content: Numbers,
    maker: Numbers,
    mass_left: Numbers,
    content_left: Numbers,
    found: Numbers,
) -> int:
    """Note which event makes each lot, and what is in it; tell lots that were made before."""
    many = 0
    for event in range(does.shape[0]):
        if does[event] >= CREDIT:
            continue
        for row in range(begins[event], begins[event + 1]):
            if side[row] != _OUT:
                continue
            one = lot[row]
            if maker[one] != UNKNOWN:
                many = _tell(found, many, MADE_TWICE, event, MAKE, row, maker[one], 0)
                continue
            maker[one] = event
            mass_left[one] = mass[row]
            content_left[one] = content[row]
    return many


@compiled
def look(
    begins: Numbers,
    at: Numbers,
    does: Numbers,
    side: Numbers,
    lot: Numbers,
    maker: Numbers,
    made_at: Numbers,
    found: Numbers,
    many: int,
) -> int:
    """Tell lots that nobody made, and those that are used or moved before they are made."""
    for event in range(does.shape[0]):
        if does[event] >= CREDIT:
            continue
        for wanted in (_IN, _MOVE):
            for row in range(begins[event], begins[event + 1]):
                if side[row] != wanted:
                    continue
                by = maker[lot[row]]
                if by == UNKNOWN:
                    many = _tell(found, many, NEVER_MADE, event, LOOK, row, 0, 0)
                elif by >= event or (by == FROM_LOG and made_at[lot[row]] > at[event]):
                    many = _tell(found, many, TOO_EARLY, event, ORDER, row, by, 0)
    return many


@compiled
def _use(
    event: int,
    row: int,
    code: int,
    left: Numbers,
    lot: int,
    used: int,
    found: Numbers,
    many: int,
) -> int:
    rest = left[lot]
    if used > rest:
        many = _tell(found, many, code, event, COUNT, row, rest, used)
        left[lot] = 0
    else:
        left[lot] = rest - used
    return many


@compiled
def _compare(a: int, b: int, c: int, d: int) -> int:
    """Compare two sums that are kept as high and low halves: -1, 0 or 1."""
    a, b = a + (b >> 32), b & 0xFFFFFFFF
    c, d = c + (d >> 32), d & 0xFFFFFFFF
    if a != c:
        return 1 if a > c else -1
    return 0 if b == d else (1 if b > d else -1)


@compiled
def _conserve(
    event: int,
    does: int,
    begin: int,
    end: int,
    side: Numbers,
    mass: Numbers,
    content: Numbers,
    factor: tuple[int, int],
    found: Numbers,
    many: int,
) -> int:
    """Compare what goes into a change with what comes out; sums may be longer than 64 bits."""
    ins = outs = 0
    m_in = m_in_low = m_out = m_out_low = c_in = c_in_low = c_out = c_out_low = 0
    for row in range(begin, end):
        if side[row] == _IN:
            ins += 1
            m_in, m_in_low = m_in + (mass[row] >> 32), m_in_low + (mass[row] & 0xFFFFFFFF)
            c_in, c_in_low = c_in + (content[row] >> 32), c_in_low + (content[row] & 0xFFFFFFFF)
        else:
            outs += 1
            m_out, m_out_low = m_out + (mass[row] >> 32), m_out_low + (mass[row] & 0xFFFFFFFF)
            c_out, c_out_low = c_out + (content[row] >> 32), c_out_low + (content[row] & 0xFFFFFFFF)
    if ins == 0 or outs == 0:
        return int(_tell(found, many, ONE_SIDED, event, COUNT, begin, ins, outs))
    contents = _compare(c_out, c_out_low, c_in, c_in_low)
    if does == TRANSFORM:
        if contents > 0:
            many = _tell(found, many, MORE_CONTENT, event, COUNT, begin, 0, 0)
        most, each = factor
        if most and end - begin < MANY:
            heavy = _compare(m_out * each, m_out_low * each, m_in * most, m_in_low * most) > 0
        else:
            heavy = True  # whoever reads this looks exactly
        if heavy:
            many = _tell(found, many, FACTOR, event, COUNT, begin, 0, 0)
        return many
    if _compare(m_out, m_out_low, m_in, m_in_low):
        many = _tell(found, many, UNEVEN_MASS, event, COUNT, begin, 0, 0)
    if contents:
        many = _tell(found, many, UNEVEN_CONTENT, event, COUNT, begin, 0, 0)
    return many


@compiled
def count(
    begins: Numbers,
    does: Numbers,
    side: Numbers,
    lot: Numbers,
    mass: Numbers,
    content: Numbers,
    maker: Numbers,
    mass_left: Numbers,
    content_left: Numbers,
    factor: tuple[int, int],
    found: Numbers,
    many: int,
) -> int:
    """Follow what is left of each lot, event by event, and compare what goes in and comes out.

    A use beyond what is left takes what is left, so that one defect is told once.
    """
    for event in range(does.shape[0]):
        begin, end = begins[event], begins[event + 1]
        if does[event] >= CREDIT:
            if does[event] == CORRECT:
                many = _tell(found, many, CORRECTION, event, COUNT, begin, 0, 0)
            continue
        for row in range(begin, end):
            one = lot[row]
            if side[row] == _IN and maker[one] != UNKNOWN:
                free = max(0, mass_left[one] - content_left[one])
                if mass[row] - content[row] > free and mass[row] <= mass_left[one]:
                    heavy, rich = mass_left[one] - mass[row], content_left[one] - content[row]
                    many = _tell(found, many, REST, event, COUNT, row, heavy, rich)
                many = _use(event, row, MASS, mass_left, one, mass[row], found, many)
                many = _use(event, row, CONTENT, content_left, one, content[row], found, many)
        for row in range(begin, end):
            one = lot[row]
            if side[row] == _MOVE and maker[one] != UNKNOWN:
                if mass_left[one] != mass[row]:
                    left = mass_left[one]
                    many = _tell(found, many, MOVED, event, COUNT, row, left, 0)
                if content_left[one] != content[row]:
                    left = content_left[one]
                    many = _tell(found, many, MOVED, event, COUNT, row, left, 1)
        if does[event] == CHANGE or does[event] == TRANSFORM:
            many = _conserve(
                event, does[event], begin, end, side, mass, content, factor, found, many
            )
    return many


def room_for(rows: int, events: int) -> Numbers:
    """Give room for every finding that a batch can have; memory is only taken when it is filled."""
    return np.empty((4 * rows + 4 * events, FACTS), np.int64)
