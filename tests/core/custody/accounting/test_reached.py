"""What a change of events reaches: what was found by keys alone comes to the same as everything."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from core.custody.accounting.machine import WHO
from core.custody.accounting.made_up import BC, BRAND, MB, at, makes, mined, moves, takes
from core.custody.accounting.test_any_order import Chain
from stannary.core.custody import (
    LAST,
    Books,
    CertificateChange,
    CertificateStatus,
    CustodyCertificate,
    Event,
    Key,
    Kind,
    Row,
    Touching,
    deciding,
    events_of,
    keys_of,
    outcome_of,
    reached,
    restate,
)
from stannary.core.custody.accounting.keys import key_of


def touching(events: Iterable[Event]) -> Touching:
    """Read events out of a list."""
    by_key: defaultdict[Key, list[Event]] = defaultdict(list)
    for event in events:
        for key in dict.fromkeys(keys_of(event)):
            by_key[key].append(event)

    def read(keys: Iterable[Key]) -> list[Event]:
        return [event for key in keys for event in by_key[key]]

    return read


def over_an_account(event: str, on: str, lot: str, made: str, mg: int, **out: object) -> list[Row]:
    given = {"account": "north", "model": MB}
    return [
        takes(event, on, Kind.TRANSFORM, lot, mg, account="north"),
        makes(event, on, Kind.TRANSFORM, made, mg, **{**given, **out}),
    ]


ROWS = [
    *(mined(f"P{n}", f"2026-01-0{n}", f"M{n}", 9000, model=MB) for n in range(1, 6)),
    *over_an_account("A1", "2026-02-01", "M1", "K1", 9000),
    *over_an_account("A2", "2026-02-02", "M2", "K2", 9000),
    *over_an_account("A3", "2026-02-03", "M3", "K3", 9000, material="slag"),
    moves("S", "2026-02-04", Kind.SHIP, "K1", 9000, material="metal"),
    moves("S", "2026-02-04", Kind.SHIP, "K3", 9000, material="slag"),
    takes("W", "2026-02-05", Kind.SPLIT, "M4", 4000),
    makes("W", "2026-02-05", Kind.SPLIT, "W1", 4000, material="ore"),
    takes("B", "2026-02-06", Kind.BOOK, "M5", 6000),
    makes("B", "2026-02-06", Kind.BOOK, "C", 6000, model=BC),
    takes("T", "2026-02-07", Kind.TRANSFER, "C", 4000),
    makes("T", "2026-02-07", Kind.TRANSFER, "D", 4000, account=BRAND, model=BC),
    takes("R", "2026-02-08", Kind.RETIRE, "D", 1000, entity=BRAND, note="X"),
]
EVENTS = events_of(ROWS)


def names(keys: Iterable[Key]) -> set[str]:
    return {key[-1] for key in keys}


def forward(lot: str, on: str, **how: Any) -> set[str]:
    return names(reached(touching(EVENTS), {("lot", lot): at(on)}, **how))


def test_a_lot_reaches_what_it_was_made_into_the_account_and_what_that_gave_later() -> None:
    assert forward("M1", "2026-01-01") == {"M1", "K1", "K2", "metal"}
    assert forward("M2", "2026-01-02") == {"M2", "K2", "metal"}
    assert forward("M3", "2026-01-03") == {"M3", "K3", "slag"}
    assert forward("M1", "2026-02-02") == {"M1"}
    assert forward("M1", "2026-01-01", material_alone=True) == {"M1", "K1"}


def test_what_moves_beside_a_lot_and_what_goes_in_beside_it_stays_as_it_is() -> None:
    beside = takes("A2", "2026-02-02", Kind.TRANSFORM, "M4", 1)
    events = events_of([*ROWS, beside])

    found = reached(touching(events), {("lot", "M2"): at("2026-01-02")})

    assert ("lot", "M4") not in found
    assert found[("lot", "K2")] == at("2026-02-02")
    assert ("lot", "K3") not in reached(touching(events), {("lot", "K1"): at("2026-02-01")})


def test_a_lot_reaches_credits_and_all_that_became_of_them() -> None:
    assert forward("M5", "2026-01-05") == {"M5", "C", "D"}
    assert forward("M5", "2026-01-05", material_alone=True) == {"M5"}
    assert set(outcome_of(EVENTS[-1])) == {("credit", "D")}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({("lot", "K2"): LAST}, ["P1", "P2", "A1", "A2"]),
        ({("lot", "K1"): LAST}, ["P1", "P3", "A1", "A3", "S"]),
        ({("lot", "K1"): at("2026-02-03")}, ["P1", "A1"]),
        ({("lot", "K1"): at("2026-01-31")}, []),
        ({("lot", "W1"): LAST}, ["P4", "W"]),
        ({("credit", "D"): LAST}, ["P5", "B", "T", "R"]),
        ({("lot", "none"): LAST}, []),
    ],
)
def test_what_decides_is_found_back_to_the_mine(
    keys: dict[Key, datetime.datetime], expected: list[str]
) -> None:
    found = {event.id for event in deciding(touching(EVENTS), keys)}

    assert [event.id for event in EVENTS if event.id in found] == expected


def test_of_material_alone_accounts_and_credits_lead_nowhere() -> None:
    keys: dict[Key, datetime.datetime] = {("lot", "K2"): LAST, ("lot", "M5"): LAST}

    found = deciding(touching(EVENTS), keys, material_alone=True)

    assert {event.id for event in found} == {"P2", "A2", "P5"}


def test_of_a_key_that_is_asked_for_again_later_the_rest_is_read_too() -> None:
    """M4 is asked for until W, then until L, which the loss of W1 does not need but U does."""
    late = [
        takes("L", "2026-03-01", Kind.LOSS, "M4", 1),
        takes("U", "2026-03-02", Kind.BLEND, "M4", 1),
        takes("U", "2026-03-02", Kind.BLEND, "W1", 1),
        makes("U", "2026-03-02", Kind.BLEND, "U1", 2),
    ]
    found = deciding(touching(events_of([*ROWS, *late])), {("lot", "U1"): LAST})

    assert {event.id for event in found} == {"P4", "W", "L", "U"}


def facts(found: Books) -> Counter[tuple[object, ...]]:
    return Counter((one.code, *sorted(one.facts.items())) for one in found.findings)


def told(kept: Books) -> dict[tuple[Any, ...], Any]:
    """Everything that is kept, by what it is kept of."""
    if kept.proof is None:
        return {}
    left = {one.lot: (one.entity, one.mass_mg) for one in kept.replay.holdings}
    left |= {one.lot: ("", one.mass_mg) for one in kept.replay.in_transit}
    lots = {
        ("lot", name): (lot, left.get(name), kept.carried.get(name), kept.given[name])
        for name, lot in kept.replay.lots.items()
    }
    accounts: dict[Any, Any] = defaultdict(list)
    for one in kept.statements:
        accounts[key_of(one.key)].append(one)
    credits_ = {("credit", one.id): one for one in kept.credits}
    used = {("use", one.credit, one.event): one for one in kept.retired}
    return {**lots, **accounts, **credits_, **used}


def differing(before: Books, after: Books) -> dict[tuple[Any, ...], Any]:
    one, other = told(before), told(after)
    keys = one.keys() | other.keys()
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)}


class Reach(Chain):
    """Whatever was booked: change something, and compare what is found by keys with everything."""

    continues = False

    def add(self, kind: Kind, *rows: Mapping[str, Any]) -> None:
        """Let no two events happen at once: what is at the same time is read along."""
        super().add(kind, *rows)
        self.at += datetime.timedelta(seconds=1)

    @staticmethod
    def changed(event: Event, place: int) -> list[Event]:
        """Let an event be of a mine that nobody attests, half of what it was, or not at all."""
        if place % 4 and event.kind is Kind.PRODUCE:
            return [
                replace(event, outputs=tuple(replace(x, attestation="") for x in event.outputs))
            ]
        if place % 2:
            return []

        def half(rows: Sequence[Row]) -> tuple[Row, ...]:
            return tuple(replace(row, content_mg=(row.content_mg + 1) // 2) for row in rows)

        return [replace(event, inputs=half(event.inputs), outputs=half(event.outputs))]

    def alike(
        self,
        begin: dict[Key, datetime.datetime],
        before: Sequence[Event],
        after: Sequence[Event],
        certificates: list[CustodyCertificate] | None,
    ) -> None:
        """Compare the change over all events, and over those that were found."""
        found = reached(touching((*before, *after)), begin)
        some = {one.id for one in deciding(touching((*before, *after)), dict.fromkeys(found, LAST))}
        kept = []
        for events in (before, [event for event in before if event.id in some]):
            self.events = list(events)
            kept.append(self.books(self.at.date()))
        self.certificates, one = certificates, self.certificates
        for events in (after, [event for event in after if event.id in some]):
            self.events = list(events)
            kept.append(self.books(self.at.date()))
        self.certificates = one
        was, was_some, now, now_some = kept
        assert facts(now) - facts(was) == facts(now_some) - facts(was_some)
        assert (now.proof is None) == (now_some.proof is None)
        if now.proof is not None:
            assert differing(was, now) == differing(was_some, now_some)
            for key in found:
                assert told(was).get(key) == told(was_some).get(key)
                assert told(now).get(key) == told(now_some).get(key)

    def teardown(self) -> None:
        """Change some events, and take a certificate away."""
        known = restate(getattr(self, "events", ())).events
        if (
            not known
            or self.rules_on(self.at.date()).constants["overdraft_tolerance"].value != "none"
        ):
            return
        for place, event in enumerate(known, start=1):
            if place > 4 and place % 5:
                continue
            new = self.changed(event, place)
            begin = {key: event.at for one in (event, *new) for key in keys_of(one)}
            after = [one for old in known for one in (new if old is event else [old])]
            self.alike(begin, known, after, self.certificates)
        if self.certificates:
            self.without_a_certificate(known)

    def without_a_certificate(self, known: Sequence[Event]) -> None:
        """Withdraw the certificate of one entity on a day."""
        day = known[len(known) // 2].at.date()
        others = [
            replace(one, changes=(CertificateChange(day, CertificateStatus.WITHDRAWN, "made up"),))
            if one.entity == WHO[0]
            else one
            for one in self.certificates or ()
        ]
        begin: dict[Key, datetime.datetime] = {}
        for event in known:
            if event.at.date() >= day and any(row.entity == WHO[0] for row in event.rows):
                moved: list[Key] = [("lot", row.lot) for row in event.moves]
                for key in (*outcome_of(event), *moved):
                    begin.setdefault(key, event.at)
        self.alike(begin, known, known, others)


@pytest.mark.untraced
def test_what_was_found_comes_to_the_same_as_everything() -> None:
    run_state_machine_as_test(
        Reach, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )
