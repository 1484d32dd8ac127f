"""What is wrong in a chapter, a translation or a claim of a pack, and on which line."""

from pathlib import Path

import pytest

from formats.pack_files import (
    CHAPTER,
    CUSTODY,
    FRENCH,
    STANDARD,
    Wrong,
    changed,
    line_of,
    only_finding,
    refused,
    write_pack,
)

SECOND = '[[requirement]]\nid = "1.2.1.2"'

WRONG_IN_CHAPTER = [
    Wrong(
        'principle = "1"\n',
        "",
        "STANDARD-002",
        "id",
        "principle",
        {"missing": "principle"},
    ),
    Wrong(
        'demand = "Something else is so."\n',
        "",
        "STANDARD-002",
        SECOND,
        "demand",
        {"missing": "demand"},
    ),
    Wrong(
        "critical = true\n",
        "",
        "STANDARD-002",
        "[[requirement]]",
        "critical",
        {"missing": "critical"},
    ),
    Wrong(
        "critical = true",
        "criticl = true\ncritical = true",
        "STANDARD-002",
        "criticl",
        "criticl",
        {"unknown": "criticl"},
    ),
    Wrong(
        "critical = true",
        'critical = "true"',
        "KERNEL-004",
        "critical",
        "critical",
        {"value": "true"},
    ),
    Wrong(
        'demand = "Something else is so."',
        'demand = ""',
        "STANDARD-006",
        SECOND,
        None,
        {"requirement": "1.2.1.2"},
    ),
    Wrong(
        'id = "1.2.1.2"',
        'id = "1.3.1.2"',
        "STANDARD-004",
        '[[requirement]]\nid = "1.3',
        None,
        {"requirement": "1.3.1.2"},
    ),
    Wrong(
        'id = "1.2.1.2"',
        'id = "1.2.1.1"',
        "STANDARD-003",
        '[[requirement]]\nid = "1.2.1.1"\ntitle = "Shorter',
        None,
        {"id": "1.2.1.1"},
    ),
    Wrong(
        'id = "1.2.1"',
        'id = "1.2.1"\nnumber = 1',
        "STANDARD-002",
        "number",
        "number",
        {"unknown": "number"},
    ),
    Wrong(
        '[[section]]\nid = "1.2.1"\ntitle = "Heading"',
        'section = "none"',
        "KERNEL-004",
        "section",
        "section",
        {"kind": "list of tables"},
    ),
    Wrong(
        'principle = "1"',
        'principle = "2"',
        "STANDARD-005",
        "id",
        None,
        {"chapter": "1.2", "principle": "2"},
    ),
    Wrong(
        'id = "1.2"',
        'id = "1.3"',
        "STANDARD-014",
        "id",
        None,
        {"file": "1.2.toml", "holds": "1.3"},
    ),
    Wrong(
        'mark = "own"\nsource = "made up"\n\n[[section]]',
        'mark = "x"\nsource = "made up"\n\n[[section]]',
        "KERNEL-003",
        "mark",
        "mark",
        {"mark": "x"},
    ),
]


@pytest.mark.parametrize("wrong", WRONG_IN_CHAPTER, ids=Wrong.name)
def test_what_is_wrong_in_a_chapter_is_refused_with_its_line(tmp_path: Path, wrong: Wrong) -> None:
    text = changed(CHAPTER, wrong.old, wrong.new)
    finding = refused(write_pack(tmp_path, chapter=text))[0]

    assert wrong.matches(finding, tmp_path / "chapters/1.2.toml", text), finding.message


WRONG_IN_TRANSLATION = [
    Wrong(
        '[principle."1"]',
        '[principle."2"]',
        "STANDARD-015",
        '[principle."2"]',
        None,
        {"principle": "2"},
    ),
    Wrong(
        '[requirement."1.2.1.1"]',
        '[requirement."1.2.1.9"]',
        "STANDARD-015",
        "[requirement",
        None,
        {"requirement": "1.2.1.9"},
    ),
    Wrong(
        "[level.HALF]",
        "[level.HALVE]",
        "STANDARD-015",
        "[level",
        None,
        {"level": "HALVE"},
    ),
    Wrong(
        "[rating.fully]",
        "[rating.wholly]",
        "STANDARD-015",
        "[rating",
        None,
        {"rating": "wholly"},
    ),
    Wrong(
        "[rating.fully]",
        "[ratings.fully]",
        "STANDARD-002",
        "[ratings",
        "ratings",
        {"unknown": "ratings"},
    ),
    Wrong(
        'title = "Court"',
        'title = "Court"\nwhy = ""',
        "STANDARD-002",
        "why",
        "why",
        {"unknown": "why"},
    ),
    Wrong(
        'title = "Court"',
        "title = 1",
        "KERNEL-004",
        "title = 1",
        "title",
        {"value": "1"},
    ),
    Wrong(
        'language = "fr"',
        'language = "de"',
        "STANDARD-014",
        "language",
        None,
        {"file": "fr.toml", "holds": "de"},
    ),
]


@pytest.mark.parametrize("wrong", WRONG_IN_TRANSLATION, ids=Wrong.name)
def test_what_is_wrong_in_a_translation_is_refused_with_its_line(
    tmp_path: Path, wrong: Wrong
) -> None:
    text = changed(FRENCH, wrong.old, wrong.new)
    finding = refused(write_pack(tmp_path, french=text))[0]

    assert wrong.matches(finding, tmp_path / "i18n/fr.toml", text), finding.message


def test_a_custody_pack_has_no_ratings_and_an_assurance_pack_no_claims(tmp_path: Path) -> None:
    rated = CUSTODY + STANDARD[STANDARD.index("[[rating]]") : STANDARD.index("[[level]]")]
    claim = CUSTODY[CUSTODY.index("[[claim]]") :]

    findings = refused(write_pack(tmp_path / "a", standard=rated, french=None, cases=None))
    assert {(finding.code, finding.facts["unknown"]) for finding in findings} == {
        ("STANDARD-002", "rating"),
        ("STANDARD-002", "chapter"),
    }
    finding = only_finding(write_pack(tmp_path / "b", standard=f"{STANDARD}\n{claim}"))
    assert (finding.code, finding.facts) == ("STANDARD-002", {"unknown": "claim"})


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('models = ["segregated"]', 'models = ["mixed"]', "KERNEL-004"),
        ('models = ["segregated"]', 'models = "segregated"', "KERNEL-004"),
        ('models = ["segregated"]\n', "", "STANDARD-002"),
        ("words = { en =", "words = { de = 1, en =", "KERNEL-004"),
        ("of lot {lot}.", "of lot {lot!r}.", "STANDARD-016"),
        ('en = "At', 'de = "At', "STANDARD-016"),
        ('value = "0"', 'value = "1.5"', "STANDARD-009"),
    ],
)
def test_what_is_wrong_in_a_claim_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    text = changed(CUSTODY, old, new)
    finding = only_finding(
        write_pack(tmp_path, standard=text, chapter=None, tenth=None, french=None, cases=None)
    )

    assert finding.code == code
    assert finding.at is not None
    assert finding.at.line is not None
    assert line_of(text, "[[claim]]") <= finding.at.line
