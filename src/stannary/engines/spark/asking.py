"""Asking a graph that is cut: waves of tasks, each given what the waves before passed on.

Everything that a wave makes is in the shared folder before the next begins. So a worker that is lost
takes nothing with it but its own tasks, which are done again elsewhere.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from stannary.core.kernel import InvariantError
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.questions import Back, Questions
from stannary.engines.provenance.rows import Classes, Listed, Shares
from stannary.engines.spark import cutting
from stannary.engines.spark.parcels import ANSWER, ASKED, Parcel, read, write
from stannary.engines.spark.pieces import Backward, ByClass, ByOrigin, Forward, Question, together

NEARLY = 1e-9


class Runner(Protocol):
    """Who does tasks.

    Attributes:
        width: How many tasks at once.
    """

    width: int

    def run(
        self, question: Question, cut: cutting.Plan, wave: int, given: Sequence[Path], to: Path
    ) -> None:
        """Do the tasks of a wave.

        Args:
            question: What is asked.
            cut: How the graph is cut.
            wave: Which it is.
            given: Files and folders with the parcels for it, the pieces themselves among them.
            to: A folder to be made, with a folder `goes=N` of parcels for each wave N and for `ANSWER`.
        """


class Asking(Questions):
    """Asks a graph through tasks; the answers are those of `Questions`.

    Attributes:
        cut: How the graph was cut when it was asked last; None before.
        blocks: In how many blocks origins are divided when all shares are asked for.
    """

    def __init__(
        self, graph: Graph, runner: Runner, folder: Path, *, width: int = 0, blocks: int = 1
    ) -> None:
        """Ask a graph.

        Args:
            graph: The graph.
            runner: Who does tasks.
            folder: A folder that all who do tasks see at the same place.
            width: Pieces that a stretch of time is cut into at most; 0 for as many as tasks at once.
            blocks: In how many blocks origins are divided when all shares are asked for.
        """
        super().__init__(graph)
        self.runner, self.folder, self.blocks = runner, folder, blocks
        self.width = width or runner.width
        self.cut: cutting.Plan | None = None
        self._seen = (0, 0)
        self._backs: dict[int, Back] = {}
        self._forwards: dict[bytes, Numbers] = {}

    def back(self, lot: int, *, sources: bool = False) -> Back:  # noqa: ARG002
        """Give the share of every origin of a lot; `sources` are always told."""
        return self._backs.get(lot) or self.backs([lot])[0]

    def backs(self, lots: Sequence[int]) -> list[Back]:
        """Give the share of every origin of many lots, asked at once."""
        if not lots:
            return []
        cut = self.ready()
        nodes = self.graph["node_of"][np.asarray(lots, np.int64)]
        asked = np.arange(len(lots)), nodes, np.ones(len(lots))
        parts = [one.parts for one in self.answers(Backward(), cut, asked)]
        question, node, amount = (np.concatenate([part[n] for part in parts]) for n in range(3))
        order = np.lexsort((node, question))
        bounds = np.searchsorted(question[order], np.arange(len(lots) + 1))
        node, amount = node[order], amount[order]
        origins = self.graph.columns["origin_site"].count
        found = []
        for begin, end in itertools.pairwise(bounds.tolist()):
            sources, amounts = node[begin:end], amount[begin:end]
            if abs(amounts.sum() - 1) > NEARLY:
                raise InvariantError("what the sources of a lot give does not add up to the lot")
            share = np.bincount(self.graph["node"][sources, 1] - 1, amounts, origins)
            found.append(Back(share, sources, amounts, len(sources)))
        return found

    def by_class(self, classes: Numbers, width: int, *, room: Numbers | None = None) -> Classes:  # noqa: ARG002
        """Give the shares of classes for every node; memory is new whatever room there is."""
        table = np.empty((self.graph.nodes, width))
        for own, rows in (one.parts for one in self.each_by_class(classes, width)):
            table[own] = rows.reshape(-1, width)
        return Classes(table, np.arange(len(table)), 0)

    def each_by_class(self, classes: Numbers, width: int) -> Iterator[Parcel]:
        """Give the shares of classes piece by piece: nodes, and a row of shares each."""
        return self.answers(ByClass(np.asarray(classes, np.int64), width), self.ready())

    def by_origin(self, *, room: Shares | None = None, packed: bool = False) -> Shares:  # noqa: ARG002
        """Give the share of every origin for every node, listed in new memory."""
        found = together(self.each_by_origin())
        rows = found.rows(np.argsort(found.nodes, kind="stable"))
        first = np.searchsorted(rows.nodes, np.arange(self.graph.nodes + 1))
        return Listed(rows.ends[first], rows.ids, rows.shares)

    def each_by_origin(self) -> Iterator[Parcel]:
        """Give the share of every origin piece by piece: nodes, ends, origins and shares."""
        origins = self.graph.columns["origin_site"].count
        return self.answers(ByOrigin(origins, self.blocks), self.ready())

    def forward(self, sources: Numbers) -> Numbers:
        """Give what part of every node is of some sources."""
        held = self._forwards.get(_key(sources))
        return self.forwards([sources])[0] if held is None else held

    def forwards(self, many: Sequence[Numbers]) -> list[Numbers]:
        """Give what part of every node is of some sources, for many sets of them asked at once."""
        if not many:
            return []
        cut = self.ready()
        question = np.repeat(np.arange(len(many)), [len(sources) for sources in many])
        nodes = np.concatenate([np.zeros(0, np.int64), *many]).astype(np.int64)
        table = np.zeros((len(many), self.graph.nodes))
        for one in self.answers(Forward(len(many)), cut, (question, nodes, np.ones(len(nodes)))):
            own, ends, ids, shares = one.parts
            table[ids, np.repeat(own, np.diff(ends))] = shares
        return list(table)

    @contextmanager
    def remembering(self, lots: Sequence[int] = (), many: Sequence[Numbers] = ()) -> Iterator[None]:
        """Ask for many lots and many sets of sources at once, and answer for each from it inside."""
        if lots:
            self._backs = dict(zip(lots, self.backs(lots), strict=True))
        if many:
            self._forwards = dict(zip(map(_key, many), self.forwards(many), strict=True))
        try:
            yield
        finally:
            self._backs, self._forwards = {}, {}

    def ready(self) -> cutting.Plan:
        """Cut the graph, unless it is as it was when it was cut last."""
        seen = self.graph.nodes, self.graph.closed
        if self.cut is None or seen != self._seen:
            shutil.rmtree(self._pieces, ignore_errors=True)
            cut = cutting.plan(self.graph, self.width)
            for wave, parcels in cutting.pieces(self.graph, cut):
                write(parcels, self._wave(wave))
            self.cut, self._seen = cut, seen
        return self.cut

    @property
    def _pieces(self) -> Path:
        return self.folder / "pieces"

    def _wave(self, wave: int) -> Path:
        return self._pieces / f"{wave:06}.parquet"

    def answers(
        self,
        question: Question,
        cut: cutting.Plan,
        asked: tuple[Numbers, Numbers, Numbers] | None = None,
    ) -> Iterator[Parcel]:
        """Run waves up or down, and read the answers."""
        with tempfile.TemporaryDirectory(prefix="asked-", dir=self.folder) as name:
            folder = Path(name)
            if asked is not None:
                _ask(cut, asked, folder / "asked")
            waves = range(cut.waves)
            for wave in waves if question.upwards else reversed(waves):
                given = sorted(folder.glob(f"*/goes={wave}"))
                if given or question.upwards:
                    self.runner.run(
                        question, cut, wave, [self._wave(wave), *given], folder / f"{wave:06}"
                    )
            yield from read(sorted(folder.glob(f"*/goes={ANSWER}/*.parquet")))


def _ask(cut: cutting.Plan, asked: tuple[Numbers, Numbers, Numbers], folder: Path) -> None:
    """Write what is asked for each wave."""
    piece = cut.piece[asked[1]]
    wave = np.searchsorted(cut.firsts, piece, side="right") - 1
    for goes in np.unique(wave).tolist():
        parcels = [
            Parcel(goes, by, 0, ASKED, tuple(part[piece == by] for part in asked))
            for by in np.unique(piece[wave == goes]).tolist()
        ]
        write(parcels, folder / f"goes={goes}" / "asked.parquet")


def _key(sources: Numbers) -> bytes:
    return np.asarray(sources, np.int64).tobytes()
