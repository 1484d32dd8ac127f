"""Which words and shares are possible for a lot, for forms and lot pages."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils import translation

from stannary.core.attestations import Achievement
from stannary.core.claims import BY_BOOKS, counting_of, may_be_named, supported_share
from stannary.core.custody import Amounts
from stannary.core.provenance import Trace
from stannary.core.standards import ClaimWording, Edition
from stannary.web.custody import queries as custody
from stannary.web.entities import packs


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much of a lot comes from sites at a level or better."""

    standard: str
    level: str
    share: Fraction


def outcomes(
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    carried: Amounts,
    *,
    day: datetime.date,
) -> tuple[Outcome, ...]:
    """Give the share that may be claimed at most, for each level that may be named, highest first."""
    pack = _ranked(day)[0]
    return tuple(
        Outcome(
            edition.id,
            level.code,
            supported_share(
                trace,
                achievements,
                edition,
                level.code,
                carried=carried,
                counting=counting_of(pack, day),
            ),
        )
        for level in reversed(edition.levels)
        if may_be_named(level, pack, day)
    )


def pack_of(code: str, day: datetime.date) -> Edition:
    """Give the custody pack whose words a code means on a day, unless somebody names another.

    That under which the books are kept comes first, once it is in force; then the others in force;
    then one that is not yet, so that what stands against it can be told (CLAIM-011).
    """
    ranked = _ranked(day)
    having = (pack for pack in ranked if any(one.code == code for one in pack.claims))
    return next(having, ranked[0])


def _ranked(day: datetime.date) -> tuple[Edition, ...]:
    """Put those in force first, and of these that of the books."""

    def place(pack: Edition) -> tuple[bool, bool]:
        return pack.in_force_from > day, pack.id != packs.PACK

    return tuple(sorted(custody.packs_with_words(), key=place))


def offered(trace: Trace, day: datetime.date) -> tuple[tuple[Edition, ClaimWording], ...]:
    """Give the words to choose from for a lot on a day, each with its pack.

    Those about material are all shown, with the rule that stands against them; those about accounts
    and credits where the lot is of that model.
    """
    return tuple(
        (pack, one)
        for pack in _ranked(day)
        for one in pack.claims
        if not one.is_of_site
        and pack_of(one.code, day) is pack
        and (trace.model in one.models or not set(one.models) <= set(BY_BOOKS))
    )


def offered_of_site(day: datetime.date) -> tuple[tuple[Edition, ClaimWording], ...]:
    """Give the words to choose from for what a site blended on a day, each with its pack."""
    return tuple(
        (pack, one)
        for pack in _ranked(day)
        for one in pack.claims
        if one.is_of_site and pack_of(one.code, day) is pack
    )


def text_of(words: ClaimWording, pack: Edition) -> str:
    """Give words in the reader's language, with their gaps."""
    return words.words.get(translation.get_language() or "en") or words.words[pack.language]
