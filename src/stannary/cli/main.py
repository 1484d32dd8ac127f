"""The `stannary` command."""

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import cast

from stannary import __version__
from stannary.cli.output import CANNOT_READ, print_error
from stannary.core.kernel import RefusalError

COMMANDS = ("score", "balance", "trace", "verify", "log", "standards")
"""Each is a module of this package with `add_parser(subparsers)`."""


def build_parser() -> argparse.ArgumentParser:
    """Build the whole command line."""
    parser = argparse.ArgumentParser(
        prog="stannary",
        description="Score a site, balance and trace material, verify claims: on files, without a server.",
    )
    parser.add_argument("--version", action="version", version=f"stannary {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"stannary.cli.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 holds, 1 does not hold, 2 cannot be read."""
    arguments = build_parser().parse_args(argv)
    run = cast("Callable[[argparse.Namespace], int]", arguments.run)
    try:
        return run(arguments)
    except RefusalError as refusal:
        print_error(refusal.findings[0].message)
        more = len(refusal.findings) - 1
        if more:
            print_error(
                f"{more} more finding{'s' if more > 1 else ''} of this kind; correct this one first."
            )
        return CANNOT_READ
    except BrokenPipeError:
        sys.stderr.close()
        return CANNOT_READ


if __name__ == "__main__":
    sys.exit(main())
