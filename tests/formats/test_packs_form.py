"""What is wrong in the main file of a pack, and on which line."""

from pathlib import Path

import pytest

from formats.pack_files import STANDARD, Wrong, changed, only_finding, refused, write_pack

WRONG_IN_STANDARD = [
    Wrong(
        'kind = "assurance"\n',
        "",
        "STANDARD-002",
        "# A",
        "kind",
        {"missing": "kind"},
    ),
    Wrong(
        'title = "First"\n',
        "",
        "STANDARD-002",
        "[[principle]]",
        "title",
        {"missing": "title"},
    ),
    Wrong(
        'publisher = "example"',
        'publisher = "example"\nowner = "me"',
        "STANDARD-002",
        "owner",
        "owner",
        {"unknown": "owner"},
    ),
    Wrong(
        'title = "Seen"',
        'title = "Seen"\nrank = 1',
        "STANDARD-002",
        "rank = 1",
        "rank",
        {"unknown": "rank"},
    ),
    Wrong(
        'unit = "day"',
        'unit = "day"\nvalid = 1',
        "STANDARD-002",
        "valid = 1",
        "valid",
        {"unknown": "valid"},
    ),
    Wrong(
        "{ from = 2026-01-01, value = 12,",
        "{ since = 2026-01-01, value = 12,",
        "STANDARD-002",
        "since",
        "since",
        {"unknown": "since"},
    ),
    Wrong(
        'kind = "assurance"',
        'kind = "insurance"',
        "KERNEL-004",
        'kind = "ins',
        "kind",
        {"value": "insurance"},
    ),
    Wrong(
        'texts = "full"',
        'texts = "some"',
        "KERNEL-004",
        "texts",
        "texts",
        {"value": "some"},
    ),
    Wrong(
        'publisher = "example"',
        'publisher = "../example"',
        "KERNEL-004",
        "publisher",
        "publisher",
        {"value": "../example"},
    ),
    Wrong(
        'edition = "1.0"',
        'edition = ".."',
        "KERNEL-004",
        "edition =",
        "edition",
        {"value": ".."},
    ),
    Wrong(
        'standard = "made-up"',
        'standard = "Made Up"',
        "KERNEL-004",
        "standard =",
        "standard",
        {"value": "Made Up"},
    ),
    Wrong(
        'language = "en"',
        'language = "english!"',
        "KERNEL-004",
        "language",
        "language",
        {"value": "english!"},
    ),
    Wrong(
        'licence = "CC0-1.0"',
        'licence = " "',
        "KERNEL-004",
        "licence",
        "licence",
        {"kind": "text that is not blank"},
    ),
    Wrong(
        'licence = "CC0-1.0"',
        'licence = ["CC0"]',
        "KERNEL-004",
        "licence",
        "licence",
        {"value": "a list", "kind": "text"},
    ),
    Wrong(
        'title = "Half"',
        'title = "Ha\\u001b[2Jlf"',
        "KERNEL-004",
        'title = "Ha',
        "title",
        {"kind": "text without control characters"},
    ),
    Wrong(
        "in_force_from = 2026-01-01",
        'in_force_from = "2026-01-01"',
        "KERNEL-004",
        "in_force",
        "in_force_from",
        {"value": "2026-01-01"},
    ),
    Wrong(
        "in_force_from = 2026-01-01",
        "in_force_from = 2026-01-01T00:00:00Z",
        "KERNEL-004",
        "in_force",
        "in_force_from",
        {},
    ),
    Wrong(
        "requirements_complete = true",
        'requirements_complete = "yes"',
        "KERNEL-004",
        "requirements_c",
        "requirements_complete",
        {"value": "yes"},
    ),
    Wrong(
        "requirements_complete = true",
        "requirements_complete = 1",
        "KERNEL-004",
        "requirements_c",
        "requirements_complete",
        {"value": "1"},
    ),
    Wrong(
        'value = "0.75"',
        "value = 0.75",
        "KERNEL-004",
        "0.75",
        "value",
        {"value": "0.75"},
    ),
    Wrong(
        'value = "0.75"',
        "value = nan",
        "KERNEL-004",
        "= nan",
        "value",
        {"value": "nan"},
    ),
    Wrong(
        'value = "0.75"',
        "value = 2026-01-01",
        "KERNEL-004",
        "{ value = 2026",
        "value",
        {"value": "2026-01-01"},
    ),
    Wrong(
        'value = "0.75"',
        "value = 0x" + "f" * 4000,
        "KERNEL-004",
        "0xff",
        "value",
        {"value": "a number over 9223372036854775807"},
    ),
    Wrong(
        'value = "0.75", ',
        "",
        "KERNEL-004",
        "points = { source",
        "value",
        {"value": "left out"},
    ),
    Wrong(
        'value = "0.75", source = "made up", mark = "own"',
        'value = "0.75", source = "made up", mark = "sure"',
        "KERNEL-003",
        '"sure"',
        "mark",
        {"mark": "sure"},
    ),
    Wrong(
        'value = "0.75", source = "made up", ',
        'value = "0.75", ',
        "STANDARD-002",
        '"0.75"',
        "source",
        {"missing": "source"},
    ),
    Wrong(
        'value = "0.75"',
        'value = "three quarters"',
        "KERNEL-004",
        "three q",
        None,
        {"name": "points", "value": "three quarters"},
    ),
    Wrong(
        'value = "substantially"',
        'value = "well"',
        "KERNEL-004",
        '"well"',
        None,
        {"name": "critical_at_least", "value": "well"},
    ),
    Wrong(
        'value = "substantially"',
        'value = "pending"',
        "KERNEL-004",
        '"pending"',
        None,
        {"name": "critical_at_least"},
    ),
    Wrong(
        "value = 12",
        'value = "12"',
        "KERNEL-004",
        "[parameters.surv",
        None,
        {"name": "surveillance_from_months", "value": "12"},
    ),
    Wrong(
        "value = 12",
        "value = 1201",
        "KERNEL-004",
        "[parameters.surv",
        None,
        {"value": "1201"},
    ),
    Wrong(
        'code = "not_met"',
        'code = "none"',
        "KERNEL-004",
        '"none"',
        "code",
        {"value": "none"},
    ),
    Wrong(
        "from = 2027-01-01, ",
        "",
        "KERNEL-005",
        "min_principle",
        None,
        {"from": "left out"},
    ),
    Wrong(
        'value = "0.6"',
        'value = "1.1"',
        "STANDARD-009",
        "min_principle",
        None,
        {"share": "1.1"},
    ),
    Wrong(
        'value = "0"',
        'value = "0.6"',
        "STANDARD-007",
        "[[rating]]",
        None,
        {"points": "1, 3/4, 1/2, 3/5"},
    ),
    Wrong(
        "[parameters.appeal_days]",
        "[parameter.appeal_days]",
        "STANDARD-002",
        "[parameter.a",
        "parameter",
        {"unknown": "parameter"},
    ),
    Wrong(
        'title = "Half"',
        'title = "Half',
        "STANDARD-001",
        'title = "Half\n',
        None,
        {},
    ),
    Wrong(
        'title = "Half"',
        'title = "Half"\ntitle = "Half"',
        "STANDARD-001",
        'title = "Half"\nsummary',
        None,
        {},
    ),
    Wrong(
        'mark = "?"', "mark = 1", "KERNEL-004", "mark = 1", "mark", {"value": "1", "kind": "text"}
    ),
    Wrong(
        "in_force_from = 2026-01-01\n",
        "",
        "STANDARD-002",
        "# A",
        "in_force_from",
        {"missing": "in_force_from"},
    ),
    Wrong("requirements_complete = true\n", "", "STANDARD-002", "# A", "requirements_complete", {}),
    Wrong(
        "min_principle_share = { values = [",
        "min_principle_share = { values = [ ], other = [",
        "KERNEL-004",
        "min_p",
        "values",
        {},
    ),
    Wrong('unit = "month"', "unit = true", "KERNEL-004", "unit = true", "unit", {"value": "true"}),
    Wrong(
        'unit = "month"', "unit = { a = 1 }", "KERNEL-004", "unit = {", "unit", {"value": "a table"}
    ),
    Wrong(
        "[parameters.appeal_days]",
        "[[parameters.appeal_days]]",
        "KERNEL-004",
        "[[parameters",
        "appeal_days",
        {"value": "a list", "kind": "table"},
    ),
    Wrong(
        'code = "HALF"',
        'code = "HALF"\nall_at_least = "fully"',
        "KERNEL-004",
        "all_at_least",
        "all_at_least",
        {"value": "fully", "kind": "table"},
    ),
]


