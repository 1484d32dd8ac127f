"""Books that are continued event by event come to those of a replay, whatever comes late."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from core.custody.accounting.acts import G, booking, melt, metal, retiring
from core.custody.accounting.made_up import (
    MB,
    always,
    at,
    books,
    certificate,
    day,
    makes,
    mined,
    moves,
    takes,
)
from core.custody.chains import random_chain
from stannary.core.custody import (
    Books,
    Continued,
    Event,
    Kind,
    Part,
    Row,
    Tally,
    events_of,
    fits,
    go_on,
    keep_books,
    keys_of,
    restate,
    tally_of,
)
from stannary.core.custody.accounting.books import credits_on
from stannary.core.custody.accounting.keys import key_of

KeepOn = Callable[[Part, Sequence[Event], datetime.date], Continued]


def needed(part: Part, events: Sequence[Event]) -> Part:
    """What of a part the events touch, what waits for input, and what expires by their days."""
    names = {key for event in events for key in keys_of(event)}
    until = max(event.at.date() for event in events)
    waiting = {key for key, one in part.accounts.items() if one.waiting}
    if waiting:
        names |= {("lot", draw.lot) for key in waiting for draw in part.accounts[key].waiting}
    due = {name for name, one in part.credits.items() if one.expires_on <= until}
    accounts = {
        key: one for key, one in part.accounts.items() if key in waiting or key_of(key) in names
    }
    credits_ = {
        name: one for name, one in part.credits.items() if name in due or ("credit", name) in names
    }
    kept = names | {key_of(key) for key in accounts} | {("credit", one) for one in credits_}
    return Part(
        {name: one for name, one in part.lots.items() if ("lot", name) in names},
        accounts,
        credits_,
        {key: when for key, when in part.touched.items() if key in kept},
    )


def continued(
    part: Part, events: Sequence[Event], booked: Sequence[Event], keep_on: KeepOn
) -> Part | None:
    """Book events after others, with what they touch alone; what does not fit is replayed.

    Returns:
        What is kept afterwards; None if lots cannot bear the events.
    """
    some = needed(part, events)
    until = max(event.at.date() for event in (*booked, *events))
    if fits(some, events):
        after = keep_on(some, events, until)
        return part.with_(after.part) if after.sound else None
    after = keep_on(Part(), restate((*booked, *events)).events, until)
    return after.part if after.sound else None


def same_as(part: Part, kept: Books, keep_on: KeepOn) -> None:
    """Compare what was kept step by step with the books of a replay."""
    assert {name: one.carried for name, one in part.lots.items() if one.carried} == kept.carried
    assert {name: one.given for name, one in part.lots.items()} == kept.given
    assert tuple(credits_on(part, kept.day)) == kept.credits
    left = {name: one.seen.left_mass_mg for name, one in part.lots.items() if one.seen.left_mass_mg}
    held = {one.lot: one.mass_mg for one in kept.replay.holdings if one.mass_mg}
    moving = {one.lot: one.mass_mg for one in kept.replay.in_transit if one.mass_mg}
    assert left == held | moving
    told = keep_on(part, (), kept.day).told
    last = {one.key: one for one in kept.statements}
    assert {key: one.statements[-1] for key, one in told.items()} == last


@pytest.mark.parametrize("seed", range(4))
def test_a_chain_of_lots_is_continued_event_by_event(seed: int) -> None:
    events = events_of(random_chain(seed))
    rules_on = always()

    def keep_on(part: Part, some: Sequence[Event], on: datetime.date) -> Continued:
        return go_on(part, some, day=on, rules_on=rules_on)

    part, tally, found = Part(), Tally(), Counter[str]()
    for place, event in enumerate(events):
        some = needed(part, [event])
        after = keep_on(some, [event], event.at.date())
        tally.change(tally_of(some, {}, event.at.date()), sign=-1)
        tally.change(tally_of(after.part, after.told, event.at.date(), after.flows))
        found.update(one.code for one in after.all_findings)
        part = part.with_(after.part)
        assert len(some.lots) <= len(event.rows) + place
    whole = keep_books(events, rules_on=rules_on)

    same_as(part, whole, keep_on)
    assert found == Counter(one.code for one in whole.findings)
    assert tally.proof() == whole.proof


def test_whoever_watches_is_told_after_each_event_how_many_movements_are_kept() -> None:
    events = events_of(random_chain(1))
    seen: list[tuple[int, int]] = []

    go_on(
        Part(),
        events,
        day=day("2026-12-31"),
        rules_on=always(),
        watch=lambda done, whole: seen.append((done, whole)),
    )

    sizes = [len(one.rows) for one in events]
    assert seen == [(sum(sizes[: place + 1]), sum(sizes)) for place in range(len(events))]


SCRAP = makes("E4", "2026-01-06", Kind.RECYCLE, "S1", G, material="ore")
ROWS: list[Row] = [
    SCRAP,
    *melt(metal("M1", 6 * G)),
    *booking(2 * G, on="2026-01-20"),
    retiring(G, on="2026-01-21"),
]


def kept_of(rows: Sequence[Row]) -> Part:
    return go_on(Part(), events_of(rows), day=day("2026-12-31"), rules_on=always()).part


def test_proofs_are_changed_by_what_changed() -> None:
    rules_on = always()
    before = go_on(Part(), events_of(ROWS), day=day("2026-12-31"), rules_on=rules_on)
    assert before.proof is not None
    tally = Tally.of_proof(before.proof)
    later = go_on(before.part, (), day=day("2028-12-31"), rules_on=rules_on)

    tally.change(tally_of(before.part, before.told, day("2026-12-31")), sign=-1)
    tally.change(tally_of(later.part, later.told, day("2028-12-31"), later.flows))

    assert tally.proof() == books(*ROWS, as_of="2028-12-31").proof
    assert tally.proof() != before.proof

    tally.change(Tally.of_proof(tally.proof()), sign=-1)
    assert tally.proof() == books().proof


def test_what_is_late_fits_unless_something_later_touched_the_same() -> None:
    kept = kept_of(ROWS)
    when = kept.touched[("lot", "M1")]
    second = datetime.timedelta(seconds=1)

    def shipped(at_: datetime.datetime) -> list[Event]:
        row = moves("E8", "2026-07-01", Kind.SHIP, "M1", 6 * G, material="metal")
        return list(events_of([replace(row, at=at_)]))

    assert not fits(kept, shipped(when - second))
    assert fits(kept, shipped(when))
    assert fits(kept, shipped(when + second))
    other = mined("E9", "2026-01-01", "L9", G)
    assert fits(kept, events_of([other]))


def test_a_correction_never_fits() -> None:
    row = replace(ROWS[0], event="K1", kind=Kind.CORRECT, at=at("2027-06-01"), account="E1")

    assert not fits(kept_of(ROWS), events_of([row]))


def test_nothing_late_fits_while_an_output_waits() -> None:
    rows = [
        mined("E1", "2026-02-01", "L1", G, model=MB),
        takes("E2", "2026-02-02", Kind.BLEND, "L1", G, material="ore"),
        makes("E2", "2026-02-02", Kind.BLEND, "X1", G, material="ore", model=MB, account="north"),
    ]
    rules_on = always(overdraft_tolerance="within_period")
    kept = go_on(Part(), events_of(rows), day=day("2026-02-02"), rules_on=rules_on).part

    assert [len(one.waiting) for one in kept.accounts.values()] == [1]
    assert not fits(kept, events_of([mined("E3", "2026-02-01", "L3", G)]))
    assert fits(kept, events_of([mined("E3", "2026-02-03", "L3", G)]))


def test_a_credit_that_expired_for_a_late_event_was_not_used_after_it() -> None:
    kept = kept_of(ROWS)
    (name,) = kept.credits
    soon = replace(kept.credits[name], expires_on=day("2026-01-20"))
    late = events_of([mined("E9", "2026-01-20", "L9", G)])

    assert kept.touched["credit", name].date() == day("2026-01-21")
    assert fits(kept, late)
    assert not fits(replace(kept, credits={name: soon}), late)


def test_defects_of_lots_keep_nothing_new() -> None:
    kept = kept_of(ROWS)
    events = events_of([mined("E9", "2027-01-05", "L1", G)])

    after = go_on(kept, events, day=day("2027-01-05"), rules_on=always())

    assert not after.sound
    assert after.part is kept
    assert [one.code for one in after.all_findings] == ["CUSTODY-001"]


def test_certificates_are_looked_at_for_what_comes_after() -> None:
    kept = kept_of(ROWS)
    events = events_of([mined("E9", "2030-01-05", "L9", G, model=MB)])

    after = go_on(
        kept, events, day=day("2030-01-05"), rules_on=always(), certificates=[certificate()]
    )

    assert [one.code for one in after.all_findings] == ["CUSTODY-073"]
