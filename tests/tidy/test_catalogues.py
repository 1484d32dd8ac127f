"""Every string that a person can read is in the French catalogue, translated and current."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "stannary"
FRENCH = PACKAGE / "web" / "project" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The catalogue after every marked string of code and templates was gathered again."""
    copy = tmp_path_factory.mktemp("catalogue") / "stannary"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy.parent),
        "DJANGO_SETTINGS_MODULE": "stannary.web.project.settings_test",
    }
    # as in scripts/catalogues.py, but on a copy: gathering writes into the tree
    arguments = ["--locale", "fr", "--no-location", "--no-wrap", "--extension", "py,html,txt"]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *arguments],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return polib.pofile(str(copy / FRENCH.relative_to(PACKAGE)))


def test_no_string_lacks_its_french(gathered: polib.POFile) -> None:
    missing = [entry.msgid for entry in gathered.untranslated_entries()]

    assert missing == []


def test_no_french_string_is_only_a_guess(gathered: polib.POFile) -> None:
    fuzzy = [entry.msgid for entry in gathered if entry.fuzzy]

    assert fuzzy == []


def test_the_catalogue_holds_nothing_that_no_page_says(gathered: polib.POFile) -> None:
    assert [entry.msgid for entry in gathered.obsolete_entries()] == []


def test_french_keeps_every_placeholder(gathered: polib.POFile) -> None:
    for entry in gathered:
        originals = {entry.msgid, entry.msgid_plural} - {""}
        wanted = [set(PLACEHOLDER.findall(text)) for text in originals]
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not text or set(PLACEHOLDER.findall(text)) in wanted, entry.msgid


def test_a_mine_is_never_called_certified_in_french(gathered: polib.POFile) -> None:
    word = re.compile(r"\b(mine|site)s? certifiée?s?", re.IGNORECASE)

    assert [entry.msgid for entry in gathered if word.search(entry.msgstr)] == []
