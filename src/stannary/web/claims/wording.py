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
from stannary.web.entities import queries as entities


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
    own: str = packs.PACK,
) -> tuple[Outcome, ...]:
    """Give the share that may be claimed at most, for each level that may be named, highest first."""
    pack = _ranked(day, own)[0]
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


def own_pack(claimant: str, day: datetime.date) -> str:
    """Give the id of the pack under which somebody keeps books on a day."""
    return entities.governance([claimant]).rules(claimant, day).pack


def pack_of(code: str, day: datetime.date, own: str = packs.PACK) -> Edition:
    """Give the custody pack whose words a code means on a day, unless somebody names another.

    That under which the claimant keeps books comes first, once it is in force; then the others in
    force; then one that is not yet, so that what stands against it can be told (CLAIM-011).

    Args:
        code: Of words.
        day: Of the claim.
        own: Id of the claimant's pack.
    """
    ranked = _ranked(day, own)
    having = (pack for pack in ranked if any(one.code == code for one in pack.claims))
    return next(having, ranked[0])


def _ranked(day: datetime.date, own: str) -> tuple[Edition, ...]:
    """Put those in force first, and of these that of the claimant's books."""

    def place(pack: Edition) -> tuple[bool, bool]:
        return pack.in_force_from > day, pack.id != own

    return tuple(sorted(custody.words_for(own), key=place))


def offered(
    trace: Trace, day: datetime.date, own: str = packs.PACK
) -> tuple[tuple[Edition, ClaimWording], ...]:
    """Give the words to choose from for a lot on a day, each with its pack.

    Those about material are all shown, with the rule that stands against them; those about accounts
    and credits where the lot is of that model.
    """
    return tuple(
        (pack, one)
        for pack in _ranked(day, own)
        for one in pack.claims
        if not one.is_of_site
        and pack_of(one.code, day, own) is pack
        and (trace.model in one.models or not set(one.models) <= set(BY_BOOKS))
    )


def offered_of_site(
    day: datetime.date, own: str = packs.PACK
) -> tuple[tuple[Edition, ClaimWording], ...]:
    """Give the words to choose from for what a site blended on a day, each with its pack."""
    return tuple(
        (pack, one)
        for pack in _ranked(day, own)
        for one in pack.claims
        if one.is_of_site and pack_of(one.code, day, own) is pack
    )


def text_of(words: ClaimWording, pack: Edition) -> str:
    """Give words in the reader's language, with their gaps."""
    return words.words.get(translation.get_language() or "en") or words.words[pack.language]
