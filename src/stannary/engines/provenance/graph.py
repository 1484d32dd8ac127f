"""The graph of compositions, grown batch by batch and closed in segments.

All lots that an event makes have one composition, and so has what is made of one of them alone. Only a
source and a mix of several compositions need a node of their own; every other lot points to the node of
what it was made of. An event with k inputs and m outputs takes k edges.
"""

import json
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from stannary.core.custody import Kind
from stannary.core.kernel import InvariantError
from stannary.engines.provenance.columns import Column
from stannary.engines.provenance.compiling import Numbers, chosen, numba
from stannary.engines.provenance.growing import grow, take_away
from stannary.engines.provenance.log import Accepted
from stannary.engines.provenance.movements import KIND
from stannary.engines.provenance.names import Names

SEGMENT = 2**18
"""Nodes after which the open end is closed: about half a million lots."""

MOST = 2**32 - 2

RECYCLED, UNKNOWN = 0, 1
"""Origins that every graph has; mines follow."""

FORM = 2
"""Of the files. Others are not read but built again from the log."""

_NOTHING = 2**32 - 1

HOT = ("node", "source", "weight", "node_of")
"""Columns that a backward question reads."""

_COLUMNS: dict[str, tuple[str, int]] = {
    "node": ("<u4", 2),  # where its edges begin, and its origin plus 1
    "source": ("<u4", 1),  # of an edge
    "weight": ("<f8", 1),  # of an edge: its part of what goes into the mix
    "node_of": ("<u4", 1),  # of a lot
    "maker": ("<u4", 1),  # of a lot: its event
    "mass": ("<i8", 1),
    "content": ("<i8", 1),
    "model": ("|i1", 1),
    "site": ("<u4", 1),
    "entity": ("<u4", 1),
    "attestation": ("<u4", 1),
    "offset": ("<i2", 1),
    "lot_of": ("<u4", 1),  # of a node: the first lot that has it
    "at": ("<i8", 1),  # of an event
    "kind": ("|u1", 1),
    "depth": ("<u4", 1),
    "begins": ("<u4", 1),  # of an event: its first row of what was used; one more at the end
    "makes": ("<u4", 1),  # of an event: its first lot; one more at the end
    "used": ("<u4", 1),
    "used_mass": ("<i8", 1),
    "used_content": ("<i8", 1),
    "used_model": ("|i1", 1),
    "origin_site": ("<u4", 1),
    "origin_attestation": ("<u4", 1),
    "segments": ("<u4", 1),  # the last node of each closed segment, plus 1
}


