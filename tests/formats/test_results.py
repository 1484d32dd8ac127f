"""Published results as files."""

import io
import json
from functools import partial
from pathlib import Path

import pytest

from core.publications.test_results import published
from core.scores.score_vectors import edition
from refusals import refused_by
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.kernel import RefusalError
from stannary.core.publications import check_result, result_as_dict
from stannary.core.scores import score, score_as_dict
from stannary.core.standards import Rating
from stannary.formats import results
from stannary.formats.ratings import read_ratings
from stannary.formats.results import (
    ratings_csv,
    read_result,
    result_bytes,
    result_sha256,
)


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = published()
    path = tmp_path / "result.json"
    path.write_bytes(result_bytes(result))

    assert read_result(path) == result
    assert read_result(str(path), expected_sha256=result_sha256(result)) == result
    assert check_result(json.loads(path.read_bytes()), edition("quarters")) == ()


def test_blanks_and_the_order_of_keys_do_not_change_the_content_hash() -> None:
    result = published()
    shuffled = dict(reversed(list(result_as_dict(result).items())))
    pretty = json.dumps(shuffled, indent=3, ensure_ascii=False).encode()

    assert read_result(io.BytesIO(pretty), expected_sha256=result_sha256(result)) == result


def test_one_digit_changed_is_another_content() -> None:
    result = published()
    tampered = result_bytes(result).replace(b'"3.75"', b'"3.76"', 1)

    with pytest.raises(RefusalError) as refusal:
        read_result(io.BytesIO(tampered), "result.json", expected_sha256=result_sha256(result))

    (finding,) = refusal.value.findings
    assert finding.code == "PUBLICATION-003"
    assert finding.facts["published"] == result_sha256(result)
    assert str(finding.at) == "result.json"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "CREDENTIAL-002"),
        (b"{", "CREDENTIAL-002"),
        (b'{"a": 1, "a": 2}', "CREDENTIAL-002"),
        (b'{"a": 1.5}', "CREDENTIAL-002"),
        (b"[]", "PUBLICATION-006"),
        (b"{}", "PUBLICATION-006"),
        (b"\xff\xfe", "PUBLICATION-006"),
    ],
)
def test_what_is_no_result_is_refused(content: bytes, expected: str) -> None:
    assert refused_by(partial(read_result, io.BytesIO(content))) == expected


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused_by(partial(read_result, tmp_path / "none.json")) == "PUBLICATION-006"


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = result_bytes(published())

    monkeypatch.setattr(results, "MAX_BYTES", len(content))
    assert refused_by(partial(read_result, io.BytesIO(content))) is None
    monkeypatch.setattr(results, "MAX_BYTES", len(content) - 1)
    assert refused_by(partial(read_result, io.BytesIO(content))) == "PUBLICATION-006"


@pytest.mark.parametrize("letters", ["fffs ffff ffff f-p", "???? ffff ---- fff"])
def test_the_table_of_a_result_scores_the_same_again(letters: str) -> None:
    result = published(letters)

    verdicts = read_ratings(io.BytesIO(ratings_csv(result).encode()))

    again = score(rating_sheet(edition("quarters"), verdicts), as_of=result.as_of)
    assert score_as_dict(again) == result.score


@pytest.mark.parametrize(
    "reason", ["=HYPERLINK(1)", "-1 point", "+1", "@here", 'He said "no",\nno']
)
def test_a_reason_is_no_formula_in_a_table_and_comes_back_as_it_was(reason: str) -> None:
    links = ("https://example.org/a", "https://example.org/b")
    sheet = rating_sheet(edition("quarters"), [Verdict("1.1.1.1", Rating.PARTIALLY, reason, links)])

    table = ratings_csv(published(sheet=sheet))

    assert f",{reason[0]}" not in table
    assert f"\n{reason[0]}" not in table
    first = read_ratings(io.BytesIO(table.encode()))[0]
    assert (first.rationale, first.evidence) == (reason, links)
