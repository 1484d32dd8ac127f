"""Standards in the browser: tree, chapters, requirements at stable addresses, constants with sources."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from stannary.core.kernel import DatedValue, Mark
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.parties.models import Person
from stannary.web.standards import queries
from web.conftest import signed_in
from web.standards.conftest import long_edition, store

pytestmark = pytest.mark.django_db
OPEN = "/standards/stannary/open-mining/0.1/"
IRMA = "/standards/irma/mining/1.0/"
CUSTODY = "/standards/stannary/open-custody/0.1/"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_list_shows_every_edition_with_its_counts(client: Client, shipped: None) -> None:
    text = words(page(client, "/standards/"))

    assert "IRMA Standard for Responsible Mining 1.0 (outline)" in text
    assert "Requirements here 5 of 400+ Critical 5 of 40" in text
    assert "Requirements here 115 Critical 14" in text
    assert "chain of custody" in text


def test_nothing_loaded_says_so(client: Client, db: None) -> None:
    assert "No standard has been loaded." in page(client, "/standards/")


def test_the_tree_has_every_principle_chapter_and_requirement(
    client: Client, shipped: None
) -> None:
    text = page(client, OPEN)
    edition = queries.edition("stannary/open-mining/0.1")

    assert text.count('<section class="principle">') == 4
    assert text.count("<details><summary>") == 26
    for one in edition.requirements:
        assert f'href="{OPEN}{one.id}/"' in text
    assert "14 critical" not in text  # counted by principle and chapter
    assert words(text).count("requirements · 3 critical") == 3


def test_an_outline_says_what_it_is_and_which_titles_are_not_verified(
    client: Client, shipped: None
) -> None:
    text = page(client, IRMA)

    assert "This is an outline from public sources, not the standard." in text
    assert "no site can be scored against it here" in text
    assert words(text).count("not verified") >= 12
    assert words(text).count("no requirement known here") == 26
    assert "not verified" not in page(client, OPEN)


def test_constants_say_value_unit_source_and_mark_and_when_they_were_looked_up(
    client: Client, shipped: None
) -> None:
    text = page(client, IRMA)
    row = next(row for row in text.split("<tr>") if "surveillance_from_months" in row)

    assert words(row).split("surveillance_from_months")[1].startswith(" 12 months 1 June 2018")
    assert "einpresswire.com/<wbr>article/<wbr>789327496" in row
    assert "seen in several sources" in row
    assert "21 November 2026" in row
    unknown = next(row for row in text.split("<tr>") if "complaint_answer_days" in row)
    assert '<span class="unk">unknown</span>' in unknown
    points = next(row for row in text.split("<tr>") if "Substantially meets" in row)
    assert '<strong>0.75</strong> <span class="tag">placeholder</span>' in points
    assert "general knowledge, not verified" in points


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("surveillance_interval_months", "programs"),
        ("record_retention_years", "people only: nothing that is booked is ever deleted here"),
        ("loss_handling", "people only: programs have one rule"),
    ],
)
def test_a_constant_of_custody_says_who_asks_it_and_why_only_people(
    client: Client, shipped: None, name: str, asked: str
) -> None:
    text = page(client, "/standards/stannary/open-custody/1.0/")
    row = next(row for row in text.split("<tr>") if f">{name}<" in row)

    assert f" {asked}" in words(row)


def test_levels_show_their_tests_with_their_sources(client: Client, shipped: None) -> None:
    text = words(page(client, IRMA))

    assert "IRMA 75 Points in each principle, at least 75 %" in text
    assert "IRMA 75 Each relevant critical requirement, at least substantially met" in text
    assert "IRMA 100 Each relevant requirement, at least fully met" in text
    assert "IRMA Transparency No test: that results are public is enough" in text


def test_of_several_values_the_one_in_force_is_marked(client: Client, db: None) -> None:
    edition = load_pack(find_shipped_pack("stannary/open-mining/0.1"))
    months = edition.parameters["surveillance_from_months"]
    first = months.values[0]
    past = DatedValue(13, "test", Mark.OWN, first.as_of, edition.in_force_from.replace(month=2))
    far = DatedValue(14, "test", Mark.OWN, first.as_of, edition.in_force_from.replace(year=2190))
    changed = replace(months, values=(first, past, far))
    parameters = {**edition.parameters, "surveillance_from_months": changed}
    store(replace(edition, parameters=parameters))

    rows = [
        words(row) for row in page(client, OPEN).split("<tr>") if "surveillance_from_months" in row
    ]

    assert len(rows) == 3
    assert ["in force" in row for row in rows] == [False, True, False]


def test_custody_rules_show_the_words_that_may_be_used(client: Client, shipped: None) -> None:
    text = words(page(client, CUSTODY))

    assert (
        "At least share of the contained element in lot lot comes from sites at level or better."
        in text
    )
    assert "Smallest share: 100 %." in text
    assert "Requirements here" not in text
    french = page(client, f"/fr{CUSTODY}")
    assert "<blockquote>Au moins <var>" in french


def test_rules_of_all_five_models_say_what_is_not_in_the_product(
    client: Client, shipped: None
) -> None:
    text = words(page(client, CUSTODY.replace("0.1", "1.0")))

    assert "and this lot may hold none of it." in text
    assert "the material of this lot comes from elsewhere or from unknown mines." in text
    assert "Length of the balance period under mass balance." in text


def test_a_chapter_shows_its_requirements_with_their_demands_and_its_neighbours(
    client: Client, shipped: None
) -> None:
    text = page(client, f"{OPEN}1.2/")
    edition = queries.edition("stannary/open-mining/0.1")

    for one in edition.requirements_by_chapter["1.2"]:
        assert f'id="r{one.id}"' in text
        assert one.demand.split(",")[0] in text.replace("&#x27;", "'")
    assert 'rel="prev" href="/standards/stannary/open-mining/0.1/1.1/"' in text
    assert 'rel="next" href="/standards/stannary/open-mining/0.1/1.3/"' in text
    assert 'rel="prev"' not in page(client, f"{OPEN}1.1/")
    assert 'rel="next"' not in page(client, f"{OPEN}4.8/")


def test_a_chapter_of_an_outline_says_that_nobody_has_read_it(
    client: Client, shipped: None
) -> None:
    assert "Nobody here has read which requirements this chapter holds" in page(
        client, f"{IRMA}2.1/"
    )


def test_a_requirement_has_a_page_with_all_that_is_known(client: Client, shipped: None) -> None:
    text = words(page(client, f"{OPEN}1.1.1.1/"))
    one = queries.edition("stannary/open-mining/0.1").requirement_by_id["1.1.1.1"]

    assert one.critical
    assert "critical requirement" in text
    for part in (one.title, one.demand[:30], one.why[:30], one.evidence[:30], one.source):
        assert part.replace("'", "&#x27;") in text
    assert "stannary/open-mining/0.1/1.1.1.1" in text
    assert "Next" in text
    assert "Previous" not in text


def test_an_outlined_requirement_says_that_its_text_is_not_shipped(
    client: Client, shipped: None
) -> None:
    text = words(page(client, f"{IRMA}1.2.2.2/"))

    assert "The text of this requirement is not shipped here" in text
    assert "Applies unknown" in text
    assert "IRMA list of critical requirements" in text


def test_a_requirement_speaks_french_with_the_original_at_hand(
    client: Client, shipped: None
) -> None:
    text = page(client, f"/fr{OPEN}1.2.2.2/")

    assert "Les préoccupations reçoivent une réponse motivée" in text
    assert '<p lang="en"><strong>Concerns get a reasoned answer.</strong>' in text
    assert '<span lang="en">Consultation without an answer is only a meeting.</span>' in text


def test_what_is_not_translated_shows_the_original_and_says_so(client: Client, db: None) -> None:
    edition = load_pack(find_shipped_pack("stannary/open-mining/0.1"))
    french = edition.translations["fr"]
    demands = {name: text for name, text in french.requirement_demands.items() if name != "1.2.2.2"}
    titles = {name: text for name, text in french.requirement_titles.items() if name != "1.2.2.2"}
    less = replace(french, requirement_demands=demands, requirement_titles=titles)
    store(replace(edition, translations={"fr": less}))

    text = page(client, f"/fr{OPEN}1.2.2.2/")

    assert '<p class="demand"><span lang="en">The operator records each concern' in text
    assert "<details" not in text.partition("<main")[2]
    assert '<span lang="en">Concerns get a reasoned answer</span>' in text


@pytest.mark.parametrize(
    "address",
    [
        "/standards/irma/mining/9/",
        f"{OPEN}9.9/",
        f"{OPEN}9.9.9.9/",
        f"{OPEN}1.1.1/",
        f"{OPEN}levels/",
        "/standards/a/b/",
        "/standards/irma/mining/1.0/1.1.1.1/x/",
        "/fr/standards/irma/mining/9/",
    ],
)
def test_what_is_not_there_is_not_there_for_anybody(
    client: Client, shipped: None, outsider: Person, auditor: Person, address: str
) -> None:
    for visitor in (client, signed_in(outsider), signed_in(auditor)):
        assert visitor.get(address).status_code == 404


def test_the_words_of_strangers_stay_words(client: Client, db: None) -> None:
    bad = "<script>alert(1)</script>\"'&"
    edition = long_edition(3)
    one = replace(
        edition.requirements[0],
        title=bad,
        demand=bad,
        why=bad,
        evidence=bad,
        applies=bad,
        source=bad,
    )
    level = replace(edition.levels[0], title=bad, summary=bad)
    store(
        replace(
            edition, title=bad, short_title=bad, summary=bad, licence=bad, translations={},
            requirements=(one, *edition.requirements[1:]), levels=(level, *edition.levels[1:]),
            parameters={"x": replace(edition.parameters["surveillance_from_months"], name="x", summary=bad)},
        )
    )  # fmt: skip
    base = "/standards/stannary/open-mining/long-3/"

    for address in (
        "/standards/",
        base,
        f"{base}{one.id}/",
        f"{base}{one.chapter}/",
        f"{base}?q={bad}",
        f"{base}?q=alert",
    ):
        for prefix in ("", "/fr"):
            text = page(client, prefix + address)
            assert "<script" not in text
            assert (
                "alert(1)&lt;/script&gt;" in text
                or "<mark>&lt;script&gt;alert" in text
                or "<mark>alert<" in text
            )
