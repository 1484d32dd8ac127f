"""The cycle of one engagement as a line from top to bottom: done, next, ahead, with dates."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.core import cycle
from stannary.core.cycle import ENDED, Act, ActKind, Clock, ClockKind, ClockStanding, State, clocks
from stannary.web.cycle import queries, words
from stannary.web.project.templatetags.stannary import day as in_words

MILESTONES: tuple[tuple[ActKind, ...], ...] = (
    (ActKind.APPLY,),
    (ActKind.ACCEPT_APPLICATION,),
    (ActKind.SIGN_AGREEMENT,),
    (ActKind.NAME_FIRM,),
    (ActKind.PROPOSE_TEAM,),
    (ActKind.ACCEPT_TEAM,),
    (ActKind.ANNOUNCE,),
    (ActKind.BEGIN_STAGE_1,),
    (ActKind.FINISH_STAGE_1,),
    (ActKind.ANNOUNCE_VISIT,),
    (ActKind.BEGIN_STAGE_2,),
    (ActKind.FINISH_STAGE_2,),
    (ActKind.SUBMIT_DRAFT,),
    (ActKind.CLOSE_REVIEW,),
    (ActKind.PUBLISH_NOW, ActKind.ENTER_CORRECTIVE_PERIOD),
    (ActKind.END_CORRECTIVE_PERIOD,),
    (ActKind.PUBLISH,),
    (ActKind.SETTLE_PENDING,),
    (ActKind.BEGIN_SURVEILLANCE,),
    (ActKind.FINISH_SURVEILLANCE,),
    (ActKind.PUBLISH_SURVEILLANCE,),
    (ActKind.REPLACE,),
)
"""What every engagement meets on its way, in order; either act of a pair will do."""

ONLY_IF_CALLED = frozenset({ActKind.END_CORRECTIVE_PERIOD, ActKind.SETTLE_PENDING})
"""Milestones that are shown only when they were reached or are next."""

TAKEN_BACK = {
    ActKind.RETURN_APPLICATION: ActKind.APPLY,
    ActKind.REFUSE_TEAM: ActKind.PROPOSE_TEAM,
}
"""What an act makes undone."""

MEETS: Mapping[ClockKind, tuple[ActKind, ...]] = {
    ClockKind.APPLICATION_REVIEW: (ActKind.ACCEPT_APPLICATION,),
    ClockKind.STAGE_2: (ActKind.BEGIN_STAGE_2,),
    ClockKind.DRAFT_REPORT: (ActKind.SUBMIT_DRAFT,),
    ClockKind.SCHEME_REVIEW: (ActKind.CLOSE_REVIEW,),
    ClockKind.OPERATOR_REVIEW: (ActKind.CLOSE_REVIEW,),
    ClockKind.OBJECTION_RULING: (ActKind.CLOSE_REVIEW,),
    ClockKind.CORRECTIVE_PERIOD: (ActKind.END_CORRECTIVE_PERIOD,),
    ClockKind.PUBLICATION: (ActKind.PUBLISH,),
    ClockKind.SURVEILLANCE: (
        ActKind.BEGIN_SURVEILLANCE,
        ActKind.FINISH_SURVEILLANCE,
        ActKind.PUBLISH_SURVEILLANCE,
    ),
    ClockKind.REASSESSMENT: (ActKind.REPLACE,),
}
"""Which milestone a clock waits for: the first of them that is not reached."""

CHOICE = gettext_lazy("Publish now, or correct first")
REASSESSMENT = gettext_lazy("Reassessment")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the line.

    Attributes:
        how: "done", "now", "ahead" or "ended": its look.
        label: What it is.
        on: When it was reached; None: not yet.
        notes: Due dates and extensions, in words.
        late: Whether one of its clocks is overdue.
    """

    how: str
    label: str
    on: datetime.date | None
    notes: tuple[str, ...] = ()
    late: bool = False


def stops(core: cycle.Engagement, on: datetime.date) -> tuple[Stop, ...]:
    """Give every stop, from the application to the reassessment or the end."""
    done = reached(core.acts)
    running = clocks(core.edition, core.state, core.acts)
    expected = frozenset(queries.expected(core.state))
    waited = _waited(running, done)
    found: list[Stop] = []
    for those in MILESTONES:
        act = next((done[kind] for kind in those if kind in done), None)
        now = not expected.isdisjoint(those) and act is None
        if act is not None:
            found.append(Stop("done", str(words.ACTS[act.kind][1]), act.on, _visit(act)))
        elif now or (core.state not in ENDED and ONLY_IF_CALLED.isdisjoint(those)):
            due = [clock for kind in those for clock in waited.get(kind, ())]
            late = any(clock.standing(on) is ClockStanding.OVERDUE for clock in due)
            notes = tuple(note for clock in due for note in clock_notes(clock, on))
            found.append(Stop("now" if now else "ahead", _ahead(those), None, notes, late))
    if core.state in ENDED | {State.SUSPENDED} and core.state is not State.REASSESSED:
        found = _with_end(found, core)
    return tuple(found)


def reached(acts: tuple[Act, ...]) -> dict[ActKind, Act]:
    """Give the newest act of each milestone, as far as it was not taken back."""
    found: dict[ActKind, Act] = {}
    for act in acts:
        if act.kind in TAKEN_BACK:
            found.pop(TAKEN_BACK[act.kind], None)
        else:
            found[act.kind] = act
    return found


def _waited(running: tuple[Clock, ...], done: Mapping[ActKind, Act]) -> dict[ActKind, list[Clock]]:
    found: dict[ActKind, list[Clock]] = {}
    for clock in running:
        kind = next((one for one in MEETS[clock.kind] if one not in done), MEETS[clock.kind][-1])
        found.setdefault(kind, []).append(clock)
    return found


def _ahead(those: tuple[ActKind, ...]) -> str:
    if len(those) > 1:
        return str(CHOICE)
    return str(REASSESSMENT if those == (ActKind.REPLACE,) else words.ACTS[those[0]][0])


def _visit(act: Act) -> tuple[str, ...]:
    if act.kind is not ActKind.ANNOUNCE_VISIT:
        return ()
    return (_("The visit begins on %(day)s") % {"day": in_words(act.until)},)


def clock_notes(clock: Clock, on: datetime.date) -> Iterator[str]:
    """Say by when something is due, since when it is overdue, and by whom it was put off."""
    shown = {
        "what": words.CLOCKS[clock.kind],
        "day": in_words(clock.due) if clock.due else "",
        "how": words.standing(clock, on),
    }
    if clock.due is None:
        yield _("%(what)s: %(how)s") % shown
    else:
        yield _("%(what)s: due %(day)s, %(how)s") % shown
    if clock.extension is not None:
        before = in_words(clock.ends) if clock.ends else words.STANDINGS[ClockStanding.UNKNOWN]
        facts = {"day": in_words(clock.extension.on), "before": before}
        yield _("extended on %(day)s; before: %(before)s") % facts


def _with_end(found: list[Stop], core: cycle.Engagement) -> list[Stop]:
    """Put the stop at which an engagement was suspended or ended before those that are ahead."""
    act = core.acts[-1]
    past = [one for one in found if one.how == "done"]
    ahead = [one for one in found if one.how != "done"]
    notes = (act.reason,) if act.reason else ()
    stop = Stop("ended", str(words.ACTS[act.kind][1]), act.on, notes)
    return [*past, stop, *ahead]
