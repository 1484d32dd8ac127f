"""The engine `spark`: the store of the engine `arrays`, asked by tasks on a cluster.

Rules: those of `stannary.engines.provenance.engine`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from stannary.core.custody import DEFAULT_RULES, CustodyRules
from stannary.core.provenance import Carried, Trace
from stannary.engines.provenance import Arrays, graph
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.spark.asking import Asking, Runner


class Spark(Arrays):
    """A store of movements that asks a cluster; see `stannary.core.provenance.Engine`.

    Movements are checked, numbered and kept by this process, as `Arrays` does; how many lots and events a
    lot is made of, and when, is told from what it keeps. Shares are worked out by tasks.

    Attributes:
        ask: Questions by number, with shares in double precision.
    """

    ask: Asking

    def __init__(
        self,
        runner: Runner,
        shared: Path,
        *,
        folder: Path | None = None,
        rules: CustodyRules = DEFAULT_RULES,
        segment: int = graph.SEGMENT,
        width: int = 0,
        blocks: int = 1,
    ) -> None:
        """Open a store.

        Args:
            runner: Who does tasks.
            shared: An existing folder that this process and all who do tasks see at the same place.
            folder: Where the store is kept; None keeps it in memory only.
            rules: The constants of a custody pack.
            segment: Nodes after which the open end is closed: a stretch of time.
            width: Pieces that a stretch is cut into at most; 0 for as many as tasks at once.
            blocks: In how many blocks origins are divided when all shares are asked for.

        Raises:
            RefusalError: ENGINE-004 if the log is damaged before its last batch.
        """
        super().__init__(folder, rules=rules, segment=segment)
        self.ask = Asking(self.graph, runner, shared, width=width, blocks=blocks)

    def traces(self, lot_ids: Sequence[str]) -> tuple[Trace, ...]:
        """Tell of what lots are made, all asked at once.

        Raises:
            RefusalError: TRACE-001 for the first that there is not.
        """
        with self.ask.remembering(lots=[self.number(lot) for lot in lot_ids]):
            return tuple(self.trace(lot) for lot in lot_ids)

    def forwards(self, sites: Sequence[str]) -> Mapping[str, tuple[Carried, ...]]:
        """List the lots that carry the material of each site, all asked at once.

        Raises:
            RefusalError: TRACE-002 for the first that produced nothing.
        """
        with self.ask.remembering(many=[self._sources("origin_site", site) for site in sites]):
            return {site: self.forward(site) for site in sites}

    def effects(self, attestations: Sequence[str]) -> Mapping[str, tuple[Carried, ...]]:
        """List the lots that carry material under each attestation, all asked at once.

        Raises:
            RefusalError: TRACE-005 for the first under which nothing was produced.
        """
        column = "origin_attestation"
        with self.ask.remembering(many=[self._sources(column, one) for one in attestations]):
            return {one: self.effect(one) for one in attestations}

    def _sources(self, column: str, text: str) -> Numbers:
        """Give the nodes of the sources that a site or an attestation stands for."""
        origins = self._origins(column, text)
        return np.flatnonzero(np.isin(self.graph["node"][:-1, 1], origins + 1))
