"""Whatever is booked in whatever order, under all five models: nothing is said twice or made up.

A machine books events by anybody, on any later day, right and wrong ones. What is checked is worked
out from the rows alone, beside the program's own proof: every milligram of every lot, and for every mine,
attestation and day, what may be said anywhere and what was used up is at most what was produced, and
enters an account converted. Mutants show that it notices.
"""

import datetime
import importlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from core.custody.accounting.machine import (
    LIFE,
    OTHER,
    PARTS,
    PERIOD,
    SHORT_LIFE,
    SHORT_PERIOD,
    Acts,
)
from core.custody.accounting.test_continued import continued, same_as
from stannary.core.custody import (
    ConversionFactor,
    Event,
    Governance,
    Holding,
    Kind,
    Model,
    Part,
    PeriodStatement,
    Row,
    Source,
    SourceKind,
    Transit,
    total_mg,
)
from stannary.core.custody import masses as masses_
from stannary.core.custody import models as models_
from stannary.core.custody.accounting import accounts, books, keeping
from stannary.core.custody.accounting.conversions import factor_for
from stannary.core.custody.accounting.credits import Credits
from stannary.core.custody.masses import Masses
from stannary.core.kernel import InvariantError, add_months

pytestmark = pytest.mark.untraced
AS_MANY = settings(max_examples=60, stateful_step_count=30, deadline=None)


def weights(rows: Sequence[Row]) -> tuple[int, int]:
    """Mass and content of rows together."""
    return sum(row.mass_mg for row in rows), sum(row.content_mg for row in rows)


