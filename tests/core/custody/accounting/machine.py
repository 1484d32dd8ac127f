"""A machine that books events by anybody, on any later day, right and wrong ones."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from core.custody.accounting.made_up import always, certificate, change, under
from core.custody.accounting.test_continued import continued
from stannary.core.custody import (
    Books,
    Continued,
    ConversionFactor,
    CustodyCertificate,
    CustodyRules,
    Event,
    Holding,
    Kind,
    Method,
    Model,
    Part,
    Row,
    Side,
    Transit,
    events_of,
    go_on,
    keep_books,
)
from stannary.core.custody.accounting.corrections import ANNULLED
from stannary.core.custody.rules import LOT_AND_MASS_CODES

WHO = ("Mine Co", "Trade Co", "Plant Co")
MODELS = st.sampled_from((None, *Model))
CONTENT = st.integers(1, 9).map(lambda grams: grams * 1000) | st.integers(1, 9999)
ANY = st.integers(0, 10**6)
MINES = st.sampled_from(("north", "north", "south"))
YEAR = datetime.date(2026, 1, 1)
SUSPENDED = (change("2026-06-01", "suspended"), change("2026-09-01", "in_force"))
PARTS = {
    ("ore", "ore"): {"roast": 1},
    ("ore", "metal"): {"roast": 1, "leach": 2},
    ("metal", "metal"): {"roast": 1},
}
"""Material and product to the processes that are known, each with what it divides the factor by."""
OTHER = {
    "measured": "approved",
    "approved": "measured",
    Method.CREDIT: Method.ROLLING_AVERAGE,
    Method.ROLLING_AVERAGE: Method.CREDIT,
}
SECOND = "example/custody/2"
LIFE, SHORT_LIFE = 9, 2
PERIOD, SHORT_PERIOD = 12, 3


def approved(
    material: str, product: str, process: str, factor: Fraction, element: str
) -> ConversionFactor:
    """A factor from the first day on."""
    return ConversionFactor(
        material=material,
        product=product,
        process=process,
        element=element,
        factor=factor,
        source="made up",
        approved_by="Somebody",
        approved_on=YEAR,
        valid_from=YEAR,
        illustrative=True,
    )


def moveable(here: Holding | Transit) -> bool:
    """Tell whether a row can name what is left."""
    return here.content_mg > 0


def part_of(here: Holding, divisor: int) -> dict[str, int]:
    """All that is left of a lot, or a part of it, at least a milligram."""
    content = max(1, here.content_mg // divisor)
    all_of_it = content == here.content_mg
    mass = here.mass_mg if all_of_it else max(content, here.mass_mg // divisor)
    return {"content_mg": content, "mass_mg": mass}


class Acts(RuleBasedStateMachine):
    """A file of movements that grows, and everybody who writes into it."""

    continues = True
    """Whether the books are continued beside each replay, too."""
    governed = False
    """Whether certificates are looked at in every file."""

    @initialize(
        method=st.sampled_from(Method),
        overdraft=st.sampled_from(("none", "within_period")),
        carry=st.sampled_from(("once", "never")),
        source=st.sampled_from(("measured", "approved")),
        factor=st.sampled_from((Fraction(7, 9), Fraction(7, 9), None)),
        looked_at=st.sampled_from((False, False, True)),
        started=st.sampled_from((True, True, False)),
        second=st.none() | st.just(0) | st.integers(1, 200),
        element=st.sampled_from(("", "tin")),
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
        second: int | None,
        element: str,
    ) -> None:
        """Begin with an empty file under some rules, or on the way.

        The third may have a certificate under a second pack, from a day on: there the other method
        comes first, the other conversion counts, and other numbers hold.
        """
        self.rules_on = always(
            mass_balance_methods=f"{method} {OTHER[method]}",
            overdraft_tolerance=overdraft,
            balance_carry_over=carry,
            conversion_factor_source=source,
            credit_life_months=LIFE,
        )
        other = under(
            mass_balance_methods=f"{OTHER[method]} {method}",
            balance_carry_over="never",
            balance_period_months=SHORT_PERIOD,
            conversion_factor_source=OTHER[source],
            credit_life_months=SHORT_LIFE,
            controlled_blending_min_share="0.5",
        )
        self.second = replace(other, pack=SECOND)
        self.method, self.source, self.number, self.element = method, source, 0, element
        self.factor = factor
        self.factors = [
            approved(*pair, process, factor / parts, element or "any")
            for pair, known in PARTS.items()
            for process, parts in known.items()
            if factor
        ]
        self.second_from: datetime.date | None = None
        self.certificates = None
        if looked_at or self.governed:
            if second is not None:
                self.second_from = YEAR + datetime.timedelta(days=second)
            pilot = certificate(WHO[1], pilot=True)
            self.certificates = [certificate(WHO[0]), pilot, *self.of_the_third()]
        self.first = WHO[0] if self.second_from is None else WHO[2]
        self.at = datetime.datetime(2026, 1, 1, 6, tzinfo=datetime.UTC)
        self.events: list[Event] = []
        self.kept = self.books()
        self.seen: dict[datetime.date, Books] = {}
        self.part = Part()
        if started:
            self.start()

    def of_the_third(self) -> list[CustodyCertificate]:
        """Give one certificate, or two that follow each other."""
        begin = self.second_from
        if begin is None:
            return [certificate(WHO[2], changes=SUSPENDED)]
        later = SUSPENDED if begin < SUSPENDED[0].on else ()
        new = certificate(WHO[2], id="urn:new", pack=SECOND, valid_from=begin, changes=later)
        if begin == YEAR:
            return [new]
        earlier = tuple(one for one in SUSPENDED if one.on < begin)
        return [certificate(WHO[2], valid_until=begin, changes=earlier), new]

    def pack_on(self, pack: str, _: datetime.date) -> CustodyRules:
        """Give the only pack beside that of the register."""
        assert pack == SECOND
        return self.second

    def is_second(self, entity: str, day: datetime.date) -> bool:
        """Tell whether an entity keeps its books by the second pack, as it was drawn."""
        begin = self.second_from
        return entity == WHO[2] and begin is not None and day >= begin

    def start(self) -> None:
        """Have a lot, an account with something in it, and credits, of which some are used up."""
        attested = {"attestation": "urn:north", "model": Model.MASS_BALANCE}
        for lot in ("A", "B"):
            self.add(Kind.PRODUCE, {"lot": lot, "side": Side.OUT, "content_mg": 9000, **attested})
        how, made = Kind.BLEND, {}
        if self.element:
            how, made = Kind.TRANSFORM, {"material": "metal", "process": "leach"}
        self.add(
            how,
            {"lot": "A", "side": Side.IN, "content_mg": 9000, "account": "north"},
            {"lot": "A1", "side": Side.OUT, "content_mg": 9000, **made},
        )
        self.add(Kind.PURCHASE, {"lot": "U", "side": Side.OUT, "content_mg": 3000})
        given = {"account": "north", "model": Model.MASS_BALANCE}
        self.add(
            how,
            {"lot": "U", "side": Side.IN, "content_mg": 3000},
            {"lot": "U1", "side": Side.OUT, "content_mg": 3000, **given, **made},
        )
        both: dict[str, Any] = {"content_mg": 4000}
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
            certificates=self.certificates,
            factors=self.factors,
            pack_on=self.pack_on,
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
                    "entity": self.first,
                    "element": self.element,
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
            certificates=self.certificates,
            factors=self.factors,
            pack_on=self.pack_on,
        )

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
            "element": self.element if rest % 4 else "",
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
        process=st.sampled_from(("", "", "roast", "roast", "leach")),
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
        process: str,
    ) -> None:
        """Divide, mix, change or lose, over an account or not."""
        lots = {here.lot: here for here in map(self.lot, picks) if here is not None}
        if not lots:
            return
        who = next(iter(lots.values())).entity
        rows: list[dict[str, Any]] = []
        element = self.element if picks[0] % 4 else ""
        for number, (lot, here) in enumerate(lots.items()):
            whole = bool(picks[number % len(picks)] % 2)
            row = {"lot": lot, "side": Side.IN, "entity": who, "material": here.material}
            row["element"] = element
            used = part_of(here, 1 if whole else 2)
            if picks[number % len(picks)] % 7 == 3:
                used["content_mg"] = 1  # what is left may have more content than mass
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
                    out |= {"element": element, "process": process}
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
                "element": row.element,
                "process": row.process,
                "account": event.id,
                "period": ANNULLED if annul else "",
            }
            for row in event.rows
        ]
        self.add(Kind.CORRECT, *rows)
