"""Writes the reference pages from the program itself; `--check` only compares them.

docs/reference/rules.md comes from the rules as they are imported; the pages on the command line
and on the endpoints come from reference_cli.py and reference_api.py beside this file, the one on the
cycle from reference_cycle.py.
"""

import argparse
import ast
import importlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from stannary.core.kernel import Rule

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "rules.md"
OTHERS = ("reference_cli.py", "reference_api.py", "reference_cycle.py")
HEAD = """\
# Rules

Written by `scripts/reference.py` from the rules themselves; do not edit.
A code is permanent: the function that applies the rule, its message, its test and the page in the web carry it.
Texts here are the English originals; the web speaks the reader's language.
"""


class Declared(NamedTuple):
    """A rule and the file that declares it, as a path from the top of the repository."""

    rule: Rule
    file: str


def declared_rules(root: Path = ROOT) -> list[Declared]:
    """Import every module that declares a rule and give the rules, in the order of their codes."""
    source = root / "src"
    found: list[Declared] = []
    for path in sorted(source.rglob("*.py")):
        names = _declared_names(path)
        if names:
            module = importlib.import_module(
                ".".join(path.relative_to(source).with_suffix("").parts)
            )
            file = path.relative_to(root).as_posix()
            found += [Declared(getattr(module, name), file) for name in names]
    return sorted(found, key=lambda declared: declared.rule.code)


def _declared_names(path: Path) -> list[str]:
    """Give the names to which a module assigns a new Rule."""
    names: list[str] = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        called = statement.value.func
        if isinstance(called, ast.Name) and called.id == "Rule":
            names += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return names


def rules_page(rules: list[Declared]) -> str:
    """Write the page: a section for each beginning of codes, a row for each rule."""
    parts = [HEAD.rstrip()]
    section = ""
    for rule, file in rules:
        beginning = rule.code.rpartition("-")[0]
        if beginning != section:
            section = beginning
            parts.append(f"\n## {section}\n")
            parts.append(
                "| code | what must hold | what to do when it does not | source | declared in |"
            )
            parts.append("|---|---|---|---|---|")
        cells = (rule.code, rule.demand, rule.remedy, rule.source, f"`{file}`")
        parts.append("| " + " | ".join(map(_cell, cells)) + " |")
    return "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Write or compare every page; 1 when one of them is stale."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 when a page is stale"
    )
    arguments = parser.parse_args()
    page = rules_page(declared_rules())
    code = 0
    if not arguments.check:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        print(f"{PAGE.name} is not what the program says; call make docs.", file=sys.stderr)
        code = 1
    for other in OTHERS:
        command = [sys.executable, str(ROOT / "scripts" / other), *sys.argv[1:]]
        code = max(code, subprocess.run(command, check=False).returncode)  # noqa: S603 - our own files
    return code


if __name__ == "__main__":
    sys.exit(main())
