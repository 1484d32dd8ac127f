"""Made-up supply chains of any size, for measuring how material is traced through them.

Twelve levels from mine to product, 300 mines of which few give most, 60 to 2,000 sites a level with
two to six suppliers each, mostly nearby; lots are blends of 2 to 40 or pass through, and some uses skip a
level. Lots are numbered as they arrive, so that what goes in has a smaller number than what comes out.
Everything follows from the seed. Masses are whole milligrams, and no lot gives more than it has.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from stannary.core.custody import Kind, Side
from stannary.engines.provenance import KIND, SIDE, Movements, Texts

Numbers = NDArray[Any]

MINES = 300
SITES = (300, 300, 200, 200, 60, 60, 40, 40, 500, 500, 2000, 2000)
PARTS = (0.14, 0.10, 0.06, 0.06, 0.04, 0.05, 0.04, 0.07, 0.09, 0.11, 0.12, 0.12)
BLENDED = (0.0, 0.05, 1.0, 0.05, 1.0, 0.05, 1.0, 0.05, 1.0, 0.05, 1.0, 0.50)
INPUTS = (0, 2, 6, 2, 8, 2, 6, 2, 5, 2, 4, 3)
SAME_SITE = (False, True) * 6
LEAST = 1.01
"""Lots that go into a blend beside the first, on average, at least."""
SKIPPED = 0.08
SPAN, LAG = 1000.0, 12.0
MINED_MG = 10**16
START = int(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC).timestamp() * 10**6)
WIDE = 10
"""Digits of a lot's id."""


class Supply(NamedTuple):
    """Lots in the order in which they arrive, and the uses that they are made of.

    Attributes:
        first: Where the uses of a lot begin, and one more.
        source: Lot that is used; `mass` what is taken of it.
        made: Mass of each lot.
        site: Of each lot, at its level; the mine for lots of level 0.
    """

    first: Numbers
    source: Numbers
    mass: Numbers
    made: Numbers
    level: Numbers
    site: Numbers

    @property
    def lots(self) -> int:
        """How many lots there are."""
        return len(self.level)

    @property
    def edges(self) -> int:
        """How many uses there are."""
        return len(self.source)

    @property
    def target(self) -> Numbers:
        """Give the lot that each use goes into."""
        return np.repeat(np.arange(self.lots, dtype=np.int64), np.diff(self.first))

    @property
    def weight(self) -> Numbers:
        """Give each use as a part of what goes into its lot."""
        whole = np.add.reduceat(self.mass, self.first[:-1][np.diff(self.first) > 0])
        parts: Numbers = self.mass / np.repeat(whole, np.diff(self.first)[np.diff(self.first) > 0])
        return parts

    @property
    def mine(self) -> Numbers:
        """Give the mine of a mined lot, -1 for others."""
        return np.where(self.level == 0, self.site, -1).astype(np.int16)


