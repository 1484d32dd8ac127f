"""Dates on pages are in the words of the reader; programs read them as ISO 8601."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

AT = datetime.datetime(2026, 3, 1, 14, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "filter_", "value", "said"),
    [
        ("en", "day", AT, "1 March 2026"),
        ("fr", "day", AT.date(), "1 mars 2026"),
        ("fr", "day", "2026-03", "mars 2026"),
        ("fr", "day", None, "date inconnue"),
        (
            "en",
            "moment",
            AT,
            '<time datetime="2026-03-01T14:05:00+00:00">1 March 2026, 14:05 UTC</time>',
        ),
        (
            "fr",
            "moment",
            AT.astimezone(datetime.timezone(datetime.timedelta(hours=1))),
            '<time datetime="2026-03-01T14:05:00+00:00">1 mars 2026, 14:05 UTC</time>',
        ),
        ("en", "moment", None, "date unknown"),
    ],
)
def test_a_date_is_in_the_words_of_the_reader(
    language: str, filter_: str, value: object, said: str
) -> None:
    with translation.override(language):
        shown = Template(f"{{{{ value|{filter_} }}}}").render(Context({"value": value}))
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == said
