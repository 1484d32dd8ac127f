"""What the documents name is there: files, rules, links, commands, endpoints, sections that rules cite."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from stannary import __version__
from stannary.cli.main import COMMANDS, build_parser
from stannary.core.assessments import rating_sheet
from stannary.core.kernel import percent_text, share_text
from stannary.core.scores import score
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.ratings import read_ratings
from stannary.web.project import urls_data
from stannary.web.transparency_log import urls_files

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
MAP = ROOT / "docs" / "map.md"
TREES = ("src/", "tests/", "docs/", "scripts/", "requirements/", "benchmarks/", ".ci/")
TOP = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE",
    "Makefile",
    "pyproject.toml",
)

RULE = re.compile(r"\b(?:[A-Z]{2,}-[0-9]{3})\b")
DECLARED = re.compile(r'= Rule\(\s*code="([A-Z]+-[0-9]{3})"')
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
OTHERS_CODES = ("IRMA-", "OPEN-", "SHA-", "ISO-", "AES-", "RFC-", "ES-")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _sources() -> Iterator[Path]:
    for path in (ROOT / "src").rglob("*.py"):
        if "__pycache__" not in path.parts:
            yield path


def _declared() -> dict[str, Path]:
    return {code: path for path in _sources() for code in DECLARED.findall(_read(path))}


def _anchor(heading: str) -> str:
    """Give the anchor that a heading gets on the pages where documents are read."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"`|\*", "", heading.strip()).lower())
    return words.replace(" ", "-")


def _anchors(path: Path) -> set[str]:
    text = FENCE.sub("", _read(path))
    return {_anchor(found) for found in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    here = ROOT / name
    for target in LINK.findall(FENCE.sub("", _read(here))):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (here.parent / file).resolve() if file else here
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_named_exists(name: str) -> None:
    for text in CODE.findall(FENCE.sub("", _read(ROOT / name))):
        path = text.split("::")[0].rstrip("/")
        if not (path.startswith(TREES) or path in TOP) or " " in path or "<" in path:
            continue
        found = list(ROOT.glob(path)) if "*" in path else [ROOT / path]
        assert found, path
        assert all(one.exists() for one in found), path


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_that_is_named_is_declared(name: str) -> None:
    declared = _declared()

    named = set(RULE.findall(_read(ROOT / name)))

    assert {code for code in named if not code.startswith(OTHERS_CODES)} <= set(declared)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_is_named_exists(name: str) -> None:
    text = _read(ROOT / name)
    targets = set(re.findall(r"^([a-z]+):", _read(ROOT / "Makefile"), re.MULTILINE))

    assert set(re.findall(r"[`$] ?make ([a-z]+)", text)) <= targets
    commands = set(re.findall(r"(?:`|\$ |^    )stannary ([a-z]+)\b", text, re.MULTILINE))
    assert commands <= set(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_mine_is_never_called_certified(name: str) -> None:
    assert not re.search(r"\bcertified (mine|site)", _read(ROOT / name), re.IGNORECASE)


def _rows_of_the_map() -> list[tuple[str, str, str]]:
    """Give question, rule codes and place of each row of "Where is the rule that …"."""
    text = _read(MAP)
    table = text[text.index("## Where is the rule that …") :].split("\n## ")[0]
    rows = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| …"):
            assert len(cells) == 3, line
            rows.append((cells[0], cells[1], cells[2]))
    return rows


def test_the_map_answers_at_least_25_questions() -> None:
    questions = [question for question, _, _ in _rows_of_the_map()]

    assert len(questions) >= 25
    assert len(questions) == len(set(questions))


def test_the_map_leads_to_the_file_that_declares_or_applies_the_rule() -> None:
    declared = _declared()
    for question, codes, place in _rows_of_the_map():
        files = [ROOT / path for path in CODE.findall(place)]
        assert files, question
        assert RULE.findall(codes), question
        for code in RULE.findall(codes):
            constants = re.findall(rf'(\w+) = Rule\(\s*code="{code}"', _read(declared[code]))
            used = any(
                re.search(rf"{code}|\b{constants[0]}\b", _read(file))
                for file in files
                if file.is_file()
            )
            assert used, f"{question}: {code} is in none of {place}"


def test_the_map_shows_every_context_app_and_format() -> None:
    text = _read(MAP)
    for tree in ("core", "web"):
        for folder in (ROOT / "src" / "stannary" / tree).iterdir():
            if (folder / "__init__.py").exists():
                assert f"src/stannary/{tree}/{folder.name}" in text, folder.name
    for command in COMMANDS:
        assert f"`stannary {command}`" in text, command
    for beginning in {code.split("-")[0] for code in _declared()}:
        assert f"{beginning}-" in text, beginning


def _headings(path: str) -> str:
    return "\n".join(re.findall(r"^#+ .+$|^[0-9]+\. .+$", _read(ROOT / path), re.MULTILINE))


SOURCES = re.compile(
    r'source=f?"([^"]+)"|^_[A-Z_]+ = f?"((?:Stannary|Rulebook|rulebook)[^"]+)"', re.MULTILINE
)


def test_every_section_that_a_rule_cites_can_be_read() -> None:
    rulebook, design = (
        _headings("docs/reference/rulebook.md"),
        _headings("docs/reference/design.md"),
    )
    contracts = _headings("docs/reference/contracts.md")
    cited = {
        one or two
        for path in _sources()
        if path.name == "rules.py"
        for one, two in SOURCES.findall(_read(path))
    }

    assert len(cited) > 20
    for text in cited:
        for number in re.findall(r"[Rr]ulebook,? ([0-9]+(?:\.[0-9]+)?)", text):
            assert re.search(rf"^## {re.escape(number)} ", rulebook, re.MULTILINE), text
        for number in re.findall(r"invariant ([0-9]+)", text):
            assert re.search(rf"^{number}\. ", rulebook, re.MULTILINE), text
        for number in re.findall(r"contracts, section ([0-9]+)", text):
            assert re.search(rf"^## Section {number}: ", contracts, re.MULTILINE), text
        for number in re.findall(r"design, decision ([0-9]+)", text):
            assert re.search(rf"^{number}\. ", design, re.MULTILINE), text
        for number in re.findall(r"design, section ([0-9]+)", text):
            assert re.search(rf"^## Section {number}: ", design, re.MULTILINE), text
        if "pack format" in text:
            assert (ROOT / "docs/reference/packs.md").exists()
        if "claim file" in text:
            assert (ROOT / "docs/reference/claim-file.md").exists()
        if "style, data" in text:
            assert "### Data" in _headings("CONTRIBUTING.md")


def test_decisions_are_numbered_listed_and_of_one_form() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    listed = _read(ROOT / "docs" / "adr" / "README.md")

    assert [path.name[:4] for path in decisions] == [
        f"{n:04d}" for n in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        text = _read(path)
        title = text.splitlines()[0].removeprefix(f"# {path.name[:4]} ")
        assert f"({path.name}) | {title} |" in listed
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Options", "Decision", "Consequences"], path.name
        assert re.search(r"^Accepted [0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.MULTILINE), path.name
        assert len(text.splitlines()) <= 60, path.name


@pytest.mark.parametrize("script", ["reference_cli.py", "reference_api.py"])
def test_generated_pages_are_what_the_program_says(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr


def test_every_command_is_in_the_reference() -> None:
    build_parser()
    reference = _headings("docs/reference/cli.md")

    for command in COMMANDS:
        assert re.search(rf"^#+ stannary {command}$", reference, re.MULTILINE), command


def test_every_download_is_in_the_contracts() -> None:
    text = _read(ROOT / "docs" / "reference" / "contracts.md")
    routes = [f"/data/{route.pattern}".split(".")[0] for route in urls_data.urlpatterns]
    routes += [
        re.sub(r"<int:(\w+)>", r"<\1>", f"/{route.pattern}") for route in urls_files.urlpatterns
    ]

    assert len(routes) > 10
    for route in routes:
        assert f"`{route}" in text, route


def test_the_numbers_that_explain_a_score_are_what_comes_out() -> None:
    text = _read(ROOT / "docs" / "explanation" / "scoring.md")
    sample = ROOT / "docs" / "samples" / "ratings.csv"
    edition = load_pack(find_pack("stannary/open-mining/0.1"))
    sheet = rating_sheet(edition, read_ratings(sample))
    outcome = score(sheet, as_of=edition.in_force_from)

    rows = re.findall(
        r"^\| ([0-9]) \| ([0-9.]+) \| ([0-9]+) \| ([0-9.]+) % \|$", text, re.MULTILINE
    )
    assert rows == [
        (
            tally.id,
            share_text(tally.points),
            share_text(tally.possible),
            percent_text(tally.share or Fraction(0)),
        )
        for tally in outcome.principles
    ]
    points = sum((tally.points for tally in outcome.principles), Fraction(0))
    possible = sum((tally.possible for tally in outcome.principles), Fraction(0))
    mean = f"{share_text(points)} of {share_text(possible)} points, {percent_text(points / possible)} %"
    assert f"The mean of all relevant requirements is {mean}." in text
    lowest = min(outcome.principles, key=lambda tally: tally.share or Fraction(1))
    assert lowest.share is not None
    assert f"here {lowest.share.numerator}/{lowest.share.denominator} " in text
    counts = [sum(sheet.rating(r.id) == word for r in edition.requirements if r.id.startswith("2."))
              for word in ("fully", "substantially", "partially", "not_met", "not_relevant")]  # fmt: skip
    assert (
        f"{counts[4]} are not relevant. Of the other {sum(counts[:4])}, {counts[0]} are fully, "
        f"{counts[1]} substantially, {counts[2]} partially and {counts[3]} not met"
    ) in text
    assert outcome.level.code == "OPEN-50"
    assert outcome.next_level is not None
    assert outcome.next_level.points_needed == (("2", Fraction(3, 4)),)
    assert outcome.critical.relevant == 12
    assert outcome.critical.fully == 8


def test_what_pending_would_do_in_the_explanation_is_what_comes_out() -> None:
    edition = load_pack(find_pack("stannary/open-mining/0.1"))
    verdicts = read_ratings(ROOT / "docs" / "samples" / "ratings.csv")
    without = rating_sheet(edition, [v for v in verdicts if v.requirement != "2.1.2.1"])

    level = score(without, as_of=edition.in_force_from).level

    assert (level.state, level.code) == ("determined", "OPEN-50")


def test_the_changelog_speaks_of_this_version() -> None:
    assert re.search(rf"^## {re.escape(__version__)}\b", _read(ROOT / "CHANGELOG.md"), re.MULTILINE)
