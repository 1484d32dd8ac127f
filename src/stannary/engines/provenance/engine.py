"""The engine `arrays`: the same answers as the exact one within 1e-9, for millions of lots.

Rules: TRACE-001, TRACE-002, TRACE-005, ENGINE-004, ENGINE-005; CUSTODY codes for movements.
"""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from stannary.core.custody import DEFAULT_RULES, CustodyRules, Kind, Row
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.kernel import Finding, RefusalError, largest_remainder, refuse
from stannary.core.provenance import (
    RECYCLED,
    UNKNOWN,
    Carried,
    Origin,
    Part,
    Shares,
    Source,
    Trace,
)
from stannary.core.provenance import rules as codes
from stannary.core.provenance.engine import in_classes
from stannary.engines import rules as engine_rules
from stannary.engines.provenance import graph as graphs
from stannary.engines.provenance.accepting import accepted, known_of
from stannary.engines.provenance.checks import check
from stannary.engines.provenance.compiling import Numbers, chosen
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.log import Log
from stannary.engines.provenance.loops import ancestors
from stannary.engines.provenance.movements import (
    MODELS,
    Movements,
    batch_of,
    instant,
    moment,
    movements_of,
)
from stannary.engines.provenance.questions import Questions

_SCALE = 2**256
"""Shares are turned into whole numbers of so many parts, so that they can add up to exactly 1."""

_DIGITS = 40
"""Origins whose shares agree in so many binary digits are ordered by name."""

_NEARLY = 4e-15
"""By how much of itself a share may be too small for having been added up in double precision."""


