"""The message catalogues: `compile` makes the .mo files, `update` gathers the strings for translators.

`update` needs GNU gettext; `compile` needs nothing beyond the web packages.
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "stannary"
LOCALE = PACKAGE / "web" / "project" / "locale"


def compile_all() -> None:
    """Write each catalogue's .mo file when it is older than its .po file."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def update() -> None:
    """Gather every marked string of code and templates into the French catalogue."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "stannary.web.project.settings_test"}
    subprocess.run(
        [
            sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--no-location",
            "--no-wrap", "--extension", "py,html,txt",
        ],
        cwd=PACKAGE,
        env=environment,
        check=True,
    )  # fmt: skip
    compile_all()


if __name__ == "__main__":
    {"compile": compile_all, "update": update}[sys.argv[1]]()
