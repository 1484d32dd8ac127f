"""A report is offered in a language that has every word of it, and says what has no translation."""

import re
from collections.abc import Iterable
from typing import Any

import polib
import pytest
from django.test import Client
from django.utils import translation

from stannary.core.corrections import Grade
from stannary.core.corrections.findings import State as FindingState
from stannary.core.cycle import Role
from stannary.core.publications.about import Kind
from stannary.core.publications.dates import STEPS
from stannary.core.stakeholders import Channel, Disposition, Group
from stannary.core.standards import Rating
from stannary.web.cycle.models import ScopeUnit
from stannary.web.publications import report, report_languages
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.report_languages import missing, needed, offered
from stannary.web.publications.report_templates import template
from stannary.web.publications.report_words import WORDS, coded
from web.publications.test_report import opened, text_of

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
MORE = {"es": "es", "pt": "pt", "zh-hans": "zh_Hans"}


def test_five_languages_are_complete() -> None:
    assert {code: missing(code) for code in report_languages.NAMES} == {
        code: frozenset() for code in ("en", "fr", "es", "pt", "zh-hans")
    }
    assert list(offered()) == ["en", "fr", "es", "pt", "zh-hans"]


def test_what_is_needed_are_the_words_and_the_steps_of_a_derivation() -> None:
    assert set(WORDS.values()) < needed()
    assert "The level is pending; %(floor_title)s is certain." in needed()


@pytest.mark.parametrize("code", MORE)
def test_a_catalogue_of_the_report_holds_what_it_needs_and_keeps_placeholders(
    code: str, settings: Any
) -> None:
    file = settings.LOCALE_PATHS[0] / MORE[code] / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(file))

    assert {one.msgid for one in catalogue} == needed()
    assert not catalogue.obsolete_entries()
    for one in catalogue:
        assert not one.fuzzy
        assert sorted(PLACEHOLDER.findall(one.msgstr)) == sorted(PLACEHOLDER.findall(one.msgid))


def test_a_language_without_a_catalogue_is_not_offered() -> None:
    assert missing("de") == needed()
    assert "de" not in offered()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "lang", "title", "step", "note"),
    [
        ("es", "es", "Resultado de Example Pit", "El más bajo es el principio", "Lo marcado con"),
        (
            "pt",
            "pt",
            "Resultado de Example Pit",
            "O mais baixo é o princípio",
            "O que está marcado",
        ),
        ("zh-hans", "zh-CN", "Example Pit 的结果", "取决于得分最低的原则", "没有译文"),
    ],
)
def test_a_report_speaks_the_language_asked_for_and_marks_what_is_not_translated(
    code: str, lang: str, title: str, step: str, note: str,
    published: PublishedResult, client: Client,
) -> None:  # fmt: skip
    response = client.get(f"/results/{published.result_id}.pdf?language={code}")
    pdf = opened(response.content)
    text = text_of(pdf).replace("\n", "").replace("\u00a0", " ")

    assert response.headers["Content-Language"] == code
    assert str(pdf.Root.Lang) == lang
    assert title in text
    assert step in text
    assert note in text
    assert "Integrity and accountability [en]" in text
    assert f":8000/results/{published.result_id}/" in text.replace("\u200b", "")


@pytest.mark.django_db
def test_a_language_that_the_standard_has_bears_no_mark(published: PublishedResult) -> None:
    for code in ("en", "fr"):
        with translation.override(code):
            data = report.data(template(), published)
        assert data["fallback"] == ""
        assert "[en]" not in str(data)


@pytest.mark.django_db
def test_a_language_that_is_not_offered_is_not_there(
    published: PublishedResult, client: Client
) -> None:
    assert client.get(f"/results/{published.result_id}.pdf?language=de").status_code == 404
    assert client.get(f"/results/{published.result_id}.pdf?language=../x").status_code == 404


@pytest.mark.django_db
def test_a_report_that_lacks_a_word_says_so(
    published: PublishedResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_languages, "is_complete", lambda _code: False)

    assert report.data(template(), published)["notes"] == [
        "Part of this report has no translation yet and stands in English."
    ]


def test_a_code_that_has_no_word_is_shown_as_it_is() -> None:
    assert coded({"unit.pit": "open pit"}, "unit", "pit") == "open pit"
    assert coded({}, "unit", "heap_leach") == "heap leach"


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("kind", Kind),
        ("step", STEPS),
        ("role", set(Role) - {Role.RESPONDENT}),
        ("unit", ScopeUnit.Kind),
        ("group", Group),
        ("channel", Channel),
        ("disposition", set(Disposition) - {Disposition.WITHDRAWN}),
        ("grade", Grade),
        ("state", FindingState),
        ("rating", Rating),
    ],
)
def test_every_code_that_a_result_may_hold_has_a_word(kind: str, codes: Iterable[str]) -> None:
    assert [code for code in codes if f"{kind}.{code}" not in WORDS] == []