@pytest.mark.parametrize("wrong", WRONG_IN_STANDARD, ids=Wrong.name)
def test_what_is_wrong_in_a_standard_is_refused_with_its_line(tmp_path: Path, wrong: Wrong) -> None:
    text = changed(STANDARD, wrong.old, wrong.new)
    finding = refused(write_pack(tmp_path, standard=text))[0]

    assert wrong.matches(finding, tmp_path / "standard.toml", text), finding.message


@pytest.mark.parametrize(
    ("value", "refusals"),
    [
        ("9223372036854775806", 0),
        ("9223372036854775807", 0),  # the largest that every reader must know
        ("9223372036854775808", 1),
        ("-9223372036854775808", 1),
    ],
)
def test_a_whole_number_fits_into_64_bits(tmp_path: Path, value: str, refusals: int) -> None:
    text = changed(STANDARD, 'unit = "month"', 'unit = ""').replace(
        "value = 12", f"value = {value}"
    )
    findings = refused(write_pack(tmp_path, standard=text))

    assert [finding.code for finding in findings] == ["KERNEL-004"] * refusals
    if refusals:
        assert findings[0].facts["value"] == "a number over 9223372036854775807"


def test_the_largest_whole_number_is_shown_as_it_is(tmp_path: Path) -> None:
    text = changed(STANDARD, 'title = "Seen"', "title = 9223372036854775807")

    assert only_finding(write_pack(tmp_path, standard=text)).facts["value"] == "9223372036854775807"
