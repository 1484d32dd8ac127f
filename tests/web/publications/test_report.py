"""The report as PDF: tagged, in the reader's language, the same bytes, safe whatever was written."""

import datetime
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import translation

from stannary.web.assessments import queries as assessment_queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rate
from stannary.web.parties.models import Person
from stannary.web.publications import glyphs, report, report_content
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import publish
from stannary.web.publications.report_setting import HAN, LATIN

pytestmark = pytest.mark.django_db

LONG = "Seen in the files of the last three years. " * 200


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def tags(node: pikepdf.Object) -> Iterator[str]:
    """Give the kinds of all elements of the structure tree."""
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from tags(node.K)
    elif isinstance(node, pikepdf.Array):
        for child in node:
            yield from tags(child)


def _operations(page: pikepdf.Page) -> Iterator[tuple[Any, str]]:
    for one in pikepdf.parse_content_stream(page):
        yield one.operands, str(one.operator)


def text_of(pdf: pikepdf.Pdf) -> str:
    """Read the text of every page through the fonts' own maps from glyph to character."""
    found: list[str] = []
    for page in pdf.pages:
        fonts = {name: _map(font) for name, font in page.Resources.Font.items()}
        font: dict[int, str] = {}
        for operands, operator in _operations(page):
            if operator == "Tf":
                font = fonts[str(operands[0])]
            elif operator == "TJ":
                found.extend(
                    _shown(bytes(one), font)
                    for one in operands[0]
                    if isinstance(one, pikepdf.String)
                )
            elif operator == "Tj":
                found.append(_shown(bytes(operands[0]), font))
            elif operator == "ET":
                found.append("\n")
    return "".join(found)


def _shown(codes: bytes, font: dict[int, str]) -> str:
    return "".join(
        font.get(int.from_bytes(codes[n : n + 2], "big"), "") for n in range(0, len(codes), 2)
    )


def _map(font: pikepdf.Object) -> dict[int, str]:
    """Read a ToUnicode map: the lines of its bfchar and bfrange blocks."""
    found: dict[int, str] = {}
    for line in bytes(font.ToUnicode.read_bytes()).decode("latin-1").splitlines():
        parts = [part.strip("<>") for part in line.split() if part.startswith("<")]
        if len(parts) == 2:
            found[int(parts[0], 16)] = bytes.fromhex(parts[1]).decode("utf-16-be")
        elif len(parts) == 3:
            for n in range(int(parts[1], 16) - int(parts[0], 16) + 1):
                found[int(parts[0], 16) + n] = chr(int(parts[2], 16) + n)
    return found


def _places(page: pikepdf.Page) -> Iterator[tuple[float, float]]:
    """Give where each piece of text begins, in points from the lower left corner."""
    stack = [pikepdf.Matrix()]
    for operands, operator in _operations(page):
        if operator == "q":
            stack.append(stack[-1])
        elif operator == "Q":
            stack.pop()
        elif operator == "cm":
            stack[-1] = pikepdf.Matrix(*(float(one) for one in operands)) @ stack[-1]
        elif operator == "Tm":
            place = pikepdf.Matrix(*(float(one) for one in operands)) @ stack[-1]
            yield place.e, place.f


@pytest.fixture
def written(auditor: Person, rated: Assessment) -> PublishedResult:
    """Publish a result with reasons that no font, line or page likes."""
    held = assessment_queries.newest_records([rated])[rated.pk]
    texts = {
        "1.1.1.1": '#eval("1+1") *bold* $x^2$ <script> `raw` @ref #image("x") // no',
        "1.1.1.2": "汉字 and 👍 and \ue000",
        "1.1.1.3": LONG,
        "1.2.2.2": "x" * 3000,
        "1.3.2.2": "line\n" * 900 + "end",
    }
    for requirement, reason in texts.items():
        rate(
            actor=auditor,
            assessment_id=rated.pk,
            requirement_id=requirement,
            rating="substantially",
            rationale=reason,
            evidence="https://pit.example/" + "a" * 1900,
            seen=held[requirement].id,
            at=datetime.datetime(2026, 1, 4, 18, tzinfo=datetime.UTC),
        )
    return publish(actor=auditor, assessment_id=rated.pk, published_on=datetime.date(2026, 1, 5))


def test_the_report_is_tagged_and_says_which_standards_it_keeps(
    published: PublishedResult, client: Client
) -> None:
    response = client.get(f"/results/{published.result_id}.pdf")

    pdf = opened(response.content)
    with pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Result of Example Pit"
    assert response.headers["Content-Type"] == "application/pdf"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en"
    kinds = set(tags(pdf.Root.StructTreeRoot))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/P"} <= kinds


