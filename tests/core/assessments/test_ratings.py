"""Verdicts and the sheet that gathers them."""

import pytest

from core.scores.score_vectors import edition
from refusals import refused_by
from stannary.core.assessments import (
    Verdict,
    check_verdicts,
    is_plain,
    parse_rating,
    rating_sheet,
    rules,
)
from stannary.core.assessments.ratings import (
    ASSESSOR_MAX,
    EVIDENCE_MAX,
    LINK_MAX,
    RATIONALE_MAX,
)
from stannary.core.kernel import Place, RefusalError
from stannary.core.standards import Rating

QUARTERS = edition("quarters")
LINK = "https://example.org/report.pdf"


def codes(*verdicts: Verdict) -> list[str]:
    return [finding.code for finding in check_verdicts(QUARTERS, verdicts)]


def test_a_sheet_gives_what_is_said_and_pending_where_nothing_is() -> None:
    sheet = rating_sheet(QUARTERS, [Verdict("1.1.1.2", Rating.PARTIALLY)])

    assert sheet.rating("1.1.1.2") is Rating.PARTIALLY
    assert sheet.rating("1.1.1.1") is Rating.PENDING


def test_a_sheet_is_in_the_order_of_the_edition() -> None:
    given = [Verdict(name, Rating.FULLY) for name in ("4.1.1.1", "1.1.1.2", "1.1.1.1")]

    assert list(rating_sheet(QUARTERS, given).verdicts) == ["1.1.1.1", "1.1.1.2", "4.1.1.1"]


def test_a_sheet_takes_verdicts_that_can_be_read_only_once() -> None:
    sheet = rating_sheet(QUARTERS, iter([Verdict("1.1.1.1", Rating.FULLY)]))

    assert sheet.rating("1.1.1.1") is Rating.FULLY


def test_an_unknown_requirement_is_found_and_says_where_it_stands() -> None:
    verdict = Verdict("7.7.7.7", Rating.FULLY, at=Place("ratings.csv", 3, "requirement"))

    (finding,) = check_verdicts(QUARTERS, [verdict])

    assert finding.message == (
        "ratings.csv, line 3, column requirement: RATING-001: A rating names a requirement of the "
        "edition. Here: requirement=7.7.7.7, edition=vectors/quarters/1. Correct the "
        "requirement's id, or choose the edition that it belongs to."
    )


def test_a_repeated_requirement_says_where_it_was_first_rated() -> None:
    first = Verdict("1.1.1.1", Rating.FULLY, at=Place("ratings.csv", 2, "requirement"))
    again = Verdict("1.1.1.1", Rating.FULLY, at=Place("ratings.csv", 9, "requirement"))

    (finding,) = check_verdicts(QUARTERS, [first, again])

    assert finding.message == (
        "ratings.csv, line 9, column requirement: RATING-002: A requirement is rated once. Here: "
        "requirement=1.1.1.1, first=ratings.csv, line 2, column requirement. Keep one rating for "
        "the requirement and remove the other."
    )


def test_a_requirement_that_is_rated_three_times_is_found_twice() -> None:
    assert codes(*[Verdict("1.1.1.1", Rating.FULLY)] * 3) == ["RATING-002", "RATING-002"]


@pytest.mark.parametrize("rating", list(Rating))
def test_the_six_words_are_ratings(rating: Rating) -> None:
    assert parse_rating(rating.value) is rating


