from pathlib import Path

import pytest

from formats.pack_files import CASES, STANDARD, Wrong, changed, write_pack
from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards.rules import CASE_HOLDS
from stannary.formats.packs import case_runs, load_pack, run_cases


def findings(folder: Path, cases: str) -> tuple[Finding, ...]:
    return run_cases(write_pack(folder, cases=cases))


def test_cases_that_come_out_as_the_pack_says_have_no_findings(tmp_path: Path) -> None:
    assert run_cases(write_pack(tmp_path)) == ()


def test_a_pack_without_cases_has_no_findings(tmp_path: Path) -> None:
    assert run_cases(write_pack(tmp_path, cases=None)) == ()


def test_every_case_is_told_with_what_came_out(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    runs, wrong = case_runs(folder, load_pack(folder))

    assert wrong == ()
    assert [run.came_out for run in runs] == [
        "determined HALF",
        "determined SEEN",
        "pending, floor SEEN, ceiling HALF",
        "none",
    ]
    assert all(run.holds for run in runs)
    assert [run.at.line for run in runs] == [
        number for number, line in enumerate(CASES.splitlines(), 1) if line == "[[case]]"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected", "came_out"),
    [
        ('level = "HALF"', 'level = "SEEN"', "determined SEEN", "determined HALF"),
        ('floor = "SEEN"\n', "", "pending, floor none, ceiling HALF", "pending, floor SEEN, ceiling HALF"),
        ('ceiling = "HALF"', "", "pending, floor SEEN, ceiling none", "pending, floor SEEN, ceiling HALF"),
        ('floor = "SEEN"', 'floor = "HALF"', "pending, floor HALF, ceiling HALF", "pending, floor SEEN, ceiling HALF"),
        ('rest = "not_relevant"', 'rest = "not_met"', "none", "determined SEEN"),
        ('"1.2.1.1" = "partially"', '"1.2.1.1" = "fully"', "determined SEEN", "determined HALF"),
        ('rest = "pending"', 'rest = "fully"', "pending, floor SEEN, ceiling HALF", "determined HALF"),
    ],
)  # fmt: skip
def test_a_case_that_comes_out_differently_is_a_finding(
    tmp_path: Path, old: str, new: str, expected: str, came_out: str
) -> None:
    text = changed(CASES, old, new)
    (finding,) = findings(tmp_path, text)

    assert finding.rule is CASE_HOLDS
    assert finding.code == "STANDARD-012"
    assert {name: finding.facts[name] for name in ("expected", "came_out")} == {
        "expected": expected,
        "came_out": came_out,
    }
    assert finding.at is not None
    assert finding.at.file == str(tmp_path / "cases/levels.toml")
    assert finding.at.line == text[: text.index(f'name = "{finding.facts["case"]}"')].count("\n")


def test_a_failed_case_says_where_what_and_how_to_mend_it(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, changed(CASES, 'level = "HALF"', 'level = "SEEN"'))

    assert finding.message == (
        f"{tmp_path}/cases/levels.toml, line 1: STANDARD-012: Every case that a pack brings comes out as the pack says. "
        "Here: case=All substantially met is more than half, expected=determined SEEN, came_out=determined HALF. "
        "Correct the rule in the pack, or the case if the expectation was wrong."
    )


def test_the_values_of_the_day_of_the_case_are_used(tmp_path: Path) -> None:
    # 4 requirements at 0.5, 0.75 ... are 7/12, between the 0.5 of 2026 and the 0.6 of 2027.
    case = """\
[[case]]
name = "{day}"
as_of = {day}
rest = "partially"
ratings = {{ "1.2.1.1" = "substantially" }}
state = "determined"
level = "{level}"
"""
    text = case.format(day="2026-12-31", level="HALF") + case.format(day="2027-01-01", level="SEEN")

    assert findings(tmp_path, text) == ()


def test_chapters_are_rated_before_single_requirements(tmp_path: Path) -> None:
    text = """\
[[case]]
name = "A chapter is not relevant but for one of its requirements"
as_of = 2026-06-01
rest = "not_met"
chapters = { "1.2" = "not_relevant", "1.10" = "not_relevant" }
ratings = { "1.2.1.2" = "fully" }
state = "determined"
level = "HALF"
"""

    assert findings(tmp_path, text) == ()


WRONG = [
    Wrong(
        'rest = "pending"',
        "",
        "STANDARD-002",
        '[[case]]\nname = "Nothing rated',
        "rest",
        {"missing": "rest"},
    ),
    Wrong(
        'rest = "pending"',
        'rest = "open"',
        "RATING-003",
        'rest = "open"',
        "rest",
        {"rating": "open"},
    ),
    Wrong(
        'rest = "pending"',
        "rest = 1",
        "KERNEL-004",
        "rest = 1",
        "rest",
        {"value": "1"},
    ),
    Wrong(
        'level = "HALF"',
        "",
        "STANDARD-002",
        "[[case]]",
        "level",
        {"missing": "level"},
    ),
    Wrong(
        'level = "HALF"',
        'level = "HALVE"',
        "KERNEL-004",
        'level = "HALVE"',
        "level",
        {"value": "HALVE"},
    ),
    Wrong(
        'floor = "SEEN"',
        'floor = "NONE"',
        "KERNEL-004",
        'floor = "NONE"',
        "floor",
        {"value": "NONE"},
    ),
    Wrong(
        'floor = "SEEN"',
        'floor = "SEEN"\nlevel = "SEEN"',
        "STANDARD-002",
        'level = "SEEN"\nceiling',
        "level",
        {"unknown": "level"},
    ),
    Wrong(
        'state = "none"',
        'state = "nothing"',
        "KERNEL-004",
        'state = "nothing"',
        "state",
        {"value": "nothing"},
    ),
    Wrong(
        'state = "none"',
        "",
        "STANDARD-002",
        '[[case]]\nname = "Nothing relevant',
        "state",
        {"missing": "state"},
    ),
    Wrong(
        '"1.10" = "not_relevant"',
        '"1.11" = "not_relevant"',
        "KERNEL-004",
        "chapters",
        "1.11",
        {"value": "1.11"},
    ),
    Wrong(
        '"1.2.1.1" = "partially"',
        '"1.2.1.9" = "partially"',
        "KERNEL-004",
        "ratings",
        "1.2.1.9",
        {"value": "1.2.1.9"},
    ),
    Wrong(
        '"1.2.1.1" = "partially"',
        '"1.2.1.1" = "partly"',
        "RATING-003",
        "ratings",
        "1.2.1.1",
        {"rating": "partly"},
    ),
    Wrong(
        'name = "Nothing rated leaves everything open"',
        "",
        "STANDARD-002",
        "[[case]]\n\nas_of",
        "name",
        {"missing": "name"},
    ),
    Wrong(
        '[[case]]\nname = "Nothing rated',
        '[[cases]]\nname = "Nothing rated',
        "STANDARD-002",
        "[[cases]]",
        "cases",
        {"unknown": "cases"},
    ),
    Wrong(
        '[[case]]\nname = "All',
        '[[case]\nname = "All',
        "STANDARD-001",
        "[[case]",
        None,
        {},
    ),
]


@pytest.mark.parametrize("wrong", WRONG, ids=Wrong.name)
def test_a_case_of_the_wrong_form_is_a_finding_with_its_line(tmp_path: Path, wrong: Wrong) -> None:
    text = changed(CASES, wrong.old, wrong.new)
    (finding,) = findings(tmp_path, text)

    assert wrong.matches(finding, tmp_path / "cases/levels.toml", text), finding.message


def test_an_outline_gives_no_level(tmp_path: Path) -> None:
    outline = changed(STANDARD, "requirements_complete = true", "requirements_complete = false")
    text = '[[case]]\nname = "All met"\nas_of = 2026-06-01\nrest = "fully"\nstate = "none"\n'

    assert run_cases(write_pack(tmp_path, standard=outline, cases=text)) == ()


def test_cases_of_a_pack_that_cannot_be_loaded_are_not_run(tmp_path: Path) -> None:
    with pytest.raises(RefusalError):
        run_cases(write_pack(tmp_path, standard="kind = 1"))
