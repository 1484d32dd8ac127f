"""Which words and shares are possible for a lot, for forms and lot pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils import translation

from stannary.core.attestations import Achievement
from stannary.core.claims import supported_share
from stannary.core.custody import Amounts
from stannary.core.provenance import Trace
from stannary.core.standards import ClaimWording, Edition
from stannary.web.custody import queries as custody


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much of a lot comes from sites at a level or better."""

    standard: str
    level: str
    share: Fraction


def outcomes(
    trace: Trace, achievements: Mapping[str, Achievement], edition: Edition, carried: Amounts
) -> tuple[Outcome, ...]:
    """Give the share that may be claimed at most, for each level, highest first."""
    return tuple(
        Outcome(
            edition.id,
            level.code,
            supported_share(trace, achievements, edition, level.code, carried=carried),
        )
        for level in reversed(edition.levels)
    )


def pack_of(code: str) -> Edition:
    """Give the custody pack whose words a code means: the usual one, unless only another has them."""
    usual, *others = custody.packs_with_words()
    known = {one.code: pack for pack in (*others, usual) for one in pack.claims}
    return known.get(code, usual)


def offered(trace: Trace) -> tuple[tuple[Edition, ClaimWording], ...]:
    """Give the words to choose from for a lot, each with its pack.

    Those of the usual pack are all shown, with the rule that stands against them; of the others
    those that are made for the model of the lot.
    """
    usual, *_others = custody.packs_with_words()
    return tuple(
        (pack, one)
        for pack in custody.packs_with_words()
        for one in pack.claims
        if pack_of(one.code) is pack and (pack is usual or trace.model in one.models)
    )


def text_of(words: ClaimWording, pack: Edition) -> str:
    """Give words in the reader's language, with their gaps."""
    return words.words.get(translation.get_language() or "en") or words.words[pack.language]
