"""Which words and shares are possible for a lot, for forms and lot pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils import translation

from stannary.core.attestations import Achievement
from stannary.core.claims import supported_share
from stannary.core.provenance import Trace
from stannary.core.standards import Edition


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much of a lot comes from sites at a level or better."""

    standard: str
    level: str
    share: Fraction


def outcomes(
    trace: Trace, achievements: Mapping[str, Achievement], edition: Edition
) -> tuple[Outcome, ...]:
    """Give the share that may be claimed at most, for each level, highest first."""
    return tuple(
        Outcome(edition.id, level.code, supported_share(trace, achievements, edition, level.code))
        for level in reversed(edition.levels)
    )


def wordings(pack: Edition) -> list[tuple[str, str]]:
    """Give the words that a custody pack allows, in the reader's language, with their gaps."""
    language = translation.get_language() or "en"
    return [
        (claim.code, claim.words.get(language) or claim.words[pack.language])
        for claim in pack.claims
    ]
