"""Downloads are safe to open in a spreadsheet and say under which licence they come."""

import pytest
from django.http import Http404

from stannary.web.project.downloads import safe_cell, stream


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-43.5", "-43.5"),
        ("+5", "+5"),
        ("plain", "plain"),
        (None, ""),
        (7, "7"),
    ],
)
def test_a_cell_never_begins_a_formula(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_a_list_streams_as_csv_with_its_licence() -> None:
    answer = stream("things", "csv", ["a", "b"], [{"a": 1, "b": 'x "y", z'}])

    assert b"".join(answer.streaming_content) == b'a,b\r\n1,"x ""y"", z"\r\n'  # type: ignore[arg-type]
    assert 'rel="license"' in answer["Link"]
    assert answer["Content-Disposition"] == 'attachment; filename="things.csv"'


def test_a_list_streams_as_json() -> None:
    answer = stream("things", "json", ["a"], [{"a": 1}, {"a": 2}])

    body = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert body == '{"licence": "CC0-1.0", "things": [\n{"a": 1},\n{"a": 2}\n]}\n'


def test_another_form_is_not_there() -> None:
    with pytest.raises(Http404):
        stream("things", "exe", [], [])
