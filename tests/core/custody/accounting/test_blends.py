"""Controlled blending: what is claimed is at most the share that was measured."""

from fractions import Fraction

import pytest

from core.custody.accounting.made_up import at, day, under
from refusals import refused_by
from stannary.core.custody import Blend, calendar_period, check_blend_claim, share_of_site
from stannary.core.custody.accounting.blends import check_blend
from stannary.core.kernel import InvariantError

PERIOD = calendar_period(day("2026-01-01"), 12)


def blend(assured: int, content: int = 100, on: str = "2026-03-01", site: str = "port") -> Blend:
    return Blend("B1", site, at(on), assured, content)


@pytest.mark.parametrize(
    ("claimed", "codes"),
    [("0.399", []), ("0.4", []), ("0.401", ["CUSTODY-084"])],
)
def test_a_claim_is_at_most_the_real_share(claimed: str, codes: list[str]) -> None:
    found = check_blend_claim(blend(40), Fraction(claimed), under())

    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(("assured", "codes"), [(4, ["CUSTODY-085"]), (5, []), (6, [])])
def test_a_blend_of_which_something_is_claimed_has_the_smallest_share(
    assured: int, codes: list[str]
) -> None:
    claim = check_blend_claim(blend(assured), Fraction(assured, 100), under())

    assert [finding.code for finding in claim] == codes
    assert [finding.code for finding in check_blend(blend(assured), under())] == codes


def test_another_measured_share_may_count_instead_of_the_batch() -> None:
    found = check_blend_claim(blend(40), Fraction(2, 5), under(), real=Fraction(3, 10))

    assert [dict(finding.facts) for finding in found] == [
        {"lot": "B1", "claimed": "0.4", "real": "0.3"}
    ]


def test_a_smallest_share_that_is_not_known_stops_claims_and_not_blends() -> None:
    unknown = under(controlled_blending_min_share=None)

    assert check_blend(blend(1), unknown) == ()
    assert check_blend(blend(0), under()) == ()
    assert refused_by(lambda: check_blend_claim(blend(1), Fraction(0), unknown)) == "CUSTODY-070"


def test_a_site_has_the_share_of_all_that_it_blended_in_a_period() -> None:
    blends = [
        blend(40),
        blend(10, 300, "2026-12-31"),
        blend(9, 10, "2027-01-01"),
        blend(9, 10, site="elsewhere"),
    ]

    assert share_of_site(blends, "port", PERIOD) == Fraction(50, 400)
    assert share_of_site(blends, "nowhere", PERIOD) is None


@pytest.mark.parametrize(("assured", "content"), [(-1, 100), (101, 100), (0, 0)])
def test_a_share_that_cannot_be_is_a_bug(assured: int, content: int) -> None:
    with pytest.raises(InvariantError, match="no share"):
        blend(assured, content)
