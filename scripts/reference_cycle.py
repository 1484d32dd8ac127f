"""Writes docs/reference/cycle.md from the tables of core/cycle; `--check` only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from stannary.core.cycle import RIGHTS, STEPS, Action, ActKind, ClockKind, Role, State
from stannary.core.cycle.clocks import length_of
from stannary.core.cycle.states import ENDED

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cycle.md"
HEAD = """\
# The cycle

Written by `scripts/reference_cycle.py` from the tables of `src/stannary/core/cycle`; do not edit.
What the cycle is for, and why it is built so: [explanation](../explanation/cycle.md).
What each act needs beyond state and role: rules ENGAGEMENT-001 to ENGAGEMENT-015 in [rules](rules.md).
"""
EVERY = frozenset(State)


def page() -> str:
    """Write the whole page."""
    return "\n".join((HEAD, *_acts(), *_roles(), *_rights(), *_clocks())).rstrip() + "\n"


def _acts() -> Iterator[str]:
    yield "## Acts\n"
    yield "In the order in which an engagement meets them. A reason is needed where the last column says so.\n"
    yield "| act | who | possible in | leads to | reason |"
    yield "|---|---|---|---|---|"
    for kind, step in STEPS.items():
        who = ", ".join(role for role in Role if role in step.roles)
        same = "the state before" if kind is ActKind.REINSTATE else "the same state"
        leads = f"`{step.target}`" if step.target else same
        reason = "yes" if step.needs_reason else ""
        yield f"| `{kind}` | {who} | {states(step.sources)} | {leads} | {reason} |"
    yield ""


def states(those: frozenset[State]) -> str:
    """Name states in their order; the short way where only a few are missing."""
    if not those:
        return "never"
    if those == EVERY:
        return "every state"
    missing = EVERY - those
    if those == EVERY - ENDED:
        return "every state but ended ones"
    if len(missing) < 6:
        return "every state but " + _listed(missing)
    return _listed(those)


def _listed(those: frozenset[State]) -> str:
    return ", ".join(f"`{state}`" for state in State if state in those)


def _roles() -> Iterator[str]:
    yield "## Roles\n"
    yield "A person has roles in one engagement; the secretariat is in all of them.\n"
    yield "| role | acts it may do | work it may do |"
    yield "|---|---|---|"
    for role in Role:
        acts = ", ".join(f"`{kind}`" for kind, step in STEPS.items() if role in step.roles)
        work = ", ".join(f"`{action}`" for action in Action if role in RIGHTS[action])
        yield f"| {role} | {acts} | {work} |"
    yield ""


def _rights() -> Iterator[str]:
    yield "## Rights\n"
    yield "Work between the acts: a cell holds the states in which a role may do it; an empty one, none.\n"
    for action in Action:
        yield f"### {action}\n"
        yield "| role | states |"
        yield "|---|---|"
        for role in Role:
            if role in RIGHTS[action]:
                yield f"| {role} | {states(RIGHTS[action][role])} |"
        yield ""


def _clocks() -> Iterator[str]:
    yield "## Clocks\n"
    yield "How long each is stands in the pack of the standard; where the pack is silent, it has no end.\n"
    yield "| clock | runs in | counts from | length |"
    yield "|---|---|---|---|"
    for kind in ClockKind:
        running, starts, lengths = length_of(kind)
        begun = " or ".join(f"`{act}`" for act in starts)
        names = ", ".join(f"`{name}`" for name in lengths)
        yield f"| `{kind}` | {states(running)} | {begun} | {names} |"


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
