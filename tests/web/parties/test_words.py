"""Words: found whatever their accents, sources with their addresses as links, names of countries and materials."""

import pytest
from django.utils import translation

from stannary.web.parties import reference
from stannary.web.parties.search import finds, wanted
from stannary.web.parties.wording import figure_text, source_html


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("fenix", "Fénix", True),
        ("FÉNIX", "fenix", True),
        ("cote grande", "Grande Côte", True),
        ("cote petite", "Grande Côte", False),
        ("", "anything", True),
        ("œuvre", "ŒUVRE", True),
        ("strasse", "Straße", True),
    ],
)
def test_accents_and_capitals_do_not_matter(query: str, text: str, found: bool) -> None:
    assert finds(wanted(query), [text]) is found


def test_a_query_is_cut_before_it_costs_anything() -> None:
    assert len("".join(wanted("ab " * 10_000))) <= 100


@pytest.mark.parametrize(
    ("source", "addresses"),
    [
        ("example.org, post of 5 May 2024", ["https://example.org"]),
        (
            "example.org/a/b; mine.example.net/c, of May",
            ["https://example.org/a/b", "https://mine.example.net/c"],
        ),
        ("example.org/?p=5104, announcement", ["https://example.org/?p=5104"]),
        ("see example.org/a.", ["https://example.org/a"]),
        ("Assessment Manual, February 2022", []),
        ("IRMA-STD-001 v1.0, 76 pages", []),
        ("our own count of the files in sites/", []),
    ],
)
def test_addresses_in_a_source_are_links(source: str, addresses: list[str]) -> None:
    shown = source_html(source)

    assert [part.partition('"')[0] for part in shown.split('href="')[1:]] == addresses


def test_a_source_cannot_bring_its_own_markup() -> None:
    shown = source_html('<a href="x">example.org/"onclick="b</a>')

    assert '<a href="x">' not in shown
    assert '"onclick' not in shown


def test_names_come_in_the_language_of_the_reader_or_as_they_are() -> None:
    with translation.override("fr"):
        assert reference.country_name("ZA") == "Afrique du Sud"
        assert reference.materials_text("iron lead") == "Fer, Plomb"
    assert reference.country_name("ZA", "en") == "South Africa"
    assert reference.country_name("QQ") == "QQ"
    assert reference.material_name("unobtainium") == "unobtainium"


def test_a_figure_that_we_do_not_know_keeps_the_words_of_its_file() -> None:
    assert figure_text("2024-03-companies", "x") == "Mining companies engaged"
    assert figure_text("2024-03-unheard-of", "As the file says") == "As the file says"
