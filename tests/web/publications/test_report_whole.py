"""The whole report of a result of form 2: everything that it says, beside the one before it."""

import re
import time
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.results import result_bytes
from stannary.web.publications import queries, report
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.report_templates import template
from web.publications.saying_all import REASON, Said, saying_all
from web.publications.test_report import opened, text_of

pytestmark = pytest.mark.django_db

PAGES = 150
SECONDS = 15


def data(said: Said, *, compared: bool = True) -> dict[str, Any]:
    with translation.override("en"):
        return report.data(template(), said.row, earlier=said.earlier if compared else None)


def test_the_report_says_all_that_form_2_says(open_mining: Edition) -> None:
    said = saying_all(open_mining)
    with translation.override("en"):
        content = report.pdf_with(template(), said.row, earlier=said.earlier)
    text = re.sub(r"\s+", " ", text_of(opened(content)).replace("\n", ""))

    for expected in (
        "This result corrects an earlier one. A name was wrong.",
        "A mine is assessed and has an achievement level.",
        "What was assessed, by whom and when",
        "Bo Tarn",
        "Stage 2, on site",
        "North pit",
        "Copper",
        "None here.",
        "The site rated itself: fully. We do, we think.",
        "Ruled by reviewer: The logs of May count too.",
        "Indigenous Peoples",
        "What was corrected: audit firm, 1.1.1.4",
        "looked into, nothing else showed it: The rosters of May show it.",
        "Cause: A form of 2019 is still in use.",
        "closed on 1 May 2026 by auditor",
        "Ratings that changed",
        "Entry in the public log",
        said.row.sha256,
    ):
        assert expected in text, expected


def test_bookmarks_lead_to_every_section_and_chapter(open_mining: Edition) -> None:
    said = saying_all(open_mining)
    with (
        translation.override("en"),
        opened(report.pdf_with(template(), said.row)) as pdf,
        pdf.open_outline() as outline,
    ):
        (top,) = outline.root
        sections = [one.title for one in top.children]
        chapters = next(x for x in top.children if x.title == "Every requirement").children

    assert top.title == "Result of Example Ridge"
    assert sections[0] == "Achievement level"
    assert sections[-1] == "Check it yourself"
    assert len(chapters) == len(open_mining.chapters)


def test_the_same_data_give_the_same_bytes_dated_on_the_day_of_publication(
    open_mining: Edition,
) -> None:
    said = saying_all(open_mining)
    with translation.override("en"):
        first = report.pdf_with(template(), said.row, earlier=said.earlier)
        second = report.pdf_with(template(), said.row, earlier=said.earlier)

    assert first == second
    with opened(first) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260601")


def test_the_earlier_result_stands_beside_this_one(open_mining: Edition) -> None:
    said = saying_all(open_mining)
    compared = data(said)["earlier"]["compared"]
    now = {one["id"]: one["share"] for one in data(said)["principles"]}
    before = {verdict.requirement: verdict.rating for verdict in said.earlier.verdicts}

    assert {one["id"]: one["now"] for one in compared["principles"]} == now
    assert all(one["before"] != one["now"] for one in compared["changed"])
    assert before[compared["changed"][0]["id"]] == compared["changed"][0]["before"]
    assert len(compared["level"]) == 2
    assert data(said, compared=False)["earlier"]["compared"] is None
    assert "not at hand" in data(said, compared=False)["earlier"]["text"]


def test_an_earlier_result_of_other_requirements_is_compared_as_far_as_it_goes(
    open_mining: Edition,
) -> None:
    said = saying_all(open_mining)
    score = {**said.earlier.score, "principles": None, "level": {"state": "none", "code": None}}
    odd = replace(said.earlier, verdicts=said.earlier.verdicts[:1], score=score)
    compared = data(Said(said.row, odd))["earlier"]["compared"]

    assert {one["before"] for one in compared["principles"]} == {"–"}
    assert compared["level"][0] == "no level"
    assert len(compared["changed"]) <= 1


def test_form_1_says_that_it_does_not_say(open_mining: Edition) -> None:
    content = result_bytes(saying_all(open_mining).earlier).decode()
    row = PublishedResult(
        result_id=uuid.UUID(int=1),
        standard=open_mining.id,
        content=content,
        sha256=sha256_hex(content.encode()),
    )
    with translation.override("en"):
        found = report.data(template(), row)
        text = text_of(opened(report.pdf_with(template(), row))).replace("\n", "")

    assert found["form_1"] is True
    assert (found["input"], found["actions"], found["earlier"]) == ([], [], None)
    assert "it names the firm and the lead auditor only" in text
    assert "Entry in the public log" not in text


def test_the_result_before_is_found_by_its_hash(
    open_mining: Edition, published: PublishedResult
) -> None:
    said = saying_all(open_mining)

    assert queries.before(said.row) is None
    assert queries.before(published) is None
    about = said.row.content.replace(
        re.search(r'"earlier":\{"id":"[^"]*","sha256":"(\w+)"', said.row.content)[1],  # type: ignore[index]
        published.sha256,
    )
    row = PublishedResult(content=about, sha256=sha256_hex(about.encode()))
    assert queries.before(row) == published


def test_a_result_that_does_not_hold_stands_as_it_was_published(open_mining: Edition) -> None:
    said = saying_all(open_mining)
    changed = said.row.content.replace("The lowest principle decides", "The mean decides")
    row = PublishedResult(
        result_id=said.row.result_id,
        standard=said.row.standard,
        content=changed,
        sha256=sha256_hex(changed.encode()),
    )
    with translation.override("fr"):
        steps = report.data(template(), row)["steps"]

    assert any("The mean decides" in one["sentence"] for one in steps)
    assert all(one["sentence"].endswith("[en]") for one in steps)


def test_a_second_reader_waits_for_nothing(
    published: PublishedResult, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"/results/{published.result_id}.pdf")
    monkeypatch.setattr(report, "pdf_with", lambda *_a, **_k: pytest.fail("set again"))

    assert client.get(f"/results/{published.result_id}.pdf").content == first.content


@pytest.mark.untraced
def test_a_hundred_and_fifty_pages_take_less_than_fifteen_seconds(
    edition_with: Any,
) -> None:
    said = saying_all(edition_with(420), reason=lambda n: REASON * 6 * n)
    begin = time.perf_counter()
    with translation.override("en"):
        content = report.pdf_with(template(), said.row, earlier=said.earlier)
    spent = time.perf_counter() - begin

    assert len(opened(content).pages) >= PAGES
    assert spent < SECONDS
