"""Tasks done one after the other in this process: the waves of the engine `spark`, without Spark."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from stannary.engines.spark.cutting import Plan
from stannary.engines.spark.parcels import FORM, PIECE, Parcel, read, write
from stannary.engines.spark.pieces import Question, work


class Inline:
    """Does tasks; `done` counts them."""

    def __init__(self, width: int = 3) -> None:
        self.width, self.done = width, 0

    def run(
        self, question: Question, cut: Plan, wave: int, given: Sequence[Path], to: Path
    ) -> None:
        files = [
            file for x in given for file in (sorted(x.glob("*.parquet")) if x.is_dir() else [x])
        ]
        held: defaultdict[tuple[int, int], list[Parcel]] = defaultdict(list)
        for one in read(files):
            blocks = range(question.blocks) if one.what == PIECE else [one.block]
            for block in blocks:
                held[one.piece, block].append(one._replace(block=block))
        made: defaultdict[int, list[Parcel]] = defaultdict(list)
        for parcels in held.values():
            self.done += 1
            for one in work(question, cut.firsts, parcels, form=FORM):
                made[one.goes].append(one)
        for goes, parcels in made.items():
            write(parcels, to / f"goes={goes}" / "part.parquet")
