"""The `stannary` command."""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from stannary import __version__
from stannary.cli.output import CANNOT_READ, INTERRUPTED, print_error
from stannary.core.kernel import RefusalError

COMMANDS = ("score", "balance", "trace", "verify", "report", "log", "standards", "production")
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
    _prepare_streams()
    arguments = build_parser().parse_args(argv)
    run = cast("Callable[[argparse.Namespace], int]", arguments.run)
    try:
        code = run(arguments)
        sys.stdout.flush()  # here, where what goes wrong can be told, not when Python ends
    except RefusalError as refusal:
        print_error(refusal.findings[0].message)
        more = len(refusal.findings) - 1
        if more:
            print_error(
                f"{more} more finding{'s' if more > 1 else ''} of this kind; correct this one first."
            )
        return CANNOT_READ
    except BrokenPipeError:
        _give_up_output()
        return CANNOT_READ
    except OSError as problem:
        _give_up_output()
        print_error(f"{problem.strerror or problem}. Make room, or write somewhere else.")
        return CANNOT_READ
    except KeyboardInterrupt:
        _give_up_output()
        return INTERRUPTED
    return code


def _prepare_streams() -> None:
    """Print UTF-8 wherever it goes, and stand in for a stream that the caller closed."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as above
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names of files may hold bytes that are no text; JSON reads these escapes back
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _give_up_output() -> None:
    """Throw away what nobody takes, so that Python does not try again when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:
        return  # not a stream of this process, or closed


if __name__ == "__main__":
    sys.exit(main())