class Graph:
    """Compositions of all lots; see the module.

    Attributes:
        columns: By name, see `_COLUMNS`.
        lots: Ids of lots; `events` of events; `texts` of sites, entities and attestations.
        mass_left: Of each lot, what is not used yet; `content_left` the same.
    """

    def __init__(self, folder: Path | None = None, *, fast: bool, segment: int = SEGMENT) -> None:
        self.folder, self.fast, self.segment = folder, fast and numba is not None, segment
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        path = folder or Path()
        self.columns = {
            name: Column(kind, None if folder is None else path / name, width=width)
            for name, (kind, width) in _COLUMNS.items()
        }
        self.lots = Names(folder, "lot", fast=self.fast)
        self.events = Names(folder, "event", fast=self.fast)
        self.texts = Names(folder, "text", fast=self.fast)
        self.mass_left, self.content_left = Column(np.int64), Column(np.int64)
        self.origins: dict[tuple[int, int], int] = {}
        self._sums: dict[str, tuple[int, int]] = {}
        self._begin()

    def __getitem__(self, name: str) -> Numbers:
        """Give a column as far as it is filled."""
        return self.columns[name].values

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.columns["node"].count - 1

    @property
    def closed(self) -> int:
        """How many nodes lie in closed segments."""
        segments = self.columns["segments"]
        return int(segments.room[segments.count - 1]) if segments.count else 0

    def kernel(self) -> tuple[Numbers, Numbers, Numbers]:
        """Give nodes, sources and weights as the loops take them."""
        return self["node"], self["source"], self["weight"]

    def apply(self, batch: Accepted) -> None:
        """Take up a batch; close the open end if it is long enough."""
        lots, rows, events = len(self.lots), self.columns["used"].count, len(self.events)
        if max(lots + len(batch.mass), rows + len(batch.used), self.nodes) >= MOST:
            raise InvariantError(f"one store holds at most {MOST} lots and rows")
        self.texts.add(batch.texts)
        self.lots.add(batch.lots)
        self.events.add(batch.events)
        add = self.columns
        for name in ("mass", "content", "model", "site", "entity", "attestation", "offset"):
            add[name].append(getattr(batch, name))
        for name in ("used", "used_mass", "used_content", "used_model", "at", "kind"):
            add[name].append(getattr(batch, name))
        add["begins"].append((rows + np.cumsum(batch.uses, dtype=np.int64)).astype(np.uint32))
        add["makes"].append((lots + np.cumsum(batch.makes, dtype=np.int64)).astype(np.uint32))
        self.mass_left.append(batch.mass)
        self.content_left.append(batch.content)
        kind = np.repeat(batch.kind, batch.makes)
        origin = self._origins(kind, batch)
        self._grow(batch, origin, lots, events)
        if self.nodes - self.closed >= self.segment:
            self.close_segments()

    def close_segments(self) -> None:
        """Sort the open end, and keep it as closed segments.

        By depth and site, so that what is read together lies together; then by how many edges a node
        has, so that loops over them end when the processor expects it; then by arrival.
        """
        begin, end = self.closed, self.nodes
        if begin == end:
            return
        node, lot_of = self.columns["node"].room, self.columns["lot_of"].room
        many = np.diff(node[begin : end + 1, 0])
        pieces = max(1, (end - begin) // self.segment)
        cuts = begin + np.arange(1, pieces + 1) * (end - begin) // pieces
        piece = np.searchsorted(cuts, np.arange(begin, end), side="right")
        lots = lot_of[begin:end]
        depth = self.columns["depth"].room[self.columns["maker"].room[lots]]
        order = np.lexsort((many, self.columns["site"].room[lots], depth, piece))
        place = np.empty(end - begin, np.uint32)
        place[order] = np.arange(begin, end, dtype=np.uint32)
        self._reorder(begin, end, order, place)
        node[begin:end, 1] = node[begin:end, 1][order]
        first = int(lots.min())
        lot_of[begin:end] = lots[order]
        node_of = self.columns["node_of"].room[first : self.columns["node_of"].count]
        inside = node_of >= begin
        node_of[inside] = place[node_of[inside] - begin]
        self.columns["segments"].append(cuts)

    def _reorder(self, begin: int, end: int, order: Numbers, place: Numbers) -> None:
        """Put the edges of some nodes, the last ones, into the nodes' new order.

        Edges of a node from the same other one become one edge: their weights are added.
        """
        node, source, weight = (self.columns[x].room for x in ("node", "source", "weight"))
        starts = node[begin : end + 1, 0].astype(np.int64)
        many = np.diff(starts)[order]
        begins = starts[0] + np.concatenate([[0], np.cumsum(many)])
        at = np.repeat(starts[:-1][order] - begins[:-1], many) + np.arange(begins[0], begins[-1])
        moved = source[at]
        inside = moved >= begin
        moved[inside] = place[moved[inside] - begin]
        pairs = np.repeat(np.arange(end - begin, dtype=np.uint64) << np.uint64(32), many)
        pairs |= moved
        by_pair = np.argsort(pairs, kind="stable")
        pairs = pairs[by_pair]
        first = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
        edges = slice(int(starts[0]), int(starts[0]) + len(first))
        source[edges] = pairs[first] & np.uint64(_NOTHING)
        if len(first):
            weight[edges] = np.add.reduceat(weight[at[by_pair]], first)
        many = np.bincount((pairs[first] >> np.uint64(32)).astype(np.int64), minlength=end - begin)
        node[begin : end + 1, 0] = starts[0] + np.concatenate([[0], np.cumsum(many)])
        self.columns["source"].count = self.columns["weight"].count = edges.stop

    def _begin(self) -> None:
        """Write what an empty graph holds."""
        self.columns["node"].append(np.zeros((1, 2), np.uint32))
        for name in ("begins", "makes"):
            self.columns[name].append([0])
        for name in ("origin_site", "origin_attestation"):
            self.columns[name].append([_NOTHING] * 2)

    def _origins(self, kind: Numbers, batch: Accepted) -> Numbers:
        """Give the origin of each lot made, plus 1, and 0 for one that is made of others."""
        origin = np.zeros(len(kind), np.uint32)
        origin[kind == KIND[Kind.RECYCLE]] = RECYCLED + 1
        origin[kind == KIND[Kind.PURCHASE]] = UNKNOWN + 1
        mined = np.flatnonzero(kind == KIND[Kind.PRODUCE])
        packed = batch.site[mined].astype(np.uint64) << np.uint64(32)
        packed |= batch.attestation[mined].astype(np.uint64)
        pairs, first, which = np.unique(packed, return_index=True, return_inverse=True)
        numbers = np.zeros(len(pairs), np.uint32)
        for place in np.argsort(first, kind="stable").tolist():
            pair = (int(pairs[place]) >> 32, int(pairs[place]) & 0xFFFFFFFF)
            if pair not in self.origins:
                self.origins[pair] = self.columns["origin_site"].count
                self.columns["origin_site"].append([pair[0]])
                self.columns["origin_attestation"].append([pair[1]])
            numbers[place] = self.origins[pair] + 1
        origin[mined] = numbers[which]
        return origin

    def _grow(self, batch: Accepted, origin: Numbers, lots: int, events: int) -> None:
        columns = self.columns
        for name, more in (
            ("node", len(origin) + len(batch.kind)),
            ("source", len(batch.used)),
            ("weight", len(batch.used)),
            ("node_of", len(origin)),
            ("maker", len(origin)),
            ("lot_of", len(origin) + len(batch.kind)),
            ("depth", len(batch.kind)),
        ):
            columns[name].reserve(more)
        nodes, edges = chosen(grow, fast=self.fast)(
            batch.uses,
            batch.makes,
            batch.used,
            batch.used_mass,
            batch.used_content,
            origin,
            (lots, events, self.nodes, columns["source"].count),
            *(columns[x].room for x in ("node", "source", "weight", "node_of", "maker")),
            *(columns[x].room for x in ("lot_of", "depth")),
            self.mass_left.room,
            self.content_left.room,
        )
        columns["node"].count, columns["lot_of"].count = nodes + 1, nodes
        columns["source"].count = columns["weight"].count = edges
        columns["node_of"].count = columns["maker"].count = lots + len(origin)
        columns["depth"].count = events + len(batch.kind)

    def save(self, batches: int, size: int) -> None:
        """Keep what is closed, and note how far the log is in it; a file is renamed at the end.

        Args:
            batches: How many of the log are in the graph.
            size: The bytes that they take.
        """
        if self.folder is None or self.nodes != self.closed:
            return
        kept: dict[str, Any] = {}
        for name, column in self._all().items():
            column.flush()
            end = column.count - 1 if name == "node" else column.count
            begin, before = self._sums.get(name, (0, 0))
            self._sums[name] = end, column.checksum(begin, end, before)
            kept[name] = [column.count, self._sums[name][1]]
        note = {"form": FORM, "batches": batches, "size": size, "segment": self.segment}
        body = json.dumps({**note, "columns": kept}, sort_keys=True)
        whole = json.dumps({"body": body, "crc32": zlib.crc32(body.encode())})
        temporary = self.folder / "closed.new"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / "closed.json")

    def load(self) -> tuple[int, int]:
        """Take up what was kept; give how many batches and bytes of the log are in it.

        What is missing, of another form or damaged is nothing kept: (0, 0).
        """
        noted = self._noted()
        if noted is not None and noted["segment"] == self.segment:
            columns = self._all()
            whole = all(columns[name].open(count) for name, (count, _) in noted["columns"].items())
            if whole and self._are_sound(noted["columns"]):
                self._reopened()
                return noted["batches"], noted["size"]
        self._sums.clear()
        for column in self._all().values():
            column.empty()
        self._begin()
        return 0, 0

    def _are_sound(self, kept: dict[str, list[int]]) -> bool:
        """Check every column; the last row of nodes says only where edges of the next one begin."""
        for name, column in self._all().items():
            end = column.count - 1 if name == "node" else column.count
            self._sums[name] = end, column.checksum(0, end)
        node, edges = self.columns["node"], self.columns["source"].count
        node.room[node.count - 1] = edges, 0
        return all(self._sums[name][1] == crc for name, (_, crc) in kept.items())

    def _noted(self) -> dict[str, Any] | None:
        try:
            whole = json.loads(((self.folder or Path()) / "closed.json").read_text("utf-8"))
            noted: dict[str, Any] = json.loads(whole["body"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if zlib.crc32(whole["body"].encode()) != whole["crc32"] or noted["form"] != FORM:
            return None
        return noted if set(noted["columns"]) == set(self._all()) else None

    def _all(self) -> dict[str, Column]:
        names = {"lot": self.lots, "event": self.events, "text": self.texts}
        of_names = {f"{name}.texts": x.blob for name, x in names.items()}
        of_names |= {f"{name}.ends": x.ends for name, x in names.items()}
        return {**self.columns, **of_names}

    def _reopened(self) -> None:
        for names in (self.lots, self.events, self.texts):
            names.reopened()
        sites, attestations = self["origin_site"].tolist(), self["origin_attestation"].tolist()
        pairs = enumerate(zip(sites, attestations, strict=True))
        self.origins = {pair: number for number, pair in pairs if number > UNKNOWN}
        for left, column in ((self.mass_left, "mass"), (self.content_left, "content")):
            left.count = 0
            left.append(self[column])
            chosen(take_away, fast=self.fast)(self["used"], self[f"used_{column}"], left.room)
