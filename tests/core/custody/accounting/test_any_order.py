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
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.custody.accounting.made_up import always, certificate, change
from core.custody.accounting.test_continued import continued, same_as
from stannary.core.custody import (
    Books,
    Continued,
    ConversionFactor,
    Event,
    Holding,
    Kind,
    Method,
    Model,
    Part,
    PeriodStatement,
    Row,
    Side,
    Source,
    SourceKind,
    Transit,
    events_of,
    go_on,
    keep_books,
    total_mg,
)
from stannary.core.custody import models as models_
from stannary.core.custody.accounting import accounts, books, keeping
from stannary.core.custody.accounting.conversions import factor_for
from stannary.core.custody.accounting.corrections import ANNULLED
from stannary.core.custody.accounting.credits import Credits
from stannary.core.custody.masses import Masses
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.kernel import InvariantError

pytestmark = pytest.mark.untraced
AS_MANY = settings(max_examples=60, stateful_step_count=30, deadline=None)
WHO = ("Mine Co", "Trade Co", "Plant Co")
MODELS = st.sampled_from((None, *Model))
CONTENT = st.integers(1, 9).map(lambda grams: grams * 1000) | st.integers(1, 9999)
ANY = st.integers(0, 10**6)
MINES = st.sampled_from(("north", "north", "south"))
YEAR = datetime.date(2026, 1, 1)
SUSPENDED = (change("2026-06-01", "suspended"), change("2026-09-01", "in_force"))


PAIRS = (("ore", "ore"), ("ore", "metal"), ("metal", "metal"))


def approved(material: str, product: str, factor: Fraction) -> ConversionFactor:
    """A factor from the first day on."""
    return ConversionFactor(
        material=material,
        product=product,
        process="made up",
        element="any",
        factor=factor,
        source="made up",
        approved_by="Somebody",
        approved_on=YEAR,
        valid_from=YEAR,
        illustrative=True,
    )


def moveable(here: Holding | Transit) -> bool:
    """Tell whether a row can name what is left; a correction may leave more content than mass."""
    return 0 < here.content_mg <= here.mass_mg


