"""How commands speak: text for people, one JSON object for programs, messages on standard error."""

import json
import sys
from collections.abc import Iterable

from stannary.core.kernel import Finding

DONE = 0
DOES_NOT_HOLD = 1
CANNOT_READ = 2


def print_json(content: object) -> None:
    """Print one JSON object, keys in the order given, characters as they are."""
    print(json.dumps(content, ensure_ascii=False, indent=2))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print each finding as one line on standard output."""
    for finding in findings:
        print(finding.message)


def print_error(message: str) -> None:
    """Print a message on standard error."""
    print(f"stannary: {message}", file=sys.stderr)
