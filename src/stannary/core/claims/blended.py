"""What a site blended in a period, and which share of it comes from sites at a level.

It is measured over batches, and says nothing of a single lot: what is said of a lot is a claim.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims.claims import supported_share
from stannary.core.claims.counting import BY_PRODUCTION, Counting
from stannary.core.custody import (
    DEFAULT_RULES,
    Amounts,
    BalancePeriod,
    Blend,
    CustodyRules,
    Event,
    Kind,
    Model,
    Row,
    share_of_site,
)
from stannary.core.custody.elements import OVER_ACCOUNTS
from stannary.core.provenance import Trace, chain_of, trace_in
from stannary.core.standards import Edition


@dataclass(frozen=True, slots=True)
class Batch:
    """A controlled blend, as far as its site did not blend it again in the same period.

    Attributes:
        made: The row that made it.
        trace: Of what it is made.
        left_mg: Content that did not go into a later batch of the site and period, above 0.
    """

    made: Row
    trace: Trace
    left_mg: int


@dataclass(frozen=True, slots=True)
class Blended:
    """What an entity blended under control at a site in a period.

    Attributes:
        batches: In the order in which they were made.
        made: Every batch that was made, also those that went whole into a later one.
    """

    site: str
    period: BalancePeriod
    batches: tuple[Batch, ...]
    made: tuple[Row, ...] = ()

    @property
    def content_mg(self) -> int:
        """All content that was blended, each milligram once."""
        return sum(one.left_mg for one in self.batches)

    @property
    def sha256(self) -> str:
        """Digest of the list of blends; see `blends_text`."""
        return hashlib.sha256(blends_text(self.made).encode()).hexdigest()

    def of(self, material: str) -> "Blended":
        """Give the batches of one material alone; what was made is still the whole list."""
        those = tuple(one for one in self.batches if one.made.material == material)
        return replace(self, batches=those)

    def share_at(
        self,
        achievements: Mapping[str, Achievement],
        edition: Edition,
        level: str,
        *,
        given: Mapping[str, Amounts] | None = None,
        counting: Counting = BY_PRODUCTION,
    ) -> Fraction | None:
        """Give the share of all of it from sites at a level or better; None if nothing was blended.

        Args:
            achievements: By id, as the mined lots name them.
            edition: The standard whose level is meant.
            level: Code of the level.
            given: What the books let be said of each batch, by lot; it bounds the share of each, and
                a batch that is not named has nothing. None: no books are kept.
            counting: Of which day levels count, and whether the lowest counts for all of a mix.
        """
        blends = []
        for one in self.batches:
            carried = None if given is None else given.get(one.made.lot, {})
            counts = supported_share(
                one.trace, achievements, edition, level, carried=carried, counting=counting
            )
            blend = Blend(
                one.made.lot, one.made.site, one.made.at, int(counts * one.left_mg), one.left_mg
            )
            blends.append(blend)
        return share_of_site(blends, self.site, self.period)


def blended_by(
    events: Iterable[Event],
    traces: Mapping[str, Trace],
    *,
    entity: str,
    site: str,
    period: BalancePeriod,
) -> Blended:
    """Pick what an entity blended under control at a site in a period, each content once.

    A batch of which the site made another one counts with what is left of it: else whoever works
    the same material twice would count it twice. Parts of a batch that was split count instead of it.

    Args:
        events: Those of the site, at least, in the order of replay.
        traces: Of the lots that the entity made there out of others; one without counts for nothing.
        entity: Who blended; a like id of somebody else is another place.
        site: Where.
        period: When.
    """
    blends = {name for name, one in traces.items() if one.model is Model.CONTROLLED_BLENDING}
    made: dict[str, Row] = {}
    used: Counter[str] = Counter()
    for event in events:
        own = event.entity == entity and period.holds(event.at.date())
        if not own or not event.kind.is_change:
            continue
        batches = [row for row in event.outputs if row.site == site and row.lot in blends]
        again = event.kind is Kind.SPLIT and all(row.lot in made for row in event.inputs)
        if not batches or not (again or event.kind in OVER_ACCOUNTS):
            continue
        made |= {row.lot: row for row in batches}
        for row in event.inputs:
            used[row.lot] += row.content_mg
    left = {name: row.content_mg - used[name] for name, row in made.items()}
    return Blended(
        site,
        period,
        tuple(Batch(row, traces[name], left[name]) for name, row in made.items() if left[name] > 0),
        tuple(made.values()),
    )


def blends_text(made: Iterable[Row]) -> str:
    r"""Write the list of blends, so that anybody who has the same list comes to the same digest.

    One line for each batch, sorted, each ended by a line feed: event, instant in UTC, lot, material,
    mass and content in milligrams, with tabulators in between.
    """
    lines = sorted(
        "\t".join(
            (
                row.event,
                row.at.astimezone(datetime.UTC).isoformat(),
                row.lot,
                row.material,
                str(row.mass_mg),
                str(row.content_mg),
            )
        )
        for row in made
    )
    return "".join(f"{line}\n" for line in lines)


def blended_in(
    events: Sequence[Event],
    *,
    entity: str,
    site: str,
    period: BalancePeriod,
    rules: CustodyRules = DEFAULT_RULES,
) -> Blended:
    """Trace what an entity made at a site in a period, and pick what it blended under control.

    Args:
        events: The batches with all that they are made of, at least, in the order of replay.
        entity: As for `blended_by`.
        site: Where.
        period: When.
        rules: The constants of the pack.

    Raises:
        RefusalError: With every defect of lots and masses.
    """
    chain = chain_of(events, rules)
    there = made_there(events, entity=entity, site=site, period=period)
    traces = {lot: trace_in(chain, lot) for lot in there}
    return blended_by(events, traces, entity=entity, site=site, period=period)


def made_there(
    events: Iterable[Event], *, entity: str, site: str, period: BalancePeriod
) -> tuple[str, ...]:
    """Name the lots that an entity made out of others at a site in a period, under any model."""
    return tuple(
        row.lot
        for event in events
        if event.entity == entity and event.kind.is_change and period.holds(event.at.date())
        for row in event.outputs
        if row.site == site
    )
