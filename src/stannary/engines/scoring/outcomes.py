"""What scoring many assessments gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

from stannary.core.scores import LevelOutcome
from stannary.engines.scoring.plans import NO_LEVEL, Plan

EngineName = Literal["numba", "numpy", "python"]


class Column(Protocol):
    """Whole numbers, one for each assessment: a list, or an array of numpy."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Any: ...


class Table(Protocol):
    """Whole numbers, `table[assessment][principle]`: a list of lists, or an array of numpy."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Any: ...


class Tallies(Protocol):
    """Points and counts, in whichever form an engine has them; see `Scores`."""

    @property
    def given(self) -> Table:
        """Points given, in the unit of the plan."""

    @property
    def possible(self) -> Table:
        """Points possible, in the same unit."""

    @property
    def pending(self) -> Table:
        """How many requirements are not rated yet."""

    @property
    def not_relevant(self) -> Table:
        """How many are not relevant."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Levels and points of many assessments, in the order in which they were given.

    Points are whole numbers of `1 / plan.scale.per_point` of a point; divided by it they are the
    points of `Tally`. The share of a principle is `given / possible`, both being in that unit.

    Attributes:
        plan: The edition and the day.
        engine: Which engine computed.
        floor: Place of the level in `plan.levels` that is certain whatever the pending ratings
            become, 0 for the lowest; `NO_LEVEL` (-1) when not even that one is.
        ceiling: The same for the best level still possible. Where floor and ceiling are the same
            level, it is determined.
        tallies: Points and counts; they are also given by the properties below.
    """

    plan: Plan
    engine: EngineName
    floor: Column
    ceiling: Column
    tallies: Tallies

    @property
    def given(self) -> Table:
        """Points given to what is rated, by principle in the edition's order."""
        return self.tallies.given

    @property
    def possible(self) -> Table:
        """Points that what is rated could have been given: the best rating for each."""
        return self.tallies.possible

    @property
    def pending(self) -> Table:
        """How many requirements are not rated yet, by principle."""
        return self.tallies.pending

    @property
    def not_relevant(self) -> Table:
        """How many requirements are not relevant, by principle."""
        return self.tallies.not_relevant

    def __len__(self) -> int:
        return len(self.floor)

    def level(self, assessment: int) -> LevelOutcome:
        """Give the level of one assessment as the core rule does; its place is counted from 0."""
        floor, ceiling = (self._code(x[assessment]) for x in (self.floor, self.ceiling))
        if floor != ceiling:
            return LevelOutcome(code=None, state="pending", floor=floor, ceiling=ceiling)
        return LevelOutcome(code=floor, state="none" if floor is None else "determined")

    def levels(self) -> Iterator[LevelOutcome]:
        """Give the level of every assessment in order."""
        return map(self.level, range(len(self)))

    def share(self, assessment: int, principle: int) -> Fraction | None:
        """Give the exact share of a principle, 0 to 1; None when nothing is rated.

        Args:
            assessment: Its place, from 0.
            principle: Its place in the edition, from 0.
        """
        possible = int(self.possible[assessment][principle])
        return Fraction(int(self.given[assessment][principle]), possible) if possible else None

    def _code(self, place: int) -> str | None:
        return None if place == NO_LEVEL else self.plan.levels[place].code