@pytest.mark.parametrize("word", ["", "full", "Fully", "fully ", "not met", "n/a", "x" * 1000])
def test_no_other_word_is(word: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_rating(word, at=Place("r.csv", 2, "rating"))

    (finding,) = refusal.value.findings
    assert finding.rule is rules.RATING_IS_KNOWN
    assert finding.code == "RATING-003"
    assert finding.facts == {"rating": word[:40] or "(empty)"}
    assert finding.at == Place("r.csv", 2, "rating")


@pytest.mark.parametrize("rationale", ["", " ", "\n\t "])
def test_not_relevant_needs_a_rationale(rationale: str) -> None:
    assert codes(Verdict("1.1.1.1", Rating.NOT_RELEVANT, rationale)) == ["RATING-004"]
    assert codes(Verdict("1.1.1.1", Rating.NOT_RELEVANT, "No tailings.")) == []
    assert codes(Verdict("1.1.1.1", Rating.NOT_MET, rationale)) == []


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(RATIONALE_MAX - 1, []), (RATIONALE_MAX, []), (RATIONALE_MAX + 1, ["RATING-005"])],
)
def test_a_rationale_has_at_most_ten_thousand_characters(
    characters: int, expected: list[str]
) -> None:
    assert RATIONALE_MAX == 10_000
    assert codes(Verdict("1.1.1.1", Rating.FULLY, "é" * characters)) == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [(0, []), (EVIDENCE_MAX - 1, []), (EVIDENCE_MAX, []), (EVIDENCE_MAX + 1, ["RATING-006"])],
)
def test_a_rating_has_at_most_fifty_links(links: int, expected: list[str]) -> None:
    assert EVIDENCE_MAX == 50
    assert codes(Verdict("1.1.1.1", Rating.FULLY, evidence=(LINK,) * links)) == expected


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(LINK_MAX - 1, []), (LINK_MAX, []), (LINK_MAX + 1, ["RATING-006"])],
)
def test_a_link_has_at_most_two_thousand_characters(characters: int, expected: list[str]) -> None:
    link = "https://example.org/".ljust(characters, "a")

    assert LINK_MAX == 2_000
    assert codes(Verdict("1.1.1.1", Rating.FULLY, evidence=(link,))) == expected


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org",
        "https://example.org:8443/a/b?c=d#e",
        "HTTPS://EXAMPLE.ORG/",
        "https://example.org/@name/post",
        "https://[2001:db8::1]/x",
        "https://пример.example/отчёт",
        "https://example.org?x",
    ],
)
def test_web_links_are_evidence(link: str) -> None:
    assert codes(Verdict("1.1.1.1", Rating.FULLY, evidence=(link,))) == []


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https:// example.org",
        "https://example.org/a b",
        "https://user@example.org/",
        "https://example.org\\@elsewhere.example",
        " https://example.org",
        "https://example.org\n",
    ],
)
def test_nothing_else_is_evidence(link: str) -> None:
    assert codes(Verdict("1.1.1.1", Rating.FULLY, evidence=(link,))) == ["RATING-007"]


def test_a_link_with_a_control_character_is_shown_harmlessly() -> None:
    verdict = Verdict("1.1.1.1", Rating.FULLY, evidence=("x\x1b[31m",))

    first, second = check_verdicts(QUARTERS, [verdict])

    assert (first.code, first.facts["link"]) == ("RATING-007", r"'x\x1b[31m'")
    assert (second.code, second.facts["text"]) == ("RATING-009", "evidence")


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(ASSESSOR_MAX - 1, []), (ASSESSOR_MAX, []), (ASSESSOR_MAX + 1, ["RATING-008"])],
)
def test_the_name_of_an_assessor_is_bounded(characters: int, expected: list[str]) -> None:
    assert ASSESSOR_MAX == 200
    assert codes(Verdict("1.1.1.1", Rating.FULLY, assessor="A" * characters)) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", True),
        ("Two tanks.\r\n\tSee plan.", True),
        ("Zażółć — 井 🏔\u00a0m", True),
        ("\u202bעברית\u202c", True),
        ("bell\x07", False),
        ("nul\x00", False),
        ("\x85", False),
        ("\ud800", False),
    ],
)
def test_texts_are_plain(text: str, *, plain: bool) -> None:
    assert is_plain(text) is plain
    expected = [] if plain else ["RATING-009"]
    assert codes(Verdict("1.1.1.1", Rating.FULLY, rationale=text)) == expected
    assert codes(Verdict("1.1.1.1", Rating.FULLY, assessor=text)) == expected


def test_findings_on_texts_name_their_column() -> None:
    at = Place("ratings.xlsx", 4, "requirement")
    verdict = Verdict("1.1.1.1", Rating.NOT_RELEVANT, "", ("x",), "A" * 300, at)

    found = [(finding.code, finding.at) for finding in check_verdicts(QUARTERS, [verdict])]

    assert found == [
        ("RATING-004", Place("ratings.xlsx", 4, "rationale")),
        ("RATING-007", Place("ratings.xlsx", 4, "evidence")),
        ("RATING-008", Place("ratings.xlsx", 4, "assessor")),
    ]


def test_a_sheet_is_refused_with_all_findings_in_order() -> None:
    verdicts = [
        Verdict("", Rating.FULLY),
        Verdict("1.1.1.1", Rating.NOT_RELEVANT),
        Verdict("1.1.1.1", Rating.FULLY),
    ]

    with pytest.raises(RefusalError) as refusal:
        rating_sheet(QUARTERS, verdicts)

    found = [finding.code for finding in refusal.value.findings]
    assert found == ["RATING-001", "RATING-004", "RATING-002"]
    assert refusal.value.findings[0].facts["requirement"] == "(empty)"
    assert refused_by(lambda: rating_sheet(QUARTERS, [])) is None
