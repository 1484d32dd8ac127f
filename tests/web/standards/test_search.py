"""Finding a requirement: by number, by words of any language, whatever the accents."""

import re
import time

import pytest
from django.test import Client

from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.standards import search

OPEN = load_pack(find_shipped_pack("stannary/open-mining/0.1"))
ADDRESS = "/standards/stannary/open-mining/0.1/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("1.2.2.2", ["1.2.2.2"]),
        ("1.2.2", ["1.2.2.1", "1.2.2.2", "1.2.2.3"]),
        ("1.2.2.", ["1.2.2.1", "1.2.2.2", "1.2.2.3"]),
        ("minutes 30 days COMMUNITY quarter", ["1.2.2.1"]),
        ("preoccupations MOTIVEE", ["1.2.2.2"]),
        ("préoccupations motivée", ["1.2.2.2"]),
        ("1.2.2 motivee", ["1.2.2.2"]),
        ("1.3 motivee", []),
        ("unobtainium", []),
        ("", []),
        ("   ", []),
    ],
)
def test_every_word_must_be_found(query: str, expected: list[str]) -> None:
    assert list(search.hits(OPEN, query)) == expected


def test_a_number_finds_what_begins_with_it_and_not_what_holds_it() -> None:
    assert all(found.startswith("1.1.") for found in search.hits(OPEN, "1.1"))
    assert len(search.hits(OPEN, "1.1")) == len(OPEN.requirements_by_chapter["1.1"])


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Propriété foncière", "propriete", "<mark>Propriété</mark> foncière"),
        ("ab<c", "AB", "<mark>ab</mark>&lt;c"),
        ("abXab", "ab", "<mark>ab</mark>X<mark>ab</mark>"),
        ("abcd", "abc bcd", "<mark>abcd</mark>"),
        ("Straße", "strasse", "<mark>Straße</mark>"),
        ("œuvre & co", "co", "œuvre &amp; <mark>co</mark>"),
        ("1.2 water", "1.2", "1.2 water"),
        ("", "ab", ""),
        ("a single letter", "a", "a single letter"),
        ("nothing", "", "nothing"),
        ("<mark>", "mark", "&lt;<mark>mark</mark>&gt;"),
    ],
)
def test_words_found_are_marked_and_all_else_is_escaped(text: str, query: str, marked: str) -> None:
    assert search.marked(text, query) == marked


@pytest.mark.django_db
def test_the_page_says_how_many_were_found(client: Client, shipped: None) -> None:
    text = client.get(f"{ADDRESS}?q=water").content.decode()
    number = len(search.hits(OPEN, "water"))

    assert f"{number} of 115 requirements hold “water”." in text
    assert text.count('<span class="id">') == number
    assert '<input type="search" id="q" name="q" maxlength="100" value="water"' in text


@pytest.mark.django_db
def test_nothing_found_says_so_and_what_to_try(client: Client, shipped: None) -> None:
    text = client.get(f"{ADDRESS}?q=unobtainium").content.decode()

    assert "No requirement of this edition holds all of “unobtainium”." in text
    assert "Try a single word" in text


@pytest.mark.django_db
def test_a_blank_search_shows_the_whole_standard(client: Client, shipped: None) -> None:
    assert 'id="requirements"' in client.get(f"{ADDRESS}?q=+").content.decode()


@pytest.mark.django_db
def test_words_of_the_other_language_show_the_text_they_were_found_in(
    client: Client, shipped: None
) -> None:
    english = client.get(f"{ADDRESS}?q=motivee").content.decode()
    french = client.get(f"/fr{ADDRESS}?q=motivee").content.decode()

    assert re.search(r'<p class="small" lang="fr">[^<]*<mark>motivée</mark>', english)
    assert '<p class="small" lang=' not in french
    assert "<mark>motivée</mark>" in french


@pytest.mark.untraced
def test_a_search_in_an_edition_is_quick() -> None:
    search.hits(OPEN, "water")
    start = time.process_time()
    for _round in range(20):
        search.hits(OPEN, "operator water days")
    assert time.process_time() - start < 0.2
