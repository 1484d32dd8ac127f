"""The sentence of a claim: the pack's words, the claim's facts, and never a share rounded up."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.claims.lots import CLAIM, PACK
from stannary.core.claims import claim_percent, claim_sentence, claim_sentences
from stannary.core.kernel import RefusalError


def test_a_claim_is_said_in_the_words_of_the_pack() -> None:
    assert claim_sentences(CLAIM, PACK) == {
        "en": "At least 37.5 % of the lithium in lot L comes from sites at L-75.",
        "fr": "Au moins 37,5 % du lithium du lot L vient de sites au niveau L-75.",
    }


def test_a_name_with_braces_stays_as_it_is() -> None:
    claim = replace(CLAIM, lot="{level} {share}", element="{lot.__class__}")

    assert claim_sentence(claim, PACK, "en") == (
        "At least 37.5 % of the {lot.__class__} in lot {level} {share} comes from sites at L-75."
    )


def test_words_or_languages_that_the_pack_does_not_have_are_refused() -> None:
    for claim, language in ((CLAIM, "zh"), (replace(CLAIM, wording="BEST"), "en")):
        with pytest.raises(RefusalError, match="CLAIM-003"):
            claim_sentence(claim, PACK, language)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1), "100 %"),
        (Fraction(3, 8), "37.5 %"),
        (Fraction(1, 2), "50 %"),
        (Fraction(12345678, 10**8), "12.345678 %"),
        (Fraction(123456789, 10**9), "12.3 %"),
        (Fraction(1, 3), "33.3 %"),
        (Fraction(2, 3), "66.6 %"),
        (1 - Fraction(1, 10**12), "99.9 %"),
        (Fraction(1, 1000), "0.1 %"),
        (Fraction(1, 3000), "0.03 %"),
        (Fraction(1, 10**8), "0.000001 %"),
        (Fraction(1, 10**9), "0.0000001 %"),
    ],
)
def test_a_share_is_printed_as_percent(share: Fraction, text: str) -> None:
    assert claim_percent(share) == text
    assert claim_percent(share, "fr") == text.replace(".", ",")
    assert claim_percent(share, "pt-BR") == text.replace(".", ",")
    assert claim_percent(share, "zh") == text


@given(st.fractions(0, 1, max_denominator=10**15).filter(bool))
def test_a_share_is_never_rounded_up_and_never_to_nothing(share: Fraction) -> None:
    printed = Fraction(claim_percent(share).removesuffix(" %")) / 100

    assert 0 < printed <= share
