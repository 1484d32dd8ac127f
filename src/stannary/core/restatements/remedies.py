"""What can be done about an effect: a table of data, and the remedies that fit the facts.

Rules: none of its own; each remedy answers a finding of `effects`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Remedy(StrEnum):
    """What somebody can do. Nothing of it happens by itself."""

    DELIVER_MISSING = "deliver_missing"
    RESTATE_SALE = "restate_sale"
    BUY_CREDITS = "buy_credits"
    TAKE_BACK_CREDITS = "take_back_credits"
    LOWER_CLAIM = "lower_claim"
    DOWNGRADE_MODEL = "downgrade_model"
    WITHDRAW_CLAIM = "withdraw_claim"
    TELL_HOLDERS = "tell_holders"


class Touched(StrEnum):
    """What an effect is on."""

    LOT = "lot"
    SALE = "sale"
    CREDITS = "credits"
    CLAIM = "claim"
    ACCOUNT = "account"


class Fact(StrEnum):
    """What may be so, and decides which remedies fit.

    MISSING: a quantity is missing. PASSED_ON: it is in the hands of others, or was used.
    UNUSED: a part was neither passed on nor used. PARTLY_SUPPORTED: less than what is claimed is
    supported, and not nothing. MODEL_IS_WRONG: the words are not for the model that it has now.
    LEVEL_IS_GONE: nothing is missing, but the level does not count any more.
    """

    MISSING = "missing"
    PASSED_ON = "passed_on"
    UNUSED = "unused"
    PARTLY_SUPPORTED = "partly_supported"
    MODEL_IS_WRONG = "model_is_wrong"
    LEVEL_IS_GONE = "level_is_gone"


@dataclass(frozen=True, slots=True)
class RemedyRule:
    """A remedy, and when it fits.

    Attributes:
        remedy: What can be done.
        touched: On what.
        needs: Facts that must all be so.
    """

    remedy: Remedy
    touched: Touched
    needs: frozenset[Fact] = frozenset()


def _rule(remedy: Remedy, touched: Touched, *needs: Fact) -> RemedyRule:
    return RemedyRule(remedy, touched, frozenset(needs))


REMEDIES: Sequence[RemedyRule] = (
    _rule(Remedy.DELIVER_MISSING, Touched.LOT, Fact.MISSING),
    _rule(Remedy.TELL_HOLDERS, Touched.LOT),
    _rule(Remedy.DELIVER_MISSING, Touched.SALE, Fact.MISSING),
    _rule(Remedy.RESTATE_SALE, Touched.SALE, Fact.MISSING),
    _rule(Remedy.TAKE_BACK_CREDITS, Touched.CREDITS, Fact.UNUSED),
    _rule(Remedy.BUY_CREDITS, Touched.CREDITS, Fact.PASSED_ON),
    _rule(Remedy.DELIVER_MISSING, Touched.CLAIM, Fact.MISSING),
    _rule(Remedy.BUY_CREDITS, Touched.CLAIM, Fact.MISSING),
    _rule(Remedy.LOWER_CLAIM, Touched.CLAIM, Fact.PARTLY_SUPPORTED),
    _rule(Remedy.DOWNGRADE_MODEL, Touched.CLAIM, Fact.MODEL_IS_WRONG),
    _rule(Remedy.WITHDRAW_CLAIM, Touched.CLAIM),
    _rule(Remedy.DELIVER_MISSING, Touched.ACCOUNT, Fact.MISSING),
    _rule(Remedy.BUY_CREDITS, Touched.ACCOUNT, Fact.MISSING),
)
"""The mildest first. Stannary's own choice: another table can be given where rules differ."""


def remedies_for(
    touched: Touched, facts: Collection[Fact], table: Sequence[RemedyRule] = REMEDIES
) -> tuple[Remedy, ...]:
    """Give the remedies that fit, in the order of the table.

    Example:
        >>> [str(one) for one in remedies_for(Touched.CREDITS, {Fact.UNUSED})]
        ['take_back_credits']
    """
    return tuple(
        one.remedy for one in table if one.touched is touched and one.needs <= frozenset(facts)
    )
