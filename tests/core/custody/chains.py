"""Random chains of custody in which everything holds, for properties and measurements.

Everything in them is made up: sites and entities are called after numbers.
"""

import datetime
import random
from dataclasses import dataclass, replace

from stannary.core.custody import Kind, Model, Row, Side

START = datetime.datetime(2026, 1, 1, 6, 0, tzinfo=datetime.UTC)
ENTITIES = tuple(f"Illustrative entity {number}" for number in range(1, 7))
MINES = tuple(f"example-mine-{number}" for number in range(1, 5))
OFFSETS = tuple(datetime.timezone(datetime.timedelta(minutes=m)) for m in (0, 60, -210, 345))


@dataclass
class Stock:
    """What is left of a lot while a chain is made."""

    lot: str
    holder: str
    mass_mg: int
    content_mg: int
    model: Model | None
    in_transit: bool = False


class ChainMaker:
    """Makes one event after the other; every choice comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - test data, not a secret
        self.rows: list[Row] = []
        self.stocks: list[Stock] = []
        self.at = START
        self.event = ""
        self.events = 0
        self.lots = 0

    def make(self, events: int) -> list[Row]:
        while self.events < events:
            self.step()
        return self.rows

    def step(self) -> None:
        pick = self.random.random
        self.at += datetime.timedelta(minutes=self.random.choice((0, 1, 90, 1440)))
        self.event = f"E{self.events + 1}"
        held = [stock for stock in self.stocks if not stock.in_transit]
        moving = [stock for stock in self.stocks if stock.in_transit]
        draw = pick()
        if not held or draw < 0.2:
            self.source()
        elif draw < 0.3 and moving:
            self.receive(self.random.choice(moving))
        elif draw < 0.45:
            self.ship(self.random.choice(held))
        elif draw < 0.52:
            stock = self.random.choice(held)
            self.take(Kind.LOSS, stock, *self.part(stock))
        else:
            self.change(self.random.choice(held))
        self.events += 1

    def source(self) -> None:
        kind = self.random.choice((Kind.PRODUCE, Kind.PRODUCE, Kind.PURCHASE, Kind.RECYCLE))
        holder = self.random.choice(ENTITIES)
        mass_mg = self.random.randint(1, 10 ** self.random.randint(1, 14))
        content_mg = self.random.randint(1, mass_mg)
        models = [None, Model.CONTROLLED_BLENDING, Model.MASS_BALANCE]
        if kind is Kind.PRODUCE:
            models.append(Model.IDENTITY_PRESERVED)
        self.put(kind, holder, mass_mg, content_mg, self.random.choice(models))

    def ship(self, stock: Stock) -> None:
        stock.in_transit = True
        self.move(Kind.SHIP, stock)

    def receive(self, stock: Stock) -> None:
        stock.in_transit = False
        stock.holder = self.random.choice(ENTITIES)
        self.move(Kind.RECEIVE, stock)

    def change(self, first: Stock) -> None:
        kind = self.random.choice((Kind.SPLIT, Kind.BLEND, Kind.TRANSFORM))
        same = [s for s in self.stocks if s.holder == first.holder and not s.in_transit]
        count = 1 if kind is Kind.SPLIT else self.random.randint(1, min(4, len(same)))
        inputs = [first, *self.random.sample([s for s in same if s is not first], count - 1)]
        ranks = [stock.model.rank for stock in inputs if stock.model is not None]
        mass_mg = content_mg = 0
        for stock in inputs:
            taken = self.part(stock)
            self.take(kind, stock, *taken)
            mass_mg, content_mg = mass_mg + taken[0], content_mg + taken[1]
        if kind is Kind.TRANSFORM:
            content_mg -= self.random.randint(0, (content_mg - 1) // 5)
            mass_mg = self.random.randint(content_mg, mass_mg)
        floor = max(ranks, default=0)
        if kind is not Kind.SPLIT:
            floor = max(floor, Model.CONTROLLED_BLENDING.rank)
        model = tuple(Model)[floor] if ranks else None
        self.parts(kind, first.holder, mass_mg, content_mg, model)

    def parts(
        self, kind: Kind, holder: str, mass_mg: int, content_mg: int, model: Model | None
    ) -> None:
        for _ in range(self.random.randint(0, 2)):
            if mass_mg < 2 or content_mg < 2:
                break
            part = self.less(mass_mg, content_mg)
            self.put(kind, holder, *part, model)
            mass_mg, content_mg = mass_mg - part[0], content_mg - part[1]
        self.put(kind, holder, mass_mg, content_mg, model)

    def part(self, stock: Stock) -> tuple[int, int]:
        """All of what is left, or less with something left of both masses."""
        if stock.content_mg < 2 or self.random.random() < 0.4:
            return stock.mass_mg, stock.content_mg
        return self.less(stock.mass_mg, stock.content_mg)

    def less(self, mass_mg: int, content_mg: int) -> tuple[int, int]:
        """A part that is possible, as is its rest: content at most mass, nothing empty."""
        taken = self.random.randint(1, mass_mg - 1)
        low = max(1, content_mg - (mass_mg - taken))
        return taken, self.random.randint(low, min(content_mg - 1, taken))

    def put(
        self, kind: Kind, holder: str, mass_mg: int, content_mg: int, model: Model | None
    ) -> None:
        self.lots += 1
        lot = f"L{self.lots}"
        self.stocks.append(Stock(lot, holder, mass_mg, content_mg, model))
        attested = kind is Kind.PRODUCE and self.random.random() < 0.8
        site = self.random.choice(MINES) if kind is Kind.PRODUCE else "example-plant"
        attestation = f"urn:example:{site}:{self.random.randint(1, 2)}" if attested else ""
        self.add(
            Stock(lot, holder, mass_mg, content_mg, model),
            kind,
            Side.OUT,
            site=site,
            attestation=attestation,
        )

    def take(self, kind: Kind, stock: Stock, mass_mg: int, content_mg: int) -> None:
        self.add(Stock(stock.lot, stock.holder, mass_mg, content_mg, None), kind, Side.IN)
        stock.mass_mg -= mass_mg
        stock.content_mg -= content_mg
        if not stock.mass_mg:
            self.stocks.remove(stock)

    def move(self, kind: Kind, stock: Stock) -> None:
        self.add(replace(stock, model=None), kind, Side.MOVE)

    def add(
        self,
        stock: Stock,
        kind: Kind,
        side: Side,
        *,
        site: str = "example-plant",
        attestation: str = "",
    ) -> None:
        row = Row(
            event=self.event,
            at=self.at.astimezone(OFFSETS[self.events % len(OFFSETS)]),
            kind=kind,
            site=site,
            entity=stock.holder,
            lot=stock.lot,
            side=side,
            material=f"illustrative material {1 + len(stock.lot) % 3}",
            mass_mg=stock.mass_mg,
            content_mg=stock.content_mg,
            model=stock.model,
            attestation=attestation,
            note="illustrative" if side is Side.MOVE else "",
        )
        self.rows.append(row)


def random_chain(seed: int, events: int = 100) -> list[Row]:
    """Make a chain of so many events in which every rule holds; the same for the same seed."""
    return ChainMaker(seed).make(events)


def row(event: str, kind: Kind, side: Side, lot: str, mass_mg: int, **other: object) -> Row:
    """Make a row with everything else filled in; `content_mg` is the mass unless given."""
    number = int("0" + "".join(c for c in event if c.isdigit()))
    fields: dict[str, object] = {
        "at": START + datetime.timedelta(days=number),
        "site": "example-mine-1" if kind is Kind.PRODUCE else "example-plant",
        "entity": ENTITIES[0],
        "material": "illustrative material",
        "content_mg": mass_mg,
        "attestation": "urn:example:1" if kind is Kind.PRODUCE else "",
        **other,
    }
    return Row(event=event, kind=kind, side=side, lot=lot, mass_mg=mass_mg, **fields)  # type: ignore[arg-type]  # fields by name
