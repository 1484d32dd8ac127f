"""The sentence of a claim: the words of the custody pack, with the claim's own facts in them.

Rules: CLAIM-003.
"""

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction

from stannary.core.claims import rules
from stannary.core.claims.claims import Claim, wording_of
from stannary.core.kernel import refuse
from stannary.core.standards import ClaimWording, Edition

_PLACEHOLDER = re.compile(
    r"\{(share|element|lot|level|entity|facility|material|first_day|last_day)\}"
)
_COMMA_LANGUAGES = frozenset({"fr", "es", "pt", "de", "it", "nl", "ru", "id"})
"""Languages that write a decimal comma."""


def claim_percent(share: Fraction, language: str = "en") -> str:
    """Write a share as percent, with its sign, never more than it is.

    It is exact where six decimals suffice, else cut to one decimal; a share so small that this
    would read as nothing gets the decimals that it needs.

    Args:
        share: Above 0, at most 1.
        language: "en" and others write a point, "fr", "es", "pt" and others a comma.

    Example:
        >>> claim_percent(Fraction(3, 8)), claim_percent(Fraction(1)), claim_percent(Fraction(2, 3))
        ('37.5 %', '100 %', '66.6 %')
        >>> claim_percent(Fraction(1, 3000), "fr")
        '0,03 %'
    """
    percent = share * 100
    places = 6
    if (percent * 10**places).denominator != 1:
        places = 1
        while percent and percent * 10**places < 1:
            places += 1
    whole, rest = divmod(percent * 10**places // 1, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0")
    mark = "," if language.partition("-")[0] in _COMMA_LANGUAGES else "."
    return f"{whole}{mark + decimals if decimals else ''} %"


def claim_sentence(claim: Claim, custody_pack: Edition, language: str) -> str:
    """Write what a claim says in a language.

    Args:
        claim: The claim.
        custody_pack: The pack whose words it uses.
        language: One of those in which the pack has the words: "en".

    Raises:
        RefusalError: CLAIM-003 if the pack has no such words, or not in this language.
    """
    words = _words(claim, custody_pack)
    text = words.words.get(language)
    if text is None:
        known = ", ".join(words.words)
        refuse(rules.WORDS_ARE_ALLOWED, words=words.code, language=language[:20], known=known)
    facts = {
        "share": claim_percent(claim.share, language),
        "element": claim.element,
        "lot": claim.lot,
        "level": claim.level,
        **_of_site(claim),
    }
    # each placeholder once, in one pass: a lot named "{level}" stays what it is
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)


def _of_site(claim: Claim) -> Mapping[str, str]:
    """Give what fills the words about what a site blended; days as in ISO 8601, both included."""
    about = claim.blending
    if about is None:
        return {}
    return {
        "entity": claim.made_by,
        "facility": about.facility,
        "material": about.material,
        "first_day": about.period.valid_from.isoformat(),
        "last_day": (about.period.valid_until - datetime.timedelta(days=1)).isoformat(),
    }


def claim_sentences(claim: Claim, custody_pack: Edition) -> Mapping[str, str]:
    """Write what a claim says, in every language in which the pack has the words.

    Raises:
        RefusalError: CLAIM-003 if the pack has no such words.
    """
    languages = _words(claim, custody_pack).words
    return {language: claim_sentence(claim, custody_pack, language) for language in languages}


def _words(claim: Claim, custody_pack: Edition) -> ClaimWording:
    words = wording_of(claim, custody_pack)
    if words is None:
        known = ", ".join(one.code for one in custody_pack.claims) or "none"
        refuse(rules.WORDS_ARE_ALLOWED, words=claim.wording[:80], known=known)
    return words
