"""An engine that was asked everything at once, to be compared with another question by question."""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction

from stannary.core.custody import Kind, Row
from stannary.core.provenance import Carried, Shares, Source, Trace
from stannary.engines.spark import Spark


class AtOnce:
    """Holds the answers of a cluster: a job for each lot would take minutes."""

    def __init__(self, engine: Spark, rows: Sequence[Row]) -> None:
        made = [row for row in rows if row.kind.is_source or row.kind.is_change]
        mined = [row for row in rows if row.kind is Kind.PRODUCE]
        lots = sorted({row.lot for row in made if row.side == "out"})
        self.engine = engine
        self.traces = dict(zip(lots, engine.traces(lots), strict=True))
        self.sites = engine.forwards(sorted({row.site for row in mined}))
        self.attestations = engine.effects(sorted({row.attestation for row in mined}))

    def trace(self, lot_id: str, *, as_of: datetime.datetime | None = None) -> Trace:
        assert as_of is None
        return self.traces[lot_id]

    def forward(self, site: str, *, as_of: datetime.datetime | None = None) -> tuple[Carried, ...]:
        assert as_of is None
        return self.sites[site]

    def effect(
        self,
        attestation: str,
        *,
        since: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
    ) -> tuple[Carried, ...]:
        assert since is None
        assert as_of is None
        return self.attestations[attestation]

    def by_source(self) -> Mapping[str, Shares]:
        return self.engine.by_source()

    def by_class(self, class_of: Mapping[Source, str]) -> Mapping[str, Mapping[str, Fraction]]:
        return self.engine.by_class(class_of)
