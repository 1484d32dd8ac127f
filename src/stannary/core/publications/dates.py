"""When the steps of an engagement took place, from its acts; what a result of form 2 says of it."""

from collections.abc import Iterable

from stannary.core.cycle import Act, ActKind
from stannary.core.publications.about import StepDates

PUBLICATION = "publication"
"""The step that says when the audit's result was released first: the zero of every later clock."""

_STEPS: tuple[tuple[str, tuple[ActKind, ...], tuple[ActKind, ...]], ...] = (
    ("application", (ActKind.APPLY,), (ActKind.ACCEPT_APPLICATION,)),
    ("agreement", (ActKind.SIGN_AGREEMENT,), (ActKind.SIGN_AGREEMENT,)),
    ("firm", (ActKind.NAME_FIRM,), (ActKind.NAME_FIRM,)),
    ("team", (ActKind.PROPOSE_TEAM,), (ActKind.ACCEPT_TEAM,)),
    ("announcement", (ActKind.ANNOUNCE,), (ActKind.ANNOUNCE,)),
    ("stage_1", (ActKind.BEGIN_STAGE_1,), (ActKind.FINISH_STAGE_1,)),
    ("visit_announced", (ActKind.ANNOUNCE_VISIT,), (ActKind.ANNOUNCE_VISIT,)),
    ("stage_2", (ActKind.BEGIN_STAGE_2,), (ActKind.FINISH_STAGE_2,)),
    ("draft", (ActKind.SUBMIT_DRAFT,), (ActKind.SUBMIT_DRAFT,)),
    ("review", (ActKind.SUBMIT_DRAFT,), (ActKind.CLOSE_REVIEW,)),
    (
        "corrective_period",
        (ActKind.ENTER_CORRECTIVE_PERIOD,),
        (ActKind.END_CORRECTIVE_PERIOD,),
    ),
    (PUBLICATION, (ActKind.PUBLISH,), (ActKind.PUBLISH,)),
    ("settlement", (ActKind.SETTLE_PENDING,), (ActKind.SETTLE_PENDING,)),
    ("surveillance", (ActKind.BEGIN_SURVEILLANCE,), (ActKind.FINISH_SURVEILLANCE,)),
)
"""Step, acts with which it begins, acts with which it ends."""

STEPS = tuple(name for name, _begins, _ends in _STEPS)
"""The words of steps, in the order in which an engagement meets them."""


def steps_of(acts: Iterable[Act]) -> tuple[StepDates, ...]:
    """Give the steps that have ended, in the order in which engagements meet them.

    A step that was taken twice, as an application that was returned, lasts from its first day to
    its last; a settlement or a surveillance stands for itself each time.

    Args:
        acts: Oldest first.
    """
    done = tuple(acts)
    found = []
    for name, begins, ends in _STEPS:
        rows = _taken(name, done, begins, ends)
        found += rows if name in ("settlement", "surveillance") else _whole(rows)
    return tuple(found)


def _taken(
    name: str, acts: tuple[Act, ...], begins: tuple[ActKind, ...], ends: tuple[ActKind, ...]
) -> list[StepDates]:
    rows, began = [], None
    for act in acts:
        if began is None and act.kind in begins:
            began = act.on
        if began is not None and act.kind in ends:
            rows.append(StepDates(name, began, act.on))
            began = None
    return rows


def _whole(rows: list[StepDates]) -> list[StepDates]:
    if not rows:
        return []
    return [StepDates(rows[0].step, rows[0].began_on, rows[-1].ended_on)]
