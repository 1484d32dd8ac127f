"""A pack's transition.toml: how the edition takes the place of the one before it.

Rules: STANDARD-001, STANDARD-002, KERNEL-003, KERNEL-004, TRANSITION-003, and those of
`check_transition`.
"""

import datetime
from pathlib import Path

from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Edition, Move, MoveKind, Transition, check_transition
from stannary.core.standards.rules import MOVE_HAS_ITS_SHAPE
from stannary.formats.pack_folders import TRANSITION, shown_name
from stannary.formats.toml_tables import Table, read_table


def load_transition(folder: Path) -> Transition | None:
    """Read how a pack's edition takes the place of the one before it.

    Args:
        folder: A pack.

    Returns:
        The transition, not yet checked against its two editions; None if the pack has none.

    Raises:
        RefusalError: With every finding of the reading, each with its file and line.
    """
    path = folder / TRANSITION
    if not path.exists():
        return None
    findings: list[Finding] = []
    table = read_table(path, name=shown_name(path), findings=findings)
    transition = None if table is None else _transition(table)
    if transition is None or findings:
        raise RefusalError(*findings)
    return transition


def load_checked_transition(folder: Path, before: Edition, after: Edition) -> Transition | None:
    """Read a pack's transition and check it against its two editions.

    Raises:
        RefusalError: What `load_transition` refuses, and TRANSITION-001 to TRANSITION-006.
    """
    transition = load_transition(folder)
    findings = check_transition(transition, before, after) if transition is not None else ()
    if findings:
        raise RefusalError(*findings)
    return transition


def _transition(table: Table) -> Transition:
    transition = Transition(
        before=table.text("from"),
        after=table.text("to"),
        opens=table.day("opens") or datetime.date.min,
        closes=table.day("closes") or datetime.date.min,
        source=table.text("source"),
        mark=table.mark(),
        moves=tuple(_move(entry) for entry in table.tables("move")),
        at=table.at,
    )
    table.close()
    return transition


def _move(table: Table) -> Move:
    text = table.text("kind")
    kind = MoveKind.NEW
    try:
        kind = MoveKind(text)
    except ValueError:
        facts = {"kind": text[:40] or "(empty)"}
        table.document.findings.append(Finding(MOVE_HAS_ITS_SHAPE, facts, table.place("kind")))
    move = Move(
        kind=kind,
        before=table.texts("from"),
        after=table.texts("to"),
        judge_again=table.flag("judge_again"),
        note=table.text("note", needed=False),
        at=table.at,
    )
    table.close()
    return move
