"""The arrays of this register: kept beside the book as it grows, and asked by its pages.

The book in the database is right; the arrays are a copy of it that answers quickly. Where they are
not installed, not up to date or in doubt, they give no answer, and the book is asked, which says the
same.
"""

import datetime
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from django.conf import settings
from django.db import transaction

from stannary.core.provenance import Chain

_DECIMALS = 30
_SLACK = 64
"""What lacks less than 2^-64 mg of a whole one was lost in counting parts."""


@dataclass(frozen=True, slots=True)
class Following:
    """Where a mine's material went.

    Attributes:
        produced_mg: Content of all lots that were produced there.
        lots: Those that carry some of it, and when each was made, in that order.
        parts: Lot to the part of its content that is the mine's, in parts of `one`.
        one: What a whole is; None: parts are exact fractions.
    """

    produced_mg: int
    lots: tuple[tuple[str, datetime.datetime], ...]
    parts: Mapping[str, Fraction | int]
    one: int | None = None

    def share(self, lot: str) -> Fraction:
        """Give the mine's part of a lot; counted in parts of `one`, it has 30 decimals."""
        if self.one is None:
            return Fraction(self.parts[lot])
        return Fraction(round(Fraction(self.parts[lot] * 10**_DECIMALS, self.one)), 10**_DECIMALS)

    def whole_mg(self, amounts: Iterable[tuple[str, int]]) -> int:
        """Add up what of some contents is the mine's; round down once, at the end.

        Args:
            amounts: Lots, and the content of each that counts.
        """
        total = sum((self.parts[lot] * mg for lot, mg in amounts), Fraction(0))
        if self.one is None:
            return int(total)
        return int((total + (self.one >> _SLACK)) / self.one)


@dataclass(frozen=True, slots=True)
class Produced:
    """What a mine produced under an attestation on a day, wherever it is now."""

    site: str
    attestation: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Reached:
    """A lot of which less, or more, counts than before.

    Attributes:
        lot: Its id.
        maker: Who made it.
        before: Share of its content that counted, to 12 decimals.
        after: The same now.
    """

    lot: str
    maker: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Descent:
    """What was made of some lots.

    Attributes:
        lots: The lots themselves, and all that were made of them.
        events: Those that made these, and all that they are made of, and that used one of them.
    """

    lots: frozenset[str]
    events: tuple[str, ...]


Judge = Callable[[Sequence[Produced]], tuple[Sequence[bool], Sequence[bool]]]
"""Tells of what was produced whether it counted before, and whether it does now."""


@cache
def _is_installed() -> bool:
    return importlib.util.find_spec("numpy") is not None


def is_used() -> bool:
    """Tell whether the arrays are installed and wanted."""
    return settings.PROVENANCE_ENGINE == "arrays" and _is_installed()


def chain_behind(lot_id: str) -> Chain | None:
    """Give the chain that a lot is made of, with one query; None: the book is to be asked."""
    found = chains_behind([lot_id])
    return None if found is None else found[lot_id]


def chains_behind(lots: Sequence[str]) -> Mapping[str, Chain] | None:
    """Give the chains that some lots are made of, with one query; None: the book is to be asked."""
    if not is_used():
        return None
    from stannary.web.custody.tracing import answers  # noqa: PLC0415 - of the extra analytics

    return answers.chains_behind(lots)


def following(site: str) -> Following | None:
    """Follow a mine's material, with one query; None: the book is to be asked."""
    if not is_used():
        return None
    from stannary.web.custody.tracing import answers  # noqa: PLC0415 - of the extra analytics

    return answers.following(site)


def reached(judge: Judge) -> tuple[Reached, ...] | None:
    """Tell which lots carry what counted before and does not now, or the reverse, with one query.

    Args:
        judge: Asked once, of all that was ever produced.

    Returns:
        In the order in which the lots were made; None: the book is to be asked.
    """
    if not is_used():
        return None
    from stannary.web.custody.tracing import answers  # noqa: PLC0415 - of the extra analytics

    return answers.reached(judge)


def descent(lots: Iterable[str], also: Iterable[str] = ()) -> Descent | None:
    """Follow lots to all that was made of them, with one query; None: the book is to be asked.

    Args:
        lots: Their ids.
        also: Lots of which only what they are made of is wanted.
    """
    if not is_used():
        return None
    from stannary.web.custody.tracing import answers  # noqa: PLC0415 - of the extra analytics

    return answers.descent(lots, also)


def follow_after_commit() -> None:
    """Bring the arrays up to the book when this transaction is done; a failure stops nobody."""
    if is_used():
        transaction.on_commit(_follow, robust=True)


def _follow() -> None:
    from stannary.web.custody.tracing import kept, tasks  # noqa: PLC0415 - of the extra analytics

    if not kept.follow(wait=False, most=kept.FEW):
        tasks.follow_book.enqueue()
