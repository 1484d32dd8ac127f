"""What people wrote says its language where the page speaks another."""

import pytest
from django.utils import translation

from stannary.web.project.tongues import lang_of, language_of, said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The register hangs in the gatehouse, and a copy is on file.", "en"),
        ("Le registre est tenu, et une copie est au dossier.", "fr"),
        ("El registro está en la oficina y hay una copia.", "es"),
        ("O registro está na oficina e não há uma cópia dos dados.", "pt"),
        ("登记册已公布。", "zh-hans"),
        ("Seen again.", "en"),
        ("ISO 14001, 2024-06-01", "en"),
        ("", "en"),
    ],
)
def test_a_text_shows_its_language_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_language_is_said_where_it_is_not_the_pages() -> None:
    with translation.override("fr"):
        assert lang_of("The register is kept.") == ' lang="en"'
        assert lang_of("Le registre est tenu.") == ""
        assert lang_of("") == ""
        assert said("It is <kept>.\nHere.") == '<span lang="en">It is &lt;kept&gt;.<br>Here.</span>'
    with translation.override("en"):
        assert lang_of("The register is kept.") == ""
        assert said("It is <kept>.\nHere.") == "It is &lt;kept&gt;.<br>Here."
