"""Each guard is shown a broken tree and must name what is broken, and a sound one and must not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import models
from django.test.utils import isolate_apps

from tidy import guards

ROOT = Path(__file__).resolve().parents[2]
CORE = "src/stannary/core/thing"
WEB = "src/stannary/web/thing"
RULE = 'A = Rule(\n    code="{}",\n    demand="",\n)\n'
PAGE = "docs/reference/rules.md"


def lines(count: int) -> str:
    return "x = 1\n" * count


def function(count: int) -> str:
    """Give a function of so many lines, its head included."""
    return "def act():\n" + "    x = 1\n" * (count - 1)


def word(*parts: str) -> str:
    """Put together what must not stand here."""
    return "".join(parts)


class Bite(NamedTuple):
    """A guard, files that it must accept, files that it must not, and how it names what is wrong."""

    guard: Callable[[Path], list[str]]
    sound: dict[str, str]
    broken: dict[str, str]
    named: str


NO_REASONS = partial(guards.core_modules_without_tests, types_only={})
ONE_REASON = partial(guards.core_modules_without_tests, types_only={"thing/weigh.py": "made up"})
HERE = partial(guards.paths_of_this_machine)

BITES = {
    "a module of 601 lines": Bite(
        guards.long_modules,
        {f"{CORE}/a.py": lines(600)},
        {f"{CORE}/a.py": lines(601)},
        f"{CORE}/a.py: 601 lines",
    ),
    "a function of 61 lines": Bite(
        guards.long_functions,
        {f"{CORE}/a.py": function(60)},
        {f"{CORE}/a.py": function(61)},
        f"{CORE}/a.py:1: act has 61 lines",
    ),
    "an async method of 61 lines": Bite(
        guards.long_functions,
        {f"{WEB}/a.py": "class A:\n    async def act(self):\n" + "        x = 1\n" * 59},
        {f"{WEB}/a.py": "class A:\n    async def act(self):\n" + "        x = 1\n" * 60},
        f"{WEB}/a.py:2: act has 61 lines",
    ),
    "a float in core": Bite(
        guards.floats_in_core,
        {f"{CORE}/a.py": 'x = 1\ny = "0.5"'},
        {f"{CORE}/a.py": "x = 1\ny = 0.5"},
        f"{CORE}/a.py:2",
    ),
    "a float made in core": Bite(
        guards.floats_in_core,
        {f"{WEB}/a.py": "x = float(3)"},
        {f"{CORE}/a.py": "x = float(3)"},
        f"{CORE}/a.py:1",
    ),
    "a code used twice": Bite(
        guards.repeated_codes,
        {f"{CORE}/rules.py": RULE.format("THING-001") + RULE.format("THING-002")},
        {f"{CORE}/rules.py": RULE.format("THING-001"), f"{WEB}/rules.py": RULE.format("THING-001")},
        f"THING-001: {CORE}/rules.py and {WEB}/rules.py",
    ),
    "a code of another form": Bite(
        guards.repeated_codes,
        {f"{CORE}/rules.py": RULE.format("THING-001")},
        {f"{CORE}/rules.py": RULE.format("Thing-1")},
        f"Thing-1: {CORE}/rules.py",
    ),
    "a rule of core elsewhere": Bite(
        guards.core_rules_elsewhere,
        {f"{CORE}/rules.py": RULE.format("THING-001")},
        {f"{CORE}/a.py": RULE.format("THING-001")},
        f"THING-001: {CORE}/a.py",
    ),
    "a code that no test names": Bite(
        guards.untested_codes,
        {f"{CORE}/rules.py": RULE.format("THING-001"), "tests/core/thing/test_a.py": '"THING-001"'},
        {f"{CORE}/rules.py": RULE.format("THING-001"), "tests/core/thing/test_a.py": '"THING-002"'},
        f"THING-001: {CORE}/rules.py",
    ),
    "a code that only a test of form names": Bite(
        guards.untested_codes,
        {f"{CORE}/rules.py": RULE.format("THING-001"), "tests/web/test_a.py": "THING-001"},
        {f"{CORE}/rules.py": RULE.format("THING-001"), "tests/tidy/test_a.py": "THING-001"},
        f"THING-001: {CORE}/rules.py",
    ),
    "a code that the page has not": Bite(
        guards.undocumented_codes,
        {f"{CORE}/rules.py": RULE.format("THING-001"), PAGE: "| THING-001 | It is so. |"},
        {f"{CORE}/rules.py": RULE.format("THING-001"), PAGE: "| THING-002 | See THING-001 |"},
        f"THING-001: {CORE}/rules.py",
    ),
    "a page that is not there": Bite(
        guards.undocumented_codes,
        {f"{CORE}/a.py": ""},
        {f"{CORE}/rules.py": RULE.format("THING-001")},
        f"THING-001: {CORE}/rules.py",
    ),
    "a module of core without tests": Bite(
        NO_REASONS,
        {
            f"{CORE}/weigh.py": function(2),
            "tests/core/thing/test_weigh.py": "",
            f"{CORE}/types.py": "x = 1",
        },
        {f"{CORE}/weigh.py": function(2), "tests/core/thing/test_other.py": ""},
        f"{CORE}/weigh.py: tests/core/thing/test_weigh.py is missing",
    ),
    "a reason that is not needed": Bite(
        ONE_REASON,
        {f"{CORE}/weigh.py": function(2)},
        {f"{CORE}/weigh.py": function(2), "tests/core/thing/test_weigh.py": ""},
        "thing/weigh.py: needs no reason",
    ),
    "a reason for nothing": Bite(
        ONE_REASON,
        {f"{CORE}/weigh.py": function(2)},
        {f"{CORE}/a.py": "x = 1"},
        "thing/weigh.py: is not there",
    ),
    "a mark of unfinished work": Bite(
        guards.unfinished,
        {f"{CORE}/a.py": "# to do: see issue 9"},
        {f"{CORE}/a.py": "x = 1  # " + word("FIX", "ME")},
        f"{CORE}/a.py:1: " + word("FIX", "ME"),
    ),
    "a mark of unfinished work in a document": Bite(
        guards.unfinished,
        {"docs/a.md": word("XX", "XY")},
        {"docs/a.md": "\n" + word("XX", "X") + ": later"},
        "docs/a.md:2: " + word("XX", "X"),
    ),
    "a mine called certified": Bite(
        guards.called_certified,
        {"docs/a.md": "The mine is assessed; its owner has a certified chain of custody."},
        {"docs/a.md": word("A Certi", "fied  Mine.")},
        "docs/a.md:1: " + word("Certi", "fied  Mine"),
    ),
    "a mine called certified in a page": Bite(
        guards.called_certified,
        {"tests/a.py": word("certi", "fied mine")},
        {f"{WEB}/templates/a.html": word("certi", "fied site")},
        f"{WEB}/templates/a.html:1: " + word("certi", "fied site"),
    ),
    "an address in a list of packages": Bite(
        guards.addresses_in_locks,
        {"requirements/core.txt": "django==5.2 --hash=sha256:00"},
        {"requirements/core.txt": "--index-url https://example.org/simple"},
        "requirements/core.txt:1: ://",
    ),
    "a folder of the machine": Bite(
        HERE,
        {"docs/a.md": "See ./work/a and https://example.org/work/a and /api/v1/work/list."},
        {"docs/a.md": "See " + word("/wo", "rk/a.") + " There."},
        "docs/a.md:1: " + word("/wo", "rk/a."),
    ),
    "somebody's own folder": Bite(
        HERE,
        {"docs/a.md": "~/home/x"},
        {"docs/a.md": word("/ho", "me/somebody/x")},
        "docs/a.md:1: " + word("/ho", "me/somebody"),
    ),
    "a row saved outside of operations": Bite(
        guards.writes_outside_operations,
        {f"{WEB}/operations.py": "row.save()", f"{WEB}/migrations/0001.py": "row.save()"},
        {f"{WEB}/views.py": "def act(row):\n    row.save()"},
        f"{WEB}/views.py:2: row.save",
    ),
    "rows changed outside of operations": Bite(
        guards.writes_outside_operations,
        {f"{WEB}/views.py": "context.update(a=1)\nhash.update(b'')"},
        {f"{WEB}/views.py": "Site.objects.filter(a=1).update(a=2)"},
        f"{WEB}/views.py:1: Site.objects.filter(a=1).update",
    ),
    "a row made outside of operations": Bite(
        guards.writes_outside_operations,
        {f"{WEB}/management/commands/demo.py": "Site.objects.create()"},
        {f"{WEB}/queries.py": "Site.objects.create()"},
        f"{WEB}/queries.py:1: Site.objects.create",
    ),
    "rows deleted outside of operations": Bite(
        guards.writes_outside_operations,
        {f"{CORE}/a.py": "row.delete()"},
        {f"{WEB}/queries.py": "site.visit_set.all().delete()"},
        f"{WEB}/queries.py:1: site.visit_set.all().delete",
    ),
}


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("bite", BITES.values(), ids=BITES)
def test_the_guard_names_what_is_broken_and_nothing_else(tmp_path: Path, bite: Bite) -> None:
    assert bite.guard(plant(tmp_path / "sound", bite.sound)) == []
    assert bite.guard(plant(tmp_path / "broken", bite.broken)) == [bite.named]


def test_the_folder_of_the_checkout_is_found_wherever_it_is(tmp_path: Path) -> None:
    folder = Path(word("/srv/", "checkouts/here"))
    plant(tmp_path, {"docs/a.md": f"cd {folder}\n", "docs/b.md": f"cd {folder}-too\n"})

    assert guards.paths_of_this_machine(tmp_path) == []
    assert guards.paths_of_this_machine(tmp_path, folder) == [f"docs/a.md:1: {folder}"]


@pytest.mark.parametrize(
    "folder", [".git", ".venv/lib", "var", "src/stannary/__pycache__", "build"]
)
def test_what_is_installed_or_built_is_not_ours(tmp_path: Path, folder: str) -> None:
    plant(tmp_path, {f"{folder}/a.py": word("FIX", "ME"), "src/a.py": "x = 1"})

    assert [path.name for path in guards.our_files(tmp_path)] == ["a.py"]
    assert guards.unfinished(tmp_path) == []


APPS = ("standards", "assessments", "custody", "publications")


@isolate_apps(*(f"stannary.web.{app}" for app in APPS))
def test_a_key_along_the_flow_is_named_also_when_it_is_a_string() -> None:
    class Assessment(models.Model):  # noqa: DJ008 - it is never shown
        standard = models.ForeignKey(
            "standards.Standard", models.PROTECT
        )  # against the flow: right
        earlier = models.ForeignKey("self", models.PROTECT)

        class Meta:
            app_label = "assessments"

    class Standard(models.Model):  # noqa: DJ008 - it is never shown
        newest = models.ForeignKey("assessments.Assessment", models.PROTECT)

        class Meta:
            app_label = "standards"

    class Lot(models.Model):  # noqa: DJ008 - it is never shown
        results: Any = models.ManyToManyField(word("publications", ".Result"))
        standard = models.ForeignKey(Standard, models.PROTECT)

        class Meta:
            app_label = "custody"

    class Result(models.Model):  # noqa: DJ008 - it is never shown
        gone = models.ForeignKey("claims.NotThere", models.PROTECT)

        class Meta:
            app_label = "publications"

    assert guards.keys_along_the_flow([Assessment]) == []
    assert guards.keys_along_the_flow([Standard, Lot, Result]) == [
        "standards.Standard.newest -> assessments",
        "custody.Lot.results -> publications",
        "publications.Result.gone -> claims",
    ]


@isolate_apps("stannary.web.parties")
def test_an_app_without_a_place_in_the_flow_is_named() -> None:
    class Stray(models.Model):  # noqa: DJ008 - it is never shown
        person = models.ForeignKey("parties.Person", models.PROTECT)

        class Meta:
            app_label = "stray"

    assert guards.keys_along_the_flow([Stray]) == [
        "stray.Stray.person -> parties: put the app into FLOW"
    ]


def copied_tree(folder: Path) -> Path:
    """Copy what decides about imports: the settings and the Python modules."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(
        ROOT / "src" / "stannary",
        folder / "src" / "stannary",
        ignore=shutil.ignore_patterns(
            "__pycache__", "data", "static", "templates", "locale", "*.mo"
        ),
    )
    return folder


def test_a_planted_import_breaks_its_contract(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    with (root / "src/stannary/core/scores/scoring.py").open("a") as module:
        module.write("\nfrom stannary.core import custody\n")
    with (root / "src/stannary/core/kernel/dates.py").open("a") as module:
        module.write("\nimport time\n")

    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 1, done.stdout
    broken = [
        line.removesuffix(" BROKEN")
        for line in done.stdout.splitlines()
        if line.endswith(" BROKEN")
    ]
    assert {"Assurance does not know custody", "Core performs no input or output"} <= set(broken)
    assert "Only signing touches cryptography" not in broken


def test_a_planted_look_at_the_clock_is_refused(tmp_path: Path) -> None:
    core = tmp_path / "src" / "stannary" / "core"
    core.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "src/stannary/core/ruff.toml", core)
    (core / "late.py").write_text(
        '"""Late."""\n\nimport datetime\n\nTODAY = datetime.date.today()\n'
    )

    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ruff")),
            "check",
            "--no-cache",
            "--output-format",
            "concise",
            "src",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert "TID251 `datetime.date.today` is banned: Take the day as an argument" in done.stdout
