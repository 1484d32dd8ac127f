"""A small made-up pack on disk that tests change one line of."""

from pathlib import Path
from typing import NamedTuple

from stannary.core.kernel import Finding, RefusalError
from stannary.formats.packs import load_pack

SOURCED = 'source = "made up", mark = "own", as_of = 2026-11-22'

STANDARD = f"""\
# A made-up standard, for tests.
kind = "assurance"
publisher = "example"
standard = "made-up"
edition = "1.0"
title = "Made-up standard 1.0"
short_title = "Made-up 1.0"
language = "en"
licence = "CC0-1.0"
in_force_from = 2026-01-01
requirements_complete = true
texts = "full"
summary = "For tests."

[[principle]]
id = "1"
title = "First"
mark = "own"
source = "made up"

[[rating]]
code = "fully"
title = "Fully meets"
points = {{ value = "1", {SOURCED} }}

[[rating]]
code = "substantially"
title = "Substantially meets"
points = {{ value = "0.75", {SOURCED} }}

[[rating]]
code = "partially"
title = "Partially meets"
points = {{ value = "0.5", {SOURCED} }}

[[rating]]
code = "not_met"
title = "Does not meet"
points = {{ value = "0", {SOURCED} }}

[[level]]
code = "SEEN"
title = "Seen"
summary = "Assessed."

[[level]]
code = "HALF"
title = "Half"
summary = "Half of all points."
min_principle_share = {{ values = [
  {{ value = "0.5", {SOURCED} }},
  {{ from = 2027-01-01, value = "0.6", {SOURCED} }},
] }}
critical_at_least = {{ value = "substantially", {SOURCED} }}

[parameters.surveillance_from_months]
unit = "month"
summary = "How long until the next visit."
values = [ {{ from = 2026-01-01, value = 12, {SOURCED} }} ]

[parameters.appeal_days]
unit = "day"
summary = "How long one may appeal."
source = "nothing was read"
mark = "?"
as_of = 2026-11-22
"""

CHAPTER = """\
id = "1.2"
principle = "1"
title = "Second"
mark = "own"
source = "made up"

[[section]]
id = "1.2.1"
title = "Heading"

[[requirement]]
id = "1.2.1.1"
title = "Short"
demand = "Something is so."
critical = true
applies = "where there is water"
why = "It matters."
evidence = "Records."
mark = "own"
source = "made up"

[[requirement]]
id = "1.2.1.2"
title = "Shorter"
demand = "Something else is so."
critical = false
mark = "own"
source = "made up"
"""

TENTH = """\
id = "1.10"
principle = "1"
title = "Tenth"
mark = "own"
source = "made up"

[[requirement]]
id = "1.10.1.1"
title = "Last"
demand = "Nothing else."
critical = false
mark = "own"
source = "made up"
"""

FRENCH = """\
language = "fr"
title = "Norme inventée 1.0"

[principle."1"]
title = "Premier"

[requirement."1.2.1.1"]
title = "Court"
demand = "Quelque chose est."

[level.HALF]
title = "Moitié"
summary = "La moitié des points."

[rating.fully]
title = "Satisfait"
"""

CASES = """\
[[case]]
name = "All substantially met is more than half"
as_of = 2026-06-01
rest = "substantially"
state = "determined"
level = "HALF"

[[case]]
name = "A failed critical gives only the lowest level"
as_of = 2026-06-01
rest = "fully"
chapters = { "1.10" = "not_relevant" }
ratings = { "1.2.1.1" = "partially" }
state = "determined"
level = "SEEN"

[[case]]
name = "Nothing rated leaves everything open"
as_of = 2026-06-01
rest = "pending"
state = "pending"
floor = "SEEN"
ceiling = "HALF"

[[case]]
name = "Nothing relevant gives no level"
as_of = 2026-06-01
rest = "not_relevant"
state = "none"
"""

CUSTODY = f"""\
kind = "custody"
publisher = "example"
standard = "made-up-custody"
edition = "1.0"
title = "Made-up custody 1.0"
short_title = "Custody 1.0"
language = "en"
licence = "CC0-1.0"
in_force_from = 2026-01-01
requirements_complete = true
texts = "full"
summary = "For tests."

[[claim]]
code = "SHARE"
title = "A share"
models = ["segregated"]
min_share = {{ value = "0", {SOURCED} }}
words = {{ en = "At least {{share}} of lot {{lot}}.", fr = "Au moins {{share}} du lot {{lot}}." }}
"""

FILES = {
    "standard.toml": STANDARD,
    "chapters/1.2.toml": CHAPTER,
    "chapters/1.10.toml": TENTH,
    "i18n/fr.toml": FRENCH,
    "cases/levels.toml": CASES,
}


def write_pack(folder: Path, **files: str | None) -> Path:
    """Write the pack, some of its files with other text; None leaves a file out.

    Names stand without folder and ending, dots as underscores: standard, chapter (1.2), tenth
    (1.10), french, cases.
    """
    names = dict(zip(("standard", "chapter", "tenth", "french", "cases"), FILES, strict=True))
    for name, path in names.items():
        text = files.get(name, FILES[path])
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """Replace what stands exactly once."""
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times")
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    """Give the line on which a part begins, counted from 1."""
    return text.count("\n", 0, text.index(part)) + 1


def refused(folder: Path) -> tuple[Finding, ...]:
    """Give all findings of a pack that cannot be loaded; none if it can."""
    try:
        load_pack(folder)
    except RefusalError as refusal:
        return refusal.findings
    return ()


def only_finding(folder: Path) -> Finding:
    """Give the finding of a pack that has exactly one."""
    findings = refused(folder)
    if len(findings) != 1:
        raise AssertionError([finding.message for finding in findings])
    return findings[0]


class Wrong(NamedTuple):
    """One thing done wrong in a file, and the finding that it must give.

    `at` is a text that begins on the line that the finding must name.
    """

    old: str
    new: str
    code: str
    at: str
    column: str | None
    facts: dict[str, str]

    def name(self) -> str:
        return f"{self.code} {self.new[:30]!a} for {self.old[:30]!a}"

    def matches(self, finding: Finding, file: Path, text: str) -> bool:
        """Whether a finding has this code, file, line, column and at least these facts."""
        at = finding.at
        return (
            finding.code == self.code
            and at is not None
            and (at.file, at.line, at.column) == (str(file), line_of(text, self.at), self.column)
            and self.facts.items() <= finding.facts.items()
        )