class Chain(Acts):
    """What must hold after every act."""

    def teardown(self) -> None:
        """Know on every day what it knew; book it all once more, some of it late: it comes to the same."""
        events = getattr(self, "events", [])
        for on in sorted(getattr(self, "seen", {}))[:-1]:
            assert self.books(on) == self.seen[on]
        if not self.continues or any(event.kind is Kind.CORRECT for event in events):
            return
        late = [event for place, event in enumerate(events) if place % 4 != 1]
        late += [event for place, event in enumerate(events) if place % 4 == 1]
        part, self.events = Part(), []
        for event in late:
            after = continued(part, [event], self.events, self.keep_on)
            if after is not None:
                part = after
                self.events.append(event)
        if self.events:
            same_as(part, self.books(), self.keep_on)

    @invariant()
    def every_milligram_of_every_lot_is_somewhere(self) -> None:
        """Mass and content: what came in less what was used is what is left, lot by lot."""
        left: dict[str, list[int]] = {}
        for event in self.kept.replay.events:
            if event.kind.is_move or event.kind.is_credit:
                continue
            for row in event.outputs:
                assert row.lot not in left
                left[row.lot] = [row.mass_mg, row.content_mg]
            for row in event.inputs:
                left[row.lot][0] -= row.mass_mg
                left[row.lot][1] -= row.content_mg
            if event.kind in (Kind.SPLIT, Kind.BLEND):
                assert weights(event.inputs) == weights(event.outputs)
            if event.kind is Kind.TRANSFORM:
                assert weights(event.inputs)[1] >= weights(event.outputs)[1]
        kept = self.kept.replay
        here: tuple[Holding | Transit, ...] = (*kept.holdings, *kept.in_transit)
        told = {one.lot: [one.mass_mg, one.content_mg] for one in here}
        assert told == {lot: both for lot, both in left.items() if any(both)}
        assert all(mass >= content >= 0 for mass, content in left.values())

    @invariant()
    def what_enters_an_account_is_converted(self) -> None:
        """No account is given more than its inputs come to by the factor in force, element by element."""
        most: Counter[tuple[str, str, str, str]] = Counter()
        for event in self.kept.replay.events:
            if event.kind in (Kind.BLEND, Kind.TRANSFORM) and event.outputs:
                product = event.outputs[0].material
                element = next((row.element for row in event.rows if row.element), "")
                for row in event.inputs:
                    factor = self.factor_of(event, row)
                    key = (row.entity, row.account, product, element)
                    most[key] += -(-row.content_mg * factor.numerator // factor.denominator)
        entered: Counter[tuple[str, str, str, str]] = Counter()
        for one in self.kept.statements:
            entered[one.key] += total_mg(one.entered)
        assert all(mg <= most[key] for key, mg in entered.items())

    def factor_of(self, event: Event, row: Row) -> Fraction:
        """Give the factor for an input from what was drawn: as measured, or of the process named."""
        second = self.is_second(row.entity, row.at.date())
        if (OTHER[self.source] if second else self.source) == "measured":
            return Fraction(weights(event.outputs)[1], weights(event.inputs)[1])
        known = PARTS.get((row.material, event.outputs[0].material), {})
        named = next((one.process for one in event.outputs if one.process), "")
        if not named and len(known) == 1:
            (named,) = known
        parts = known.get(named)
        return Fraction(0) if parts is None or self.factor is None else self.factor / parts

    @invariant()
    def an_entity_keeps_its_accounts_by_its_own_pack(self) -> None:
        """Method, length of periods, what is carried over, and what may wait; of the other pack nothing."""
        for one in self.kept.statements:
            second = self.is_second(one.key.entity, one.period.valid_from)
            assert one.method is (OTHER[self.method] if second else self.method), one.key
            months = SHORT_PERIOD if second else PERIOD
            assert one.period.valid_until <= add_months(one.period.valid_from, months)
            if second:
                assert not one.deficit_mg
                assert not (one.closed and one.closing)

    @invariant()
    def a_credit_lives_as_long_as_the_pack_of_whoever_booked_it_says(self) -> None:
        """However often it was passed on."""
        by_id = {one.id: one for one in self.kept.credits}
        for one in self.kept.credits:
            first = one
            while first.parent:
                first = by_id[first.parent]
            second = self.is_second(first.holder, first.booked_on)
            months = SHORT_LIFE if second else LIFE
            assert one.expires_on == add_months(first.booked_on, months), one.id

    @invariant()
    def what_has_an_element_never_changes_it_unsaid(self) -> None:
        """Whatever is named otherwise than its lot is a finding, and a process where nothing is made."""
        told = {(finding.code, finding.facts.get("event")) for finding in self.kept.findings}
        of_lot: dict[str, str] = {}
        for event in self.kept.replay.events:
            named = next((row.element for row in event.rows if row.element), "")
            before = [of_lot.get(row.lot, "") for row in event.inputs]
            for row in event.inputs + event.moves:
                if row.element and row.element != of_lot[row.lot]:
                    assert ("CUSTODY-039", event.id) in told
            over = event.kind in (Kind.BLEND, Kind.TRANSFORM)
            if over and any(before) and not named and any(row.account for row in event.rows):
                assert ("CUSTODY-039", event.id) in told
            for row in event.outputs:
                of_lot[row.lot] = named or next(filter(None, before), "")
                assert not row.process or over or ("CUSTODY-037", event.id) in told
        lots = self.kept.replay.lots
        assert of_lot == {name: one.element for name, one in lots.items()}

    @invariant()
    def whatever_becomes_stronger_is_told(self) -> None:
        """An output that names a stronger model than an input had is a finding."""
        model: dict[str, Model | None] = {}
        told = {
            finding.facts["lot"]
            for finding in self.kept.findings
            if finding.code in ("CUSTODY-016", "CUSTODY-017")
        }
        for event in self.kept.replay.events:
            ranks = [one.rank for row in event.inputs if (one := model.get(row.lot)) is not None]
            for row in event.outputs:
                model[row.lot] = row.model
                if row.model is not None and ranks and row.model.rank < max(ranks):
                    assert row.lot in told, row.lot

    @invariant()
    def no_more_is_said_of_a_mine_than_it_produced(self) -> None:
        """Everything said or sayable, by mine, attestation and day, against the rows alone."""
        produced: Counter[Source] = Counter()
        for event in self.kept.replay.events:
            if event.kind is Kind.PRODUCE:
                for row in event.outputs:
                    if row.attestation:
                        produced[Source(row.at.date(), row.site, row.attestation)] += row.content_mg
        said: Counter[Source] = Counter()
        for amounts in self.kept.carried.values():
            said.update(amounts)
        last: dict[object, PeriodStatement] = {one.key: one for one in self.kept.statements}
        for statement in last.values():
            said.update(statement.closing)
        for credit in self.kept.credits:
            said[credit.source] += credit.left_mg
        for done in self.kept.retired:
            said[done.source] += done.quantity_mg
        for source, mg in said.items():
            assert source.kind is SourceKind.RECYCLED or mg <= produced[source], source

    @invariant()
    def a_lot_carries_no_more_than_it_contains(self) -> None:
        """Also where an account gave it something."""
        replay = self.kept.replay
        left = {one.lot: one.content_mg for one in replay.holdings}
        left |= {one.lot: one.content_mg for one in replay.in_transit}
        for lot, amounts in self.kept.carried.items():
            assert total_mg(amounts) <= left.get(lot, 0), lot

    @invariant()
    def nothing_is_below_nothing(self) -> None:
        """Accounts in every period, and credits."""
        for one in self.kept.statements:
            for amounts in (one.opening, one.entered, one.given, one.lapsed, one.closing):
                assert all(mg > 0 for mg in amounts.values())
            came = total_mg(one.opening) + total_mg(one.entered)
            assert came == total_mg(one.given) + total_mg(one.lapsed) + total_mg(one.closing)
            assert one.deficit_mg >= 0
        assert all(0 <= one.left_mg <= one.quantity_mg for one in self.kept.credits)

    @invariant()
    def a_credit_is_used_up_once(self) -> None:
        """What was booked is left, passed on, or used up: nothing of it twice."""
        used: Counter[str] = Counter()
        for done in self.kept.retired:
            used[done.credit] += done.quantity_mg
        for one in self.kept.credits:
            used[one.parent] += one.quantity_mg
        for one in self.kept.credits:
            assert one.left_mg + used[one.id] == one.quantity_mg, one.id

    @invariant()
    def what_a_day_knew_stays(self) -> None:
        """The books as of a day are the same again, whatever was written after it."""
        for on in list(self.seen)[-1:]:
            assert self.books(on) == self.seen[on]

    @invariant()
    def books_that_are_continued_are_those_of_a_replay(self) -> None:
        """Each event was booked with what it touches alone, after what was kept before it."""
        if self.continues:
            same_as(self.part, self.kept, self.keep_on)

    @invariant()
    def the_proof_holds(self) -> None:
        """Where lots have no defects, there is one."""
        assert self.kept.proof is not None
        assert self.kept.proof.holds


class ReplayedAlone(Chain):
    """The same for mutants, which a replay has to show."""

    continues = False


class Governed(ReplayedAlone):
    """The same for mutants about certificates."""

    governed = True


TestAnyOrder = Chain.TestCase
TestAnyOrder.settings = AS_MANY


class _Trusting:
    holds = True


TRUSTING = _Trusting()
"""Stands in for the proof, so that the rows alone have to show what is wrong."""


def _not_taken_off_the_lot(self: keeping.Keeper, event: Event) -> object:
    carried = dict(self.carried)
    found = _BOOK(self, event)
    self.carried.update(carried)
    return found


def _not_taken_off_the_account(self: accounts.Account, draw: accounts.Draw) -> accounts.Given:
    buckets = list(self._buckets)
    given = _ASSIGN(self, draw)
    self._buckets = buckets
    return given


def _used_up_again(self: Credits, credit_id: str, quantity_mg: int, **other: Any) -> object:
    before = self.by_id.get(credit_id)
    found = _RETIRE(self, credit_id, quantity_mg, **other)
    if before is not None:
        self.by_id[credit_id] = before
    return found


def _all_goes_along(amounts: Mapping[Source, int], part_mg: int, whole: int) -> object:
    return dict(amounts) if part_mg * 2 >= whole else {}


def _later_is_known_now(events: object, day: datetime.date) -> object:
    return tuple(replace(one) for one in events)  # type: ignore[attr-defined]  # a mutant


def _a_milligram_appears(*what: Any) -> Masses:
    masses: Masses = _ACCOUNT(*what)
    for lot, mg in masses.left_mass_mg.items():
        if 0 < mg < masses.lots[lot].mass_mg:
            masses.left_mass_mg[lot] += 1
            break
    return masses


def _nothing_is_lost_on_the_way(*what: Any, **more: Any) -> ConversionFactor:
    return replace(_FACTOR(*what, **more), factor=Fraction(1))


def _may_rise(*_: object) -> tuple[()]:
    return ()


def _may_be_called_anything(*_: object) -> tuple[()]:
    return ()


def _one_pack_for_all(self: Governance, entity: str, day: datetime.date) -> object:
    return replace(self.rules_on(day), pack=_RULES(self, entity, day).pack)


def _one_method_for_all(self: Governance, _entity: str, day: datetime.date) -> object:
    return _METHOD(self, "", day)


def _whichever_process_gives_most(*what: Any, **more: Any) -> ConversionFactor:
    found = _FACTOR(*what, **more)
    return replace(found, factor=found.factor * PARTS["ore", "metal"][found.process])


def _elements_are_not_told_apart(_: Event) -> str:
    return ""


REPLAY = importlib.import_module("stannary.core.custody.replay")
_ACCOUNT, _FACTOR = REPLAY.account, factor_for
_RULES, _METHOD = Governance.rules, Governance.method
_BOOK, _ASSIGN, _RETIRE = keeping.Keeper._book, accounts.Account._assign, Credits.retire
MUTANTS: list[tuple[object, str, Callable[..., object]]] = [
    (keeping.Keeper, "_book", _not_taken_off_the_lot),
    (accounts.Account, "_assign", _not_taken_off_the_account),
    (Credits, "retire", _used_up_again),
    (keeping, "portion", _all_goes_along),
    (books, "known_on", _later_is_known_now),
    (REPLAY, "account", _a_milligram_appears),
    (keeping, "factor_for", _nothing_is_lost_on_the_way),
    (models_, "_rise", _may_rise),
]
OF_SCHEMES: list[tuple[object, str, Callable[..., object]]] = [
    (Governance, "rules", _one_pack_for_all),
    (Governance, "method", _one_method_for_all),
    (keeping, "factor_for", _whichever_process_gives_most),
    (keeping, "element_named", _elements_are_not_told_apart),
    (masses_, "check_names", _may_be_called_anything),
]


@pytest.mark.parametrize(
    ("where", "name", "wrong", "proved", "steps"),
    [
        pytest.param(*one, proved, steps, id=f"{told} the proof-{one[-1].__name__}")
        for proved, told, steps, those in (
            (True, "with", AS_MANY.stateful_step_count, MUTANTS),
            (False, "without", AS_MANY.stateful_step_count, MUTANTS),
            (False, "without", 5, OF_SCHEMES),
        )
        for one in those
    ],
)
def test_the_machine_notices_books_that_are_wrong(
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    wrong: Callable[..., object],
    *,
    proved: bool,
    steps: int,
) -> None:
    monkeypatch.setattr(where, name, wrong)
    if not proved:
        monkeypatch.setattr(keeping, "prove", lambda *_: TRUSTING)
        monkeypatch.setattr(REPLAY, "check_conservation", lambda *_: None)

    with pytest.raises((AssertionError, InvariantError)):
        run_state_machine_as_test(
            Governed if where is Governance else ReplayedAlone,
            settings=settings(
                AS_MANY,
                max_examples=1500,
                stateful_step_count=steps,
                phases=[Phase.generate],
                database=None,
            ),
        )