def test_the_report_holds_what_the_page_holds(published: PublishedResult, client: Client) -> None:
    pdf = opened(client.get(f"/results/{published.result_id}.pdf").content)

    text = text_of(pdf).replace("\n", "")
    assert "OPEN 75" in text
    assert "The lowest principle decides, not the mean." in text
    assert "Management meets communities every quarter" in text
    assert "Illustrative. This mine, this firm and this result are made up" in text.replace(
        "  ", " "
    )
    assert published.sha256 in text
    for one in json.loads(published.content)["verdicts"]:
        assert one["requirement"] in text


def test_the_report_speaks_the_language_of_its_address(
    published: PublishedResult, client: Client
) -> None:
    french = opened(client.get(f"/fr/results/{published.result_id}.pdf").content)

    assert str(french.Root.Lang) == "fr"
    assert "Planifier des bénéfices durables" in text_of(french).replace("\n", "")


def test_the_report_is_the_same_bytes_each_time(
    published: PublishedResult, client: Client, settings: Any, tmp_path: Path
) -> None:
    first = client.get(f"/results/{published.result_id}.pdf")
    settings.REPORTS_FOLDER = tmp_path / "empty"
    second = client.get(f"/results/{published.result_id}.pdf")
    known = client.get(
        f"/results/{published.result_id}.pdf", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.content == second.content
    assert known.status_code == 304


def test_whatever_was_written_is_set_as_text_inside_the_page(
    written: PublishedResult, client: Client
) -> None:
    pdf = opened(client.get(f"/results/{written.result_id}.pdf").content)

    text = text_of(pdf).replace("\n", "")
    assert '#eval("1+1") *bold* $x^2$ <script> `raw` @ref #image("x")' in text
    assert "汉字 and [U+1F44D] and [U+E000]" in text
    assert "Some characters are in no font of this report" in text.replace("  ", " ")
    assert text.count("x" * 40) >= 70
    assert text.count("Seen") == 200


def test_a_row_longer_than_a_page_breaks_and_stays_on_the_pages(
    written: PublishedResult, client: Client
) -> None:
    pdf = opened(client.get(f"/results/{written.result_id}.pdf").content)

    for number, page in enumerate(pdf.pages):
        places = list(_places(page))
        assert places, number
        _left, bottom, right, top = (float(edge) for edge in page.MediaBox)
        assert all(0 < x < right and bottom < y < top for x, y in places), number
    assert len(pdf.pages) > 11


def test_a_report_without_a_level_is_set_too(auditor: Person, assessment: Assessment) -> None:
    rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="fully",
        seen=None,
        at=datetime.datetime(2026, 1, 4, 18, tzinfo=datetime.UTC),
    )
    row = publish(
        actor=auditor, assessment_id=assessment.pk, published_on=datetime.date(2026, 1, 5)
    )

    with translation.override("fr"):
        pdf = opened(report.pdf(row))
        text = text_of(pdf).replace("\n", "")

    assert row.level_state == "pending"
    assert str(pdf.Root.Lang) == "fr"
    assert "OPEN Transparency à OPEN 100" in text


def test_the_fonts_are_read_for_what_they_can_show() -> None:
    latin, han = glyphs.covered(LATIN), glyphs.covered(HAN)

    assert {ord(one) for one in "Aé€Жλệ"} <= latin
    assert ord("汉") not in latin
    assert {ord(one) for one in "汉字評価한"} <= han
    assert ord("👍") not in latin | han


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("汉b", "汉b"),
        ("a👍b", "a[U+1F44D]b"),
        ("👍👎", "[U+1F44D][U+1F44E]"),
        ("مرحبا", "<5 ARABIC>"),
        ("a\x00b\tc\nd", "a[U+0000]b\tc\nd"),
        ("soft\u00ad zero\u200bwidth", "soft\u00ad zero\u200bwidth"),
        ("\ue000\ue001\ue002", "<3 U+>"),
    ],
)
def test_what_no_font_has_is_said_and_not_drawn(text: str, expected: str) -> None:
    known = glyphs.covered(LATIN) | glyphs.covered(HAN)

    found = glyphs.showable({"a": [text, 1, None]}, known, "<%(count)s %(script)s>")
    assert found == {"a": [expected, 1, None]}


def test_words_without_end_break_where_nobody_sees() -> None:
    broken = report_content.breakable("https://a.example/" + "b" * 100 + " end")

    assert broken.replace("\N{ZERO WIDTH SPACE}", "") == "https://a.example/" + "b" * 100 + " end"
    assert max(len(piece) for piece in broken.split("\N{ZERO WIDTH SPACE}")) <= 44
