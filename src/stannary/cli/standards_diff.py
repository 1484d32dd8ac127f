"""stannary standards diff: what became of every requirement from one edition to another."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from stannary.cli.output import DONE, on_one_line, print_json
from stannary.core.standards import (
    Change,
    Difference,
    Edition,
    MoveKind,
    Piece,
    PieceKind,
    Requirement,
    Transition,
    differences,
    redline,
)
from stannary.formats.pack_transitions import load_checked_transition, load_transition
from stannary.formats.packs import find_pack, load_pack

_DESCRIPTION = """\
Tell what became of each requirement: kept, renumbered, reworded, split, merged, new or dropped. The
table in the newer pack (transition.toml) is believed where it leads from the older edition; else the
texts are compared, and what was split or merged is not guessed."""
_TEXTS = ("title", "demand", "applies")
_MARKS = {
    PieceKind.SAME: ("", ""),
    PieceKind.REMOVED: ("[-", "-]"),
    PieceKind.ADDED: ("{+", "+}"),
}


def add_act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", pack: str) -> None:
    """Add the act."""
    act = acts.add_parser(
        "diff",
        help="what became of each requirement between two editions",
        description=_DESCRIPTION,
        epilog="exit code: 0 whether or not they differ, 2 when a pack or its table cannot be used.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    act.add_argument("before", metavar="A", help=pack)
    act.add_argument("after", metavar="B", help="the newer edition, likewise")
    act.add_argument("--texts", action="store_true", help="show what was reworded word by word")
    act.add_argument("--all", action="store_true", help="list what was kept, too")
    act.add_argument("--json", action="store_true", help="print one JSON object")
    act.set_defaults(run=diff)


def diff(arguments: argparse.Namespace) -> int:
    """Print what became of each requirement; a difference is no failure."""
    folder = find_pack(arguments.after)
    before, after = load_pack(find_pack(arguments.before)), load_pack(folder)
    found = differences(before, after, _transition(folder, before, after))
    if arguments.json:
        print_json(_as_dict(found, before, after))
    else:
        for line in _lines(found, before, after, every=arguments.all, texts=arguments.texts):
            print(line)
    return DONE


def _transition(folder: Path, before: Edition, after: Edition) -> Transition | None:
    """Read the newer pack's table, if it leads from the older edition."""
    transition = load_transition(folder)
    if transition is None or transition.before != before.id:
        return None
    return load_checked_transition(folder, before, after)


def _lines(
    found: Difference, before: Edition, after: Edition, *, every: bool, texts: bool
) -> Iterator[str]:
    yield f"From {found.before} to {found.after}"
    yield _said_by(found)
    yield ""
    for change in found.changes:
        if change.kind is MoveKind.KEPT and not change.changed and not every:
            continue
        yield _line(change)
        if texts and len(change.before) == len(change.after) == 1:
            old = before.requirement_by_id[change.before[0]]
            new = after.requirement_by_id[change.after[0]]
            for name, pieces in _redlines(old, new):
                yield f"            {name}: {on_one_line(_marked(pieces))}"
    yield ""
    yield ", ".join(f"{count} {kind}" for kind, count in found.counts.items()) + "."


def _said_by(found: Difference) -> str:
    if found.transition is not None:
        table = found.transition
        return (
            f"As said by the table of {found.after} [{table.mark}]: {on_one_line(table.source)}. "
            f"It opens on {table.opens} and the older edition closes on {table.closes}."
        )
    return (
        "Computed from the texts, for no table leads from the one to the other. "
        "What was split or merged shows as dropped, reworded and new: texts alone cannot tell."
    )


def _line(change: Change) -> str:
    names = " -> ".join(", ".join(those) for those in (change.before, change.after) if those)
    if change.before == change.after:
        names = change.before[0]
    said = [", ".join(change.changed)] if change.changed else []
    if change.judge_again and change.kind is not MoveKind.NEW:
        said.append("judged again")
    if change.judge_again is None:
        said.append("a person decides whether it is judged again")
    if change.note:
        said.append(on_one_line(change.note))
    return f"{change.kind:<10}  {names}{'  (' + '; '.join(said) + ')' if said else ''}"


def _redlines(old: Requirement, new: Requirement) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    for name in _TEXTS:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield name, redline(was, now)


def _marked(pieces: tuple[Piece, ...]) -> str:
    """Print what went as [-this-] and what came as {+this+}."""
    return "".join(_MARKS[piece.kind][0] + piece.text + _MARKS[piece.kind][1] for piece in pieces)


def _as_dict(found: Difference, before: Edition, after: Edition) -> dict[str, object]:
    table = found.transition
    return {
        "from": found.before,
        "to": found.after,
        "said_by": "table" if table else "texts",
        "opens": table.opens.isoformat() if table else None,
        "closes": table.closes.isoformat() if table else None,
        "counts": {str(kind): count for kind, count in found.counts.items()},
        "changes": [_change_as_dict(change, before, after) for change in found.changes],
    }


def _change_as_dict(change: Change, before: Edition, after: Edition) -> dict[str, object]:
    shape: dict[str, object] = {
        "kind": str(change.kind),
        "from": list(change.before),
        "to": list(change.after),
        "said_by": "table" if change.said_by_table else "texts",
        "changed": list(change.changed),
        "judge_again": change.judge_again,
        "note": change.note,
    }
    if change.changed:
        old = before.requirement_by_id[change.before[0]]
        new = after.requirement_by_id[change.after[0]]
        shape["redline"] = {
            name: [[str(piece.kind), piece.text] for piece in pieces]
            for name, pieces in _redlines(old, new)
        }
    return shape