class Arrays:
    """A store of movements that answers at once; see `stannary.core.provenance.Engine`.

    Attributes:
        graph: The compositions.
        ask: Questions by number, with shares in double precision.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        rules: CustodyRules = DEFAULT_RULES,
        fast: bool = True,
        segment: int = graphs.SEGMENT,
        refused: frozenset[str] = LOT_AND_MASS_CODES,
    ) -> None:
        """Open a store.

        Args:
            folder: Where it is kept; None keeps it in memory only.
            rules: The constants of a custody pack.
            fast: Whether to use numba where it is installed.
            segment: Nodes after which the open end is closed.
            refused: Codes of the defects of lots and masses with which nothing is appended.

        Raises:
            RefusalError: ENGINE-004 if the log is damaged before its last batch.
        """
        self.rules, self.folder, self.refused = rules, folder, refused
        self.graph = Graph(folder, fast=fast, segment=segment)
        self.ask = Questions(self.graph)
        self._log: Log | None = None
        if folder is not None:
            batches, size = self.graph.load()
            self._log = Log(folder / "movements.log")
            for batch in self._log.read(size, batches):
                self.graph.apply(batch)
                self._keep()

    def __len__(self) -> int:
        return len(self.graph.lots)

    def append(self, rows: Sequence[Row] | Movements) -> int:
        """Check movements and append them: all of them or none. They count from then on.

        What is left of a lot is counted in the order in which movements are appended.

        Returns:
            How many lots they make.

        Raises:
            RefusalError: With every defect that is looked at: KERNEL-001, CUSTODY-027 to CUSTODY-029 for rows,
                CUSTODY-001 to CUSTODY-011, CUSTODY-017 and CUSTODY-019 for lots and masses,
                ENGINE-005 for events that are there already.
        """
        movements = rows if isinstance(rows, Movements) else movements_of(rows)
        if not len(movements):
            return 0
        fast = self.graph.fast
        batch = batch_of(movements, fast=fast)
        repeated = self.graph.events.find(movements.event)
        for row in np.flatnonzero(repeated >= 0)[:1].tolist():
            facts = {"event": movements.event.text(row)}
            at = movements.place(row, "event")
            raise RefusalError(Finding(engine_rules.EVENT_IS_APPENDED_ONCE, facts, at))
        known = known_of(batch, self.graph)
        check(batch, known, self.rules, fast=fast, refused=self.refused)
        new = accepted(batch, known.number, self.graph)
        if self._log is not None:
            self._log.append(new)
        self.graph.apply(new)
        self._keep()
        return len(new.mass)

    @property
    def batches(self) -> int:
        """How many batches the log holds; 0 for a store in memory."""
        return 0 if self._log is None else self._log.count

    def release(self) -> None:
        """Close the log; nothing more can be appended. All is kept already."""
        if self._log is not None:
            self._log.close()

    def number(self, lot_id: str, *, as_of: datetime.datetime | None = None) -> int:
        """Give the number of a lot.

        Raises:
            RefusalError: TRACE-001 if there is no such lot.
        """
        number = self.graph.lots.find_one(lot_id)
        if number < 0 or (as_of is not None and self._made(number) > instant(as_of)):
            refuse(codes.LOT_IS_IN_THE_FILE, lot=lot_id[:200])
        return number

    def trace(self, lot_id: str, *, as_of: datetime.datetime | None = None) -> Trace:
        """Tell of what a lot is made."""
        graph, lot = self.graph, self.number(lot_id, as_of=as_of)
        back = self.ask.back(lot, sources=True)
        sources = graph["lot_of"][back.sources]
        parts = _whole(back.amounts)
        total = sum(parts)
        grouped: dict[Source, list[tuple[int, int]]] = {}
        origins = graph["node"][back.sources, 1] - 1
        for source, part, origin in zip(sources.tolist(), parts, origins.tolist(), strict=True):
            grouped.setdefault(self.source(origin), []).append((source, part))
        sums = {source: sum(part for _, part in those) for source, those in grouped.items()}
        mines = [source for source in grouped if source.kind is Kind.PRODUCE]
        mines.sort(key=lambda x: (-_rough(sums[x]), x.site, x.attestation))
        rest = [Fraction(sums.get(x, 0), total) for x in (RECYCLED, UNKNOWN)]
        weights = [*(Fraction(sums[x], total) for x in mines), *rest]
        content = int(graph["content"][lot])
        contents = largest_remainder(content, weights)
        lots, events, rank = self.ancestors(lot)
        return Trace(
            lot=lot_id,
            content_mg=content,
            mass_mg=int(graph["mass"][lot]),
            model=MODELS[rank] if rank >= 0 else None,
            origins=tuple(
                self._origin(mine, grouped[mine], total, contents[n])
                for n, mine in enumerate(mines)
            ),
            recycled_share=rest[0],
            unknown_share=rest[1],
            lots=lots,
            events=events,
            depth=int(graph["depth"][graph["maker"][lot]]),
            recycled_mg=contents[-2],
            unknown_mg=contents[-1],
        )

    def forward(self, site: str, *, as_of: datetime.datetime | None = None) -> tuple[Carried, ...]:
        """List the lots that carry a site's material."""
        found = self._carried(self._origins("origin_site", site), None, as_of)
        if not found:
            refuse(codes.SITE_IS_IN_THE_FILE, site=site[:200])
        return found

    def effect(
        self,
        attestation: str,
        *,
        since: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
    ) -> tuple[Carried, ...]:
        """List the lots that carry material under an attestation."""
        origins = self._origins("origin_attestation", attestation)
        found = self._carried(origins, since, as_of)
        if not found:
            refuse(codes.ATTESTATION_IS_IN_THE_FILE, attestation=attestation[:200])
        return found

    def by_source(self) -> Mapping[str, Shares]:
        """Give what every lot is made of; for many lots see `ask.by_origin`."""
        graph, shares = self.graph, self.ask.by_origin()
        sources = [self.source(n) for n in range(graph.columns["origin_site"].count)]
        of_node: dict[int, Shares] = {}
        found: dict[str, Shares] = {}
        for lot in self._in_order(np.arange(len(self))).tolist():
            node = int(graph["node_of"][lot])
            if node not in of_node:
                origins, amounts = shares.of(node)
                parts = _whole(amounts)
                names = (sources[n] for n in origins.tolist())
                of_node[node] = dict(zip(names, _fractions(parts), strict=True))
            found[graph.lots.text(lot)] = of_node[node]
        return found

    def by_class(self, class_of: Mapping[Source, str]) -> Mapping[str, Mapping[str, Fraction]]:
        """Give the share of every class for every lot; for many lots see `ask.by_class`."""
        return {lot: in_classes(shares, class_of) for lot, shares in self.by_source().items()}

    def source(self, origin: int) -> Source:
        """Give the source that an origin stands for."""
        if origin in (graphs.RECYCLED, graphs.UNKNOWN):
            return RECYCLED if origin == graphs.RECYCLED else UNKNOWN
        site, attestation = (
            int(self.graph[x][origin]) for x in ("origin_site", "origin_attestation")
        )
        text = self.graph.texts.text
        return Source(Kind.PRODUCE, text(site), text(attestation))

    def classes(self, class_of: Mapping[Source, int], width: int) -> Numbers:
        """Give the class of every origin, as `ask.by_class` takes it; `width` for none."""
        origins = range(self.graph.columns["origin_site"].count)
        return np.array([class_of.get(self.source(n), width) for n in origins], np.int64)

    def time(self, lot: int) -> datetime.datetime:
        """Give when a lot was made."""
        return moment(self._made(lot), int(self.graph["offset"][lot]))

    def _keep(self) -> None:
        if self._log is not None and self.graph.closed == self.graph.nodes:
            self.graph.save(self._log.count, self._log.size)

    def _made(self, lot: int) -> int:
        return int(self.graph["at"][self.graph["maker"][lot]])

    def ancestors(self, lot: int) -> tuple[int, int, int]:
        """Give how many lots and events a lot is made of, and the rank of the weakest model, or -1."""
        graph = self.graph
        lots, events = len(graph.lots), len(graph.events)
        seen = np.zeros(lots, np.uint8), np.zeros(events, np.uint8)
        room = np.empty(lots, np.uint32), np.empty(events, np.uint32)
        columns = (graph[x] for x in ("maker", "begins", "used", "used_model", "model"))
        found = chosen(ancestors, fast=graph.fast)(lot, *columns, *seen, *room)
        return int(found[0]), int(found[1]), int(found[2])

    def _origin(
        self, mine: Source, parts: Sequence[tuple[int, int]], total: int, content: int
    ) -> Origin:
        text = self.graph.lots.text
        those = [Part(text(lot), self.time(lot), Fraction(part, total)) for lot, part in parts]
        those.sort(key=lambda part: (part.at, part.lot))
        return Origin(
            site=mine.site,
            attestation=mine.attestation,
            lot=those[0].lot if len(those) == 1 else None,
            at=those[0].at,
            share=Fraction(sum(part for _, part in parts), total),
            content_mg=content,
            parts=tuple(those),
        )

    def _origins(self, column: str, text: str) -> Numbers:
        """Give the origins that a site or an attestation stands for."""
        number = self.graph.texts.find_one(text)
        return np.flatnonzero(self.graph[column] == number)

    def _carried(
        self,
        origins: Numbers,
        since: datetime.datetime | None,
        as_of: datetime.datetime | None,
    ) -> tuple[Carried, ...]:
        lots, shares = self.carriers(origins, since=since, as_of=as_of)
        graph = self.graph
        contents = graph["content"][lots]
        entities = graph["entity"][lots]
        found = []
        columns = (x.tolist() for x in (lots, shares, contents, entities))
        for lot, share, content, entity in zip(*columns, strict=True):
            whole = min(int(share * (1 + _NEARLY) * content), content)
            exact = min(Fraction(share), Fraction(1))
            one = graph.lots.text(lot), graph.texts.text(entity), self.time(lot), exact, whole
            found.append(Carried(*one))
        return tuple(found)

    def carriers(
        self,
        origins: Numbers,
        *,
        since: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
    ) -> tuple[Numbers, Numbers]:
        """Give the lots that carry material of some origins, and their shares.

        Args:
            origins: Their numbers.
            since: Only material produced then or later counts; None for all.
            as_of: The last instant that counts.

        Returns:
            Numbers of lots in the order in which they were made, and the share of each.
        """
        graph = self.graph
        sources = np.flatnonzero(np.isin(graph["node"][:-1, 1], np.asarray(origins) + 1))
        made = graph["at"][graph["maker"][graph["lot_of"][sources]]]
        wanted = np.ones(len(sources), bool)
        if since is not None:
            wanted &= made >= instant(since)
        if as_of is not None:
            wanted &= made <= instant(as_of)
        if not wanted.any():
            return np.zeros(0, np.int64), np.zeros(0)
        carried = self.ask.forward(sources[wanted])[graph["node_of"]]
        lots = np.flatnonzero(carried)
        if as_of is not None:
            lots = lots[graph["at"][graph["maker"][lots]] <= instant(as_of)]
        lots = self._in_order(lots)
        return lots, carried[lots]

    def _in_order(self, lots: Numbers) -> Numbers:
        """Put lots into the order of replay: by time, then as they arrived."""
        made = self.graph["at"][self.graph["maker"][lots]]
        return lots[np.argsort(made, kind="stable")]


def _whole(shares: Numbers) -> list[int]:
    """Turn shares into whole numbers; none becomes 0."""
    return [max(1, int(Fraction(share) * _SCALE)) for share in shares.tolist()]


def _rough(part: int) -> int:
    """Cut a number after some digits, so that a tie of exact shares is a tie here."""
    raised = part + (part >> (_DIGITS + 2))
    cut = max(0, raised.bit_length() - _DIGITS)
    return raised >> cut << cut


def _fractions(parts: Sequence[int]) -> list[Fraction]:
    total = sum(parts)
    return [Fraction(part, total) for part in parts]
