"""Pages about crosswalks: what is judged, what was found empty, what nobody has examined."""

import html
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client

from stannary.core.crosswalks import Crosswalk
from stannary.core.standards import Rating
from stannary.web.crosswalks import results
from stannary.web.crosswalks.models import CrosswalkRecord
from stannary.web.crosswalks.results import Rated, Source
from stannary.web.publications.crosswalk_source import SOURCE
from web.crosswalks.conftest import JUDGED, NAME, NOW, store_crosswalk

pytestmark = pytest.mark.django_db
LEAD, OTHER, THIRD = "example/made-up/1.0", "example/made-up-too/1.0", "example/third/1.0"
PAGE = f"/crosswalks/{NAME}/"
PLAN = f"/crosswalks/plan/?lead={LEAD}&with={OTHER}"


def text(client: Client, address: str) -> str:
    """Give the words of a page, blanks single."""
    answer = client.get(address)
    assert answer.status_code == 200
    body = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(html.unescape(body).split())


def test_the_list_counts_judgements_and_offers_a_plan(client: Client, made_up: Crosswalk) -> None:
    page = text(client, "/crosswalks/")

    assert "Judgements 7" in page
    assert (
        "the same 1 a part of it 1 all of it, and more 1 partly the same 1 examined: none 3" in page
    )
    assert "not examined 0 + 0" in page
    assert "Further standards" in page
    assert "outline" in page


def test_without_any_crosswalk_the_list_says_so(client: Client) -> None:
    assert "No crosswalk has been loaded." in text(client, "/crosswalks/")


def test_a_crosswalk_shows_each_judgement_with_both_coverages_and_its_author(
    client: Client, made_up: Crosswalk
) -> None:
    page = text(client, PAGE)

    assert "1.1.1.1 Requirement 1.1.1.1 the same 5.1.1.1 Requirement 5.1.1.1 100 % 100 %" in page
    assert "a part of it one way 5.1.1.2 Requirement 5.1.1.2 66 % –" in page
    assert "1.2 Chapter 1.2 partly the same 5.1 Chapter 5.1 under 1 % 50 %" in page
    assert "1.1.1 Heading all of it, and more 5.1.2 B 100 % 50 %" in page
    assert "Read side by side. Reader, 22 November 2026" in page
    assert "<b>Both</b> ask it." in page


def test_what_was_found_empty_and_what_nobody_examined_are_shown_apart(
    client: Client, made_up: Crosswalk
) -> None:
    CrosswalkRecord.objects.all().delete()
    store_crosswalk(replace(JUDGED, links=JUDGED.links[4:]))

    none = text(client, f"{PAGE}?relation=none")
    assert "3 found" in none
    assert "2.1.1.1 Requirement 2.1.1.1 examined: none nothing: examined against all of it" in none
    assert "nothing: examined against all of it examined: none 5.2.1.1" in none
    unexamined = text(client, f"{PAGE}?relation=unexamined")
    assert "6 found" in unexamined
    assert "1.1.1.1 Requirement 1.1.1.1 Made-up 1.0" in unexamined
    assert "5.1.2.1 Requirement 5.1.2.1 Other 1.0" in unexamined
    assert "2.1.1.1 Requirement" not in unexamined
    assert "2 found" in text(client, f"{PAGE}?relation=unexamined&chapter=1.1")
    assert "2.1 Chapter 2.1 1 0 1 0" in none


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 7), ("?relation=equal", 1), ("?relation=none", 3), ("?chapter=1.1", 4), ("?chapter=1.2", 1),
        ("?chapter=1.1&relation=none", 1), ("?chapter=9.9", 7), ("?relation=else", 7), ("?page=99", 7),
        ("?page=x", 7), ("?relation=unexamined", 0), ("?relation=equal&chapter=2.1", 0),
    ],
)  # fmt: skip
def test_judgements_are_filtered_by_relation_and_chapter(
    client: Client, made_up: Crosswalk, query: str, number: int
) -> None:
    assert f"{number} found" in text(client, PAGE + query)


def test_reasons_in_another_language_say_which(client: Client, made_up: Crosswalk) -> None:
    assert b'<span lang="en">Read side by side.' in client.get(f"/fr{PAGE}").content
    assert b"<span>Read side by side." in client.get(PAGE).content
    assert b'class="small" lang="en">Nothing like that.' in client.get(f"/fr{PLAN}").content
    assert b'class="small">Nothing like that.' in client.get(PLAN).content


def test_a_crosswalk_that_is_not_there_is_not_found(client: Client, made_up: Crosswalk) -> None:
    assert client.get("/crosswalks/nothing/").status_code == 404
    assert client.get("/crosswalks/nothing/gaps/").status_code == 404


# plans


def test_a_plan_tells_what_is_left_to_ask_and_by_what_the_rest_is_shown(
    client: Client, made_up: Crosswalk
) -> None:
    page = text(client, PLAN)

    assert "For 2 of its 4 requirements it counts elsewhere as well." in page
    assert "Other 1.0 4 2 1 0 1 0" in page
    assert "Left to ask for Other 1.0 2 requirements" in page
    assert (
        "5.1.1.2 Requirement 5.1.1.2 ask the rest 66 % 100 % 1.1.1.2 66 %, 1.2 in part of 5.1"
        in page
    )
    assert "5.2.1.1 Requirement 5.2.1.1 ask whole 0 % 0 % Nothing like that." in page