def part_of(here: Holding, divisor: int) -> dict[str, int]:
    """All that is left of a lot, or a part of it, at least a milligram."""
    content = max(1, here.content_mg // divisor)
    all_of_it = content == here.content_mg
    mass = here.mass_mg if all_of_it else max(content, here.mass_mg // divisor)
    return {"content_mg": content, "mass_mg": mass}


def weights(rows: Sequence[Row]) -> tuple[int, int]:
    """Mass and content of rows together."""
    return sum(row.mass_mg for row in rows), sum(row.content_mg for row in rows)


class Chain(RuleBasedStateMachine):
    """A file of movements that grows, and everybody who writes into it."""

    continues = True
    """Whether the books are continued beside each replay, too."""

    @initialize(
        method=st.sampled_from(Method),
        overdraft=st.sampled_from(("none", "within_period")),
        carry=st.sampled_from(("once", "never")),
        source=st.sampled_from(("measured", "approved")),
        factor=st.sampled_from((Fraction(7, 9), Fraction(7, 9), None)),
        looked_at=st.sampled_from((False, False, True)),
        started=st.sampled_from((True, True, False)),
    )
    def begin(
        self,
        *,
        method: Method,
        overdraft: str,
        carry: str,
        source: str,
        factor: Fraction | None,
        looked_at: bool,
        started: bool,
    ) -> None:
        """Begin with an empty file under some rules, or on the way."""
        self.rules_on = always(
            overdraft_tolerance=overdraft,
            balance_carry_over=carry,
            conversion_factor_source=source,
            credit_life_months=9,
        )
        self.method, self.number = method, 0
        self.factor = factor if source == "approved" else None
        self.measured = source == "measured"
        given = self.factor or Fraction(1, 9)
        self.factors = [approved(*pair, given) for pair in PAIRS] if factor else []
        self.certificates = None
        if looked_at:
            self.certificates = [
                certificate(WHO[0]),
                certificate(WHO[1], pilot=True),
                certificate(WHO[2], changes=SUSPENDED),
            ]
        self.at = datetime.datetime(2026, 1, 1, 6, tzinfo=datetime.UTC)
        self.events: list[Event] = []
        self.kept = self.books()
        self.seen: dict[datetime.date, Books] = {}
        self.part = Part()
        if started:
            self.start()

    def start(self) -> None:
        """Have a lot, an account with something in it, and credits, of which some are used up."""
        attested = {"attestation": "urn:north", "model": Model.MASS_BALANCE}
        for lot in ("A", "B"):
            self.add(Kind.PRODUCE, {"lot": lot, "side": Side.OUT, "content_mg": 9000, **attested})
        self.add(
            Kind.BLEND,
            {"lot": "A", "side": Side.IN, "content_mg": 9000, "account": "north"},
            {"lot": "A1", "side": Side.OUT, "content_mg": 9000},
        )
        self.add(Kind.PURCHASE, {"lot": "U", "side": Side.OUT, "content_mg": 5000})
        given = {"account": "north", "model": Model.MASS_BALANCE}
        self.add(
            Kind.BLEND,
            {"lot": "U", "side": Side.IN, "content_mg": 5000},
            {"lot": "U1", "side": Side.OUT, "content_mg": 5000, **given},
        )
        both: dict[str, Any] = {"content_mg": 4000, "entity": WHO[0]}
        self.add(
            Kind.BOOK,
            {**both, "lot": "B", "side": Side.IN},
            {**both, "lot": "C", "side": Side.OUT},
        )
        used = {**both, "content_mg": 1000, "lot": "C", "side": Side.IN, "note": "Somebody"}
        self.add(Kind.RETIRE, used)

    def books(self, as_of: datetime.date | None = None) -> Books:
        """Keep the books of what is in the file."""
        return keep_books(
            self.events,
            rules_on=self.rules_on,
            as_of=as_of,
            method=self.method,
            certificates=self.certificates,
            factors=self.factors,
        )

    def add(self, kind: Kind, *rows: Mapping[str, Any]) -> None:
        """Write an event; one that lots cannot bear is taken out again."""
        self.number += 1
        made = [
            Row(
                **{
                    "event": f"E{self.number}",
                    "at": self.at,
                    "kind": kind,
                    "site": "north",
                    "entity": WHO[0],
                    "material": "ore",
                    "mass_mg": row["content_mg"],
                    **row,
                }
            )
            for row in rows
        ]
        self.events += events_of(made)
        kept = self.books()
        if any(finding.code in LOT_AND_MASS_CODES for finding in kept.findings):
            self.events.pop()
            return
        self.kept = kept
        if self.continues:
            part = continued(self.part, self.events[-1:], self.events[:-1], self.keep_on)
            assert part is not None
            self.part = part

    def keep_on(self, part: Part, events: Sequence[Event], day: datetime.date) -> Continued:
        """Go on with the books under the rules of this file."""
        return go_on(
            part,
            events,
            day=day,
            rules_on=self.rules_on,
            method=self.method,
            certificates=self.certificates,
            factors=self.factors,
        )

    def teardown(self) -> None:
        """Know on every day what it knew; book it all once more, some of it late: it comes to the same."""
        events = getattr(self, "events", [])
        for on in sorted(getattr(self, "seen", {}))[:-2]:
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

    def lot(self, pick: int) -> Holding | None:
        """Some lot that somebody holds, with what is left of it."""
        held = [one for one in self.kept.replay.holdings if moveable(one)]
        return held[pick % len(held)] if held else None

    @rule(days=st.integers(0, 250))
    def time_passes(self, days: int) -> None:
        """Let days pass; what a day knew is remembered."""
        if days:
            self.seen[self.at.date()] = self.books(self.at.date())
            self.at += datetime.timedelta(days=days)

    @rule(
        kind=st.sampled_from((Kind.PRODUCE, Kind.PRODUCE, Kind.PURCHASE, Kind.RECYCLE)),
        who=st.sampled_from(WHO),
        content=CONTENT,
        attestation=st.sampled_from(("urn:north", "urn:south", "")),
        model=MODELS,
        site=MINES,
        rest=st.integers(0, 5000),
    )
    def material_comes_in(
        self,
        *,
        kind: Kind,
        who: str,
        content: int,
        attestation: str,
        model: Model | None,
        site: str,
        rest: int,
    ) -> None:
        """Mine, buy or recycle; what is no content is there, too."""
        out: dict[str, Any] = {
            "lot": f"L{self.number}",
            "side": Side.OUT,
            "content_mg": content,
            "mass_mg": content + rest,
            "entity": who,
            "site": site,
        }
        self.add(kind, {**out, "attestation": attestation, "model": model})

    @rule(pick=ANY, kind=st.sampled_from((Kind.SHIP, Kind.RECEIVE)), who=st.sampled_from(WHO))
    def a_lot_moves(self, pick: int, kind: Kind, who: str) -> None:
        """Ship or receive, rightly or not."""
        here: Holding | Transit | None = self.lot(pick)
        moving = [one for one in self.kept.replay.in_transit if moveable(one)]
        if kind is Kind.RECEIVE and moving:
            here = moving[pick % len(moving)]
        if here is not None:
            if isinstance(here, Holding) and kind is Kind.SHIP and pick % 5:
                who = here.entity
            all_of_it = {"content_mg": here.content_mg, "mass_mg": here.mass_mg}
            named = {"lot": here.lot, "side": Side.MOVE, "entity": who, "material": here.material}
            self.add(kind, {**named, **all_of_it})

    @rule(
        kind=st.sampled_from((Kind.SPLIT, Kind.BLEND, Kind.TRANSFORM, Kind.LOSS)),
        picks=st.lists(ANY, min_size=1, max_size=3, unique=True),
        account=st.sampled_from(("", "north", "group")),
        given=st.lists(st.booleans(), min_size=1, max_size=3),
        model=MODELS,
        lost=st.integers(0, 3),
        named=st.sampled_from(("", "", "urn:north")),
        site=MINES,
    )
    def lots_become_others(
        self,
        *,
        kind: Kind,
        picks: list[int],
        account: str,
        given: list[bool],
        model: Model | None,
        lost: int,
        named: str,
        site: str,
    ) -> None:
        """Divide, mix, change or lose, over an account or not."""
        lots = {here.lot: here for here in map(self.lot, picks) if here is not None}
        if not lots:
            return
        who = next(iter(lots.values())).entity
        rows: list[dict[str, Any]] = []
        for number, (lot, here) in enumerate(lots.items()):
            whole = bool(picks[number % len(picks)] % 2)
            row = {"lot": lot, "side": Side.IN, "entity": who, "material": here.material}
            used = part_of(here, 1 if whole else 2)
            rows.append({**row, **used, "account": account if number < 2 else "", "site": site})
        content = sum(row["content_mg"] for row in rows)
        rest = sum(row["mass_mg"] for row in rows) - content
        if kind is Kind.TRANSFORM:
            content -= min(lost, content - 1)
        if kind is not Kind.LOSS:
            over = bool(account)
            for number, from_account in enumerate(given):
                last = number == len(given) - 1
                part, beside = (content, rest) if last else (content // 2, rest // 2)
                content, rest = content - part, rest - beside
                if part:
                    out: dict[str, Any] = {"lot": f"L{self.number}-{number}", "side": Side.OUT}
                    out |= {"entity": who, "mass_mg": part + beside, "site": site}
                    out |= {"material": "metal" if kind is Kind.TRANSFORM else rows[0]["material"]}
                    out |= {"content_mg": part, "model": Model.MASS_BALANCE if over else model}
                    if from_account and over:
                        out |= {"account": account, "attestation": named}
                    rows.append(out)
        self.add(kind, *rows)

    @rule(pick=ANY, grams=st.integers(1, 10), who=st.sampled_from((None, *WHO)))
    def credits_are_booked(self, pick: int, grams: int, who: str | None) -> None:
        """Turn what a lot carries into credits, rightly or not."""
        here = self.lot(pick)
        if here is not None:
            row: dict[str, Any] = {"content_mg": grams * 1000, "entity": who or here.entity}
            name = f"C{self.number}"
            self.add(
                Kind.BOOK,
                {**row, "lot": here.lot, "side": Side.IN},
                {**row, "lot": name, "side": Side.OUT, "model": Model.BOOK_AND_CLAIM},
            )

    @rule(
        pick=ANY,
        grams=st.integers(1, 10),
        to=st.sampled_from(WHO),
        who=st.sampled_from((None, None, *WHO)),
        retire=st.booleans(),
    )
    def credits_change_hands(
        self, pick: int, grams: int, to: str, who: str | None, *, retire: bool
    ) -> None:
        """Pass credits on or use them up, rightly or not."""
        if not self.kept.credits:
            return
        one = self.kept.credits[pick % len(self.kept.credits)]
        row: dict[str, Any] = {"content_mg": grams * 1000, "entity": who or one.holder}
        into = {**row, "lot": one.id, "side": Side.IN, "note": "Somebody"}
        if retire:
            self.add(Kind.RETIRE, into)
        else:
            out = {**row, "lot": f"C{self.number}", "side": Side.OUT, "account": to}
            self.add(Kind.TRANSFER, into, out)

    @rule(pick=ANY, content=CONTENT, annul=st.sampled_from((False, False, True)))
    def an_event_is_corrected(self, pick: int, content: int, *, annul: bool) -> None:
        """Restate or take back any event; what lots cannot bear is taken out again."""
        once = [one for one in self.events if one.kind is not Kind.CORRECT]
        if not once:
            return
        event = once[pick % len(once)]
        alone = len(event.rows) == 1 or event.kind is Kind.BOOK
        rows = [
            {
                "lot": row.lot,
                "side": row.side,
                "entity": row.entity,
                "site": row.site,
                "material": row.material,
                "content_mg": content if alone and not annul else row.content_mg,
                "mass_mg": content if alone and not annul else row.mass_mg,
                "attestation": row.attestation,
                "model": row.model,
                "account": event.id,
                "period": ANNULLED if annul else "",
            }
            for row in event.rows
        ]
        self.add(Kind.CORRECT, *rows)

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
        assert all(mass >= 0 <= content for mass, content in left.values())

    @invariant()
    def what_enters_an_account_is_converted(self) -> None:
        """No account is given more than its inputs come to by the factor in force."""
        most: Counter[tuple[str, str, str]] = Counter()
        for event in self.kept.replay.events:
            if event.kind in (Kind.BLEND, Kind.TRANSFORM) and event.outputs:
                yielded = Fraction(weights(event.outputs)[1], weights(event.inputs)[1])
                factor = yielded if self.measured else self.factor or Fraction(0)
                for row in event.inputs:
                    key = (row.entity, row.account, event.outputs[0].material)
                    most[key] += -(-row.content_mg * factor.numerator // factor.denominator)
        entered: Counter[tuple[str, str, str]] = Counter()
        for one in self.kept.statements:
            key = (one.key.entity, one.key.boundary, one.key.material)
            entered[key] += total_mg(one.entered)
        assert all(mg <= most[key] for key, mg in entered.items())

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
        for on in list(self.seen)[-2:]:
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


REPLAY = importlib.import_module("stannary.core.custody.replay")
_ACCOUNT, _FACTOR = REPLAY.account, factor_for
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


@pytest.mark.parametrize(
    ("where", "name", "wrong"), MUTANTS, ids=[one[-1].__name__ for one in MUTANTS]
)
@pytest.mark.parametrize("proved", [True, False], ids=["with the proof", "without the proof"])
def test_the_machine_notices_books_that_are_wrong(
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    wrong: Callable[..., object],
    *,
    proved: bool,
) -> None:
    monkeypatch.setattr(where, name, wrong)
    if not proved:
        monkeypatch.setattr(keeping, "prove", lambda *_: TRUSTING)
        monkeypatch.setattr(REPLAY, "check_conservation", lambda *_: None)

    with pytest.raises((AssertionError, InvariantError)):
        run_state_machine_as_test(
            ReplayedAlone,
            settings=settings(AS_MANY, max_examples=1500, phases=[Phase.generate], database=None),
        )
