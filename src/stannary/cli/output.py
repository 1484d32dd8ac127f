"""How commands speak: text for people, one JSON object for programs, messages on standard error."""

import json
import sys
from collections.abc import Iterable

from stannary.core.kernel import Finding

DONE = 0
DOES_NOT_HOLD = 1
CANNOT_READ = 2
INTERRUPTED = 130


def print_json(content: object) -> None:
    """Print one JSON object, keys in the order given, characters as they are."""
    print(json.dumps(content, ensure_ascii=False, indent=2))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print each finding as one line on standard output."""
    for finding in findings:
        print(on_one_line(finding.message))


def print_error(message: str) -> None:
    """Print a message as one line on standard error."""
    print(f"stannary: {on_one_line(message)}", file=sys.stderr)


def on_one_line(text: str) -> str:
    """Replace what breaks a line or moves the cursor of a terminal: strangers wrote the files."""
    return "".join(
        sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text
    )
