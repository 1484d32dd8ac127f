"""Writes docs/reference/cli.md from the command line itself; `--check` only compares.

The page is made from the parsers, not from their printed help, whose layout differs between
versions of Python.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from stannary.cli.main import build_parser

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cli.md"
HEAD = """\
# Commands

Written by `scripts/reference_cli.py` from the program itself; do not edit.
What the files hold and what the exit codes mean: [contracts](contracts.md).

"""


def page() -> str:
    """Write the whole page."""
    return HEAD + "\n".join(_sections(build_parser(), "stannary")).rstrip() + "\n"


def _sections(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    yield f"{'#' * (len(name.split()) + 1)} {name}\n"
    yield f"{(parser.description or '').strip()}\n" if parser.description else ""
    rows = [row for action in _actions(parser) for row in _row(action)]
    if rows:
        yield f"    {_usage(parser, name)}\n"
        yield "| argument | meaning |\n|---|---|"
        yield "\n".join(rows) + "\n"
    if parser.epilog:
        yield f"{parser.epilog.strip()}\n"
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse gives no public way to its parts
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001 - as above
            for command, inner in action.choices.items():
                if not inner.description:
                    inner.description = f"{helps.get(command, '').strip().capitalize()}."
                yield from _sections(inner, f"{name} {command}")


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        action
        for action in parser._actions  # noqa: SLF001 - as above
        if not isinstance(action, argparse._HelpAction)  # noqa: SLF001 - as above
    ]


def _usage(parser: argparse.ArgumentParser, name: str) -> str:
    parts = [name]
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            parts.append(str(action.metavar))
        elif not action.option_strings:
            parts.append(_positional(action))
        else:
            text = action.option_strings[-1] + _value(action)
            parts.append(text if action.required else f"[{text}]")
    return " ".join(parts)


def _positional(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    many = {"?": f"[{name}]", "*": f"[{name} …]", "+": f"{name} …"}
    return many.get(str(action.nargs), name)


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices:
        return " " + "|".join(str(choice) for choice in action.choices)
    return f" {action.metavar or action.dest.upper()}"


def _row(action: argparse.Action) -> Iterator[str]:
    if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
        return
    names = (
        ", ".join(f"`{option}{_value(action)}`" for option in action.option_strings)
        if action.option_strings
        else f"`{_positional(action)}`"
    )
    needed = " Needed." if action.required and action.option_strings else ""
    if isinstance(action, argparse._AppendAction):  # noqa: SLF001 - as above
        needed = " May be given several times."
    meaning = (action.help or ("one of these" if action.choices else "")).replace("|", "\\|")
    yield f"| {names.replace('|', chr(92) + '|')} | {meaning}{'.' if needed and meaning else ''}{needed} |"


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is not what the program says; call make docs.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