def supply(edges: int, *, seed: int = 1, mixing: float = 1.0) -> Supply:
    """Make a chain of about so many uses.

    Args:
        edges: About how many uses.
        seed: What everything follows from.
        mixing: How many more lots go into a blend beside the first than usual; 0.5: half as many.
    """
    random = np.random.default_rng(seed)
    parts = np.array(PARTS) / sum(PARTS)
    blend = [1 + (m - 1) * mixing for m in INPUTS]
    inputs = [
        b * m + (1 - b) if n else 0.0 for n, (b, m) in enumerate(zip(BLENDED, blend, strict=True))
    ]
    lots = edges / float((parts * np.array(inputs)).sum())
    many = np.maximum((parts * lots).astype(np.int64), SITES)
    base = np.concatenate([[0], np.cumsum(many)])
    levels = [_sites(level, int(many[level])) for level in range(len(SITES))]
    froms, tos = [], []
    for level in range(1, len(SITES)):
        source, target = _uses(random, level, levels, base, max(blend[level] - 1, LEAST))
        froms.append(source)
        tos.append(target + base[level])
    source, target = np.concatenate(froms), np.concatenate(tos)
    times = _after_inputs(np.concatenate([x[1] for x in levels]), source, target, base)
    order = np.argsort(times, kind="stable")
    place = np.empty(len(order), np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    source, target = place[source], place[target]
    by_target = np.argsort(target, kind="stable")
    first = np.zeros(len(order) + 1, np.int64)
    np.cumsum(np.bincount(target, minlength=len(order)), out=first[1:])
    level_of = np.repeat(np.arange(len(SITES), dtype=np.uint8), many)[order]
    site = np.concatenate([x[0] for x in levels])[order]
    source = source[by_target]
    wish = random.integers(100, 50_000, len(source)).astype(np.float64)
    mass, made = _masses(first, source, wish)
    return Supply(first, source, mass, made, level_of, site)


def _sites(level: int, many: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Deal the lots of a level to its sites; give site and time, and where each site's lots lie."""
    sites = SITES[level]
    weights = 1 / np.arange(1, sites + 1) ** 0.7
    weights = weights[np.random.default_rng(100 + level // 2).permutation(sites)]
    counts = np.maximum((weights / weights.sum() * many).astype(np.int64), 1)
    counts[np.argmax(counts)] += many - counts.sum()
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    site = np.repeat(np.arange(sites, dtype=np.int32), counts)
    when = (np.arange(many) - starts[site] + 0.5) / counts[site] * SPAN + level * LAG
    return site, when, starts, counts


def _uses(
    random: np.random.Generator,
    level: int,
    levels: Sequence[tuple[Numbers, ...]],
    base: Numbers,
    more: float,
) -> tuple[Numbers, Numbers]:
    """Choose what the lots of a level are made of: lot used, and place of the lot in its level.

    A blend has one input, and `more` on average.
    """
    site, when = levels[level][:2]
    blends = random.random(len(site)) < BLENDED[level]
    many = np.ones(len(site), np.int64)
    drawn = random.geometric(1 / more, int(blends.sum()))
    many[blends] = np.minimum(1 + drawn, 40)
    target = np.repeat(np.arange(len(site)), many)
    skips = (random.random(len(target)) < SKIPPED) & (level >= 2)
    source = np.empty(len(target), np.int64)
    for from_, which in ((level - 1, ~skips), (level - 2, skips)):
        if not which.any():
            continue
        those = target[which]
        supplier = _suppliers(random, level, from_, site[those].astype(np.int64))
        _, _, starts, counts = levels[from_]
        there = counts[supplier]
        elapsed = (when[those] - level * LAG) / SPAN
        back = random.geometric(0.25, len(those)) - 1
        place = np.maximum(np.floor(elapsed * there).astype(np.int64) - 1 - back, 0)
        source[which] = base[from_] + starts[supplier] + place
    return source, target


def _suppliers(random: np.random.Generator, level: int, from_: int, site: Numbers) -> Numbers:
    """Choose a supplier from the fixed few that each site has."""
    sites = SITES[from_]
    if SAME_SITE[level] and from_ == level - 1:
        same: Numbers = site % sites
        return same
    few = 2 + site * 2654435761 % 5
    which = np.minimum((random.random(len(site)) ** 2 * few).astype(np.int64), few - 1)
    mixed = ((site * 1000003 + which * 7919 + from_ * 104729 + 12345) * 2654435761) & 0xFFFFFFFF
    unit = mixed / 2**32
    near = site * sites // SITES[level] + ((unit * 2 - 1) * max(3, sites // 12)).astype(np.int64)
    far = (unit**1.6 * sites).astype(np.int64)
    chosen: Numbers = np.where((mixed >> 3) % 10 < 1, far, np.clip(near, 0, sites - 1))
    return chosen


def _after_inputs(times: Numbers, source: Numbers, target: Numbers, base: Numbers) -> Numbers:
    """Put every lot after what it is made of, level by level."""
    bounds = np.searchsorted(target, base)
    for level in range(1, len(SITES)):
        part = slice(bounds[level], bounds[level + 1])
        those, first = np.unique(target[part], return_index=True)
        latest = np.maximum.reduceat(times[source[part]], first)
        times[those] = np.maximum(times[those], latest + 1e-6)
    return times


@numba.njit(cache=True)
def _masses(first: Numbers, source: Numbers, wish: Numbers) -> tuple[Numbers, Numbers]:
    """Divide what each lot has among its uses, whole milligrams, in the order of arrival."""
    lots = first.shape[0] - 1
    wished = np.zeros(lots)
    for edge in range(source.shape[0]):
        wished[source[edge]] += wish[edge]
    mass, made = np.empty(source.shape[0], np.int64), np.empty(lots, np.int64)
    for lot in range(lots):
        total = 0
        for edge in range(first[lot], first[lot + 1]):
            from_ = source[edge]
            mass[edge] = max(1, int(0.999999 * made[from_] * (wish[edge] / wished[from_])))
            total += mass[edge]
        made[lot] = total or MINED_MG
    return mass, made


def batches(graph: Supply, *, lots: int = 250_000) -> Iterator[Movements]:
    """Write a chain as movements, so many lots at a time: a lot is what one event makes."""
    for begin in range(0, graph.lots, lots):
        yield movements(graph, begin, min(begin + lots, graph.lots))


def movements(graph: Supply, begin: int, end: int) -> Movements:
    """Write some lots as movements: the rows of what goes in, then the row of what comes out."""
    first, last = int(graph.first[begin]), int(graph.first[end])
    uses = np.diff(graph.first[begin : end + 1])
    ends = np.cumsum(uses + 1)
    made = ends - 1
    rows = int(ends[-1])
    target = np.repeat(np.arange(begin, end), uses + 1)
    out = np.zeros(rows, bool)
    out[made] = True
    lot, mass = np.empty(rows, np.int64), np.empty(rows, np.int64)
    lot[made], mass[made] = np.arange(begin, end), graph.made[begin:end]
    lot[~out], mass[~out] = graph.source[first:last], graph.mass[first:last]
    mined = graph.level[target] == 0
    site = graph.site[target] + 10_000 * graph.level[target].astype(np.int64)
    return Movements(
        event=ids("E", target),
        at=START + target * 10**6,
        offset=np.zeros(rows, np.int16),
        kind=np.where(mined, KIND[Kind.PRODUCE], KIND[Kind.TRANSFORM]).astype(np.uint8),
        side=np.where(out, SIDE[Side.OUT], SIDE[Side.IN]).astype(np.uint8),
        site=ids("S", site),
        entity=ids("O", site),
        lot=ids("L", lot),
        mass=mass,
        content=mass,
        model=np.full(rows, -1, np.int8),
        attestation=ids("A", np.where(mined, site, 99_999)),
        file="made-up",
    )


def ids(letter: str, numbers: Numbers) -> Texts:
    """Give ids of one letter and ten digits."""
    table = np.empty((len(numbers), WIDE + 1), np.uint8)
    table[:, 0] = ord(letter)
    rest = numbers.astype(np.int64)
    for place in range(WIDE, 0, -1):
        rest, digit = np.divmod(rest, 10)
        table[:, place] = digit + ord("0")
    blob = np.concatenate([table.ravel(), np.zeros(8, np.uint8)])
    return Texts(blob, np.arange(len(numbers) + 1, dtype=np.int64) * (WIDE + 1))