def test_a_plan_lists_the_requirements_of_one_state(client: Client, made_up: Crosswalk) -> None:
    page = text(client, PLAN + "&state=covered")

    assert "Other 1.0: covered 2 requirements" in page
    assert "5.1.1.1 Requirement 5.1.1.1 critical covered 100 % 100 % 1.1.1.1 100 %" in page
    assert "Nothing is left to ask." in text(client, PLAN + "&state=unexamined")
    assert "Left to ask" in text(client, PLAN + "&state=else")


def test_a_plan_for_several_standards_lists_one_of_them(client: Client, made_up: Crosswalk) -> None:
    both = f"{PLAN}&with={THIRD}"

    assert "Left to ask for Other 1.0" in text(client, both)
    page = text(client, f"{both}&of={THIRD}")
    assert "Left to ask for Third 4 requirements" in page
    assert "Third outline 4 0 0 0 0 4" in page
    assert "5.1.1.1 Requirement 5.1.1.1 critical not examined – – –" in page
    assert "Left to ask for Other 1.0" in text(client, f"{both}&of=nobody/nothing/1")


def test_judgements_on_some_clauses_only_are_named(client: Client, made_up: Crosswalk) -> None:
    CrosswalkRecord.objects.all().delete()
    store_crosswalk(replace(JUDGED, links=JUDGED.links[4:5]))

    assert "5.2.1.1 Requirement 5.2.1.1 not examined – – nothing in 1.1.1.1" in text(client, PLAN)


def test_a_plan_asks_for_what_it_needs(client: Client, made_up: Crosswalk) -> None:
    assert "Plan" in text(client, "/crosswalks/plan/")
    assert "Choose at least one further standard." in text(client, f"/crosswalks/plan/?lead={LEAD}")
    assert "Choose at least" not in text(client, "/crosswalks/plan/")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"lead={LEAD}&with={LEAD}", 422),
        (f"lead={LEAD}&with={OTHER}&with={OTHER}", 422),
        (f"lead={LEAD}&with=nobody/nothing/1", 404),
        (f"lead=nobody/nothing/1&with={OTHER}", 404),
    ],
)
def test_a_plan_of_what_cannot_be_joined_is_refused(
    client: Client, made_up: Crosswalk, query: str, status: int
) -> None:
    answer = client.get(f"/crosswalks/plan/?{query}")

    assert answer.status_code == status
    assert (b"CROSSWALK-007" in answer.content) == (status == 422)


# gaps


RESULT = uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01")


@pytest.fixture
def rated() -> Iterator[None]:
    """One published result under the first edition, known to the app above."""
    found = Rated(
        result_id=RESULT,
        site="Example <Pit>",
        illustrative=True,
        standard=LEAD,
        published_on=NOW.date(),
        ratings={"1.1.1.1": Rating.FULLY, "1.1.1.2": Rating.NOT_MET, "1.2.1.1": Rating.PARTIALLY},
    )
    source = Source(
        one=lambda result_id: found if result_id == RESULT else None,
        under=lambda editions, most: (found,)[:most] if LEAD in editions else (),
    )
    results.answer_with(source)
    yield
    results.answer_with(SOURCE)


def test_a_gap_report_begins_with_the_choice_of_a_result(
    client: Client, made_up: Crosswalk, rated: None
) -> None:
    page = text(client, f"{PAGE}gaps/")

    assert "Example <Pit> illustrative Made-up 1.0, 22 November 2026" in page


def test_without_results_there_is_nothing_to_choose(client: Client, made_up: Crosswalk) -> None:
    assert "No result under either standard has been published here yet." in text(
        client, f"{PAGE}gaps/"
    )


def test_a_gap_report_rates_nothing_and_shows_what_it_rests_on(
    client: Client, made_up: Crosswalk, rated: None
) -> None:
    page = text(client, f"{PAGE}gaps/?result={RESULT}")

    assert (
        "What the ratings of Example <Pit> under Made-up 1.0, published on 22 November 2026, say about Other 1.0."
        in page
    )
    assert (
        "A gap report rates nothing. Example <Pit> has not been assessed against Other 1.0" in page
    )
    assert "shown 1 What covers it whole is fully met." in page
    assert "gap 1 What would cover it is not met." in page
    assert "3 requirements" in page
    assert (
        "5.1.1.2 Requirement 5.1.1.2 gap 1.1.1.2 not met 66 % , 1.2 partially met under 1 %" in page
    )
    assert "5.1.2.1 Requirement 5.1.2.1 partly shown 1.1.1 partially met 100 %" in page
    assert "Other 1.0: shown 1 requirement" in text(
        client, f"{PAGE}gaps/?result={RESULT}&state=shown"
    )
    assert "Nothing here." in text(client, f"{PAGE}gaps/?result={RESULT}&state=perhaps")


@pytest.mark.parametrize("asked", [str(uuid.UUID(int=1)), "x", "1"])
def test_a_result_that_is_not_there_is_not_found(
    client: Client, made_up: Crosswalk, rated: None, asked: str
) -> None:
    assert client.get(f"{PAGE}gaps/?result={asked}").status_code == 404
