"""One row of a custody file: a lot that takes part in an event.

Rules: KERNEL-001, CUSTODY-023 to CUSTODY-028.
"""

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from stannary.core.custody import rules
from stannary.core.kernel import MASS_MAX_MG, Place, parse_mass_mg, refuse
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS

REQUIRED_COLUMNS = (
    "event",
    "at",
    "kind",
    "site",
    "entity",
    "lot",
    "side",
    "material",
    "mass_mg",
)
LATER_COLUMNS = ("process", "element")
"""Columns that came later: what names neither is written, and its digest taken, without them."""
OPTIONAL_COLUMNS = (
    "content_mg", "model", "attestation", "account", "period", "note", *LATER_COLUMNS
)  # fmt: skip
COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS
"""The columns of a custody file, in the order in which we write them."""

_NAMES = ("event", "site", "entity", "lot", "material")
_MAY_BE_EMPTY = ("attestation", "account", "period", "note", *LATER_COLUMNS)
_MINUTE = datetime.timedelta(minutes=1)
_NAME_LENGTH = 200
_NOTE_LENGTH = 2000
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_CONTROL_IN_NOTE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class Kind(StrEnum):
    """What an event does."""

    PRODUCE = "produce"
    RECEIVE = "receive"
    SHIP = "ship"
    SPLIT = "split"
    BLEND = "blend"
    TRANSFORM = "transform"
    LOSS = "loss"
    RECYCLE = "recycle"
    PURCHASE = "purchase"
    BOOK = "book"
    TRANSFER = "transfer"
    RETIRE = "retire"
    CORRECT = "correct"

    @property
    def is_source(self) -> bool:
        """Whether material enters the chain by it: mined, recycled, or bought from outside."""
        return self in _SOURCES

    @property
    def is_change(self) -> bool:
        """Whether it turns lots into other lots."""
        return self in _CHANGES

    @property
    def is_move(self) -> bool:
        """Whether it only changes who holds a lot."""
        return self in _MOVES

    @property
    def is_credit(self) -> bool:
        """Whether it is a record that `replay` does not follow yet."""
        return self in _CREDITS


_SOURCES = frozenset({Kind.PRODUCE, Kind.RECYCLE, Kind.PURCHASE})
_CHANGES = frozenset({Kind.SPLIT, Kind.BLEND, Kind.TRANSFORM})
_MOVES = frozenset({Kind.SHIP, Kind.RECEIVE})
_CREDITS = frozenset({Kind.BOOK, Kind.TRANSFER, Kind.RETIRE, Kind.CORRECT})


class Side(StrEnum):
    """On which side of its event a lot stands."""

    IN = "in"
    OUT = "out"
    MOVE = "move"


_SIDES: Mapping[Kind, frozenset[Side]] = {
    **dict.fromkeys(_SOURCES, frozenset({Side.OUT})),
    **dict.fromkeys(_CHANGES, frozenset({Side.IN, Side.OUT})),
    **dict.fromkeys(_MOVES, frozenset({Side.MOVE})),
    **dict.fromkeys(_CREDITS, frozenset(Side)),
    Kind.LOSS: frozenset({Side.IN}),
}


class Model(StrEnum):
    """Chain of custody models of ISO 22095:2020, strongest first."""

    IDENTITY_PRESERVED = "identity_preserved"
    SEGREGATED = "segregated"
    CONTROLLED_BLENDING = "controlled_blending"
    MASS_BALANCE = "mass_balance"
    BOOK_AND_CLAIM = "book_and_claim"

    @property
    def rank(self) -> int:
        """0 for the strongest model, 4 for the weakest."""
        return _RANKS[self]


_RANKS = {model: rank for rank, model in enumerate(Model)}


def weakest(models: Iterable[Model | None]) -> Model | None:
    """Give the weakest of some models; those not named are ignored.

    Returns:
        None if no model is named at all.

    Example:
        >>> weakest([Model.SEGREGATED, None, Model.IDENTITY_PRESERVED])
        <Model.SEGREGATED: 'segregated'>
    """
    return max(
        (model for model in models if model is not None), key=lambda one: one.rank, default=None
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A lot that takes part in an event, as it was recorded.

    Attributes:
        event: Id of the event; rows with the same id are one event. No text has a blank at an end.
        at: When it happened, with an offset of whole minutes.
        site: Where; for `ship` the sender's site, for `receive` the receiver's.
        entity: Who; for `ship` the sender, for `receive` the receiver.
        lot: Id of the lot.
        material: What the lot is made of, in words.
        mass_mg: Dry mass in milligrams, 1 to 9·10^18.
        content_mg: Mass of the tracked element in milligrams, 1 to `mass_mg`.
        model: Chain of custody model; None when the row names none.
        attestation: Identifier of the achievement that the mined material names; "" for none.
        account: For credits; "" for none.
        period: For credits; "" for none.
        note: Anything, for people.
        process: By which this lot was made out of others, in the words of conversion factors; ""
            for none.
        element: The tracked element, of which `content_mg` is, in words; "" where it is not said.
        place: Where it was read; None when it comes from no file.

    Raises:
        RefusalError: KERNEL-001, CUSTODY-023, -024, -026, -027 or -028 if a field cannot be so.
    """

    event: str
    at: datetime.datetime
    kind: Kind
    site: str
    entity: str
    lot: str
    side: Side
    material: str
    mass_mg: int
    content_mg: int
    model: Model | None = None
    attestation: str = ""
    account: str = ""
    period: str = ""
    note: str = ""
    process: str = ""
    element: str = ""
    place: Place | None = None

    def __post_init__(self) -> None:
        for name in _NAMES:
            text = getattr(self, name)
            if not text:
                refuse(rules.FIELD_IS_FILLED, at=self.place_of(name), field=name)
            self._check_text(name, text)
        for name in _MAY_BE_EMPTY:
            text = getattr(self, name)
            if text:
                self._check_text(name, text)
        offset = self.at.utcoffset()
        if offset is None or offset % _MINUTE:
            refuse(rules.TIME_HAS_OFFSET, at=self.place_of("at"), value=self.at.isoformat())
        if not 1 <= self.mass_mg <= MASS_MAX_MG:
            refuse(
                MASS_IS_WHOLE_MILLIGRAMS, at=self.place_of("mass_mg"), value=f"{self.mass_mg} mg"
            )
        if not 1 <= self.content_mg <= self.mass_mg:
            refuse(
                rules.CONTENT_WITHIN_MASS,
                at=self.place_of("content_mg"),
                lot=self.lot,
                content=f"{self.content_mg} mg",
                mass=f"{self.mass_mg} mg",
            )
        if self.side not in _SIDES[self.kind]:
            refuse(rules.SIDE_FITS_KIND, at=self.place_of("side"), kind=self.kind, side=self.side)

    def place_of(self, column: str) -> Place | None:
        """Give the place of one column of the row; None when the row comes from no file."""
        return None if self.place is None else dataclasses.replace(self.place, column=column)

    def _check_text(self, name: str, text: str) -> None:
        is_note = name == "note"
        control = (_CONTROL_IN_NOTE if is_note else _CONTROL).search(text)
        length = _NOTE_LENGTH if is_note else _NAME_LENGTH
        if control is not None:
            code = f"U+{ord(control[0]):04X}"
            refuse(rules.TEXT_IS_PLAIN, at=self.place_of(name), field=name, character=code)
        if text != text.strip():
            refuse(rules.TEXT_IS_PLAIN, at=self.place_of(name), field=name, blanks="at an end")
        if len(text) > length:
            long = f"{len(text)} characters"
            refuse(rules.TEXT_IS_PLAIN, at=self.place_of(name), field=name, length=long)


def parse_row(fields: Mapping[str, str], *, place: Place | None = None) -> Row:
    """Read a row whose fields are texts.

    Args:
        fields: Column to text; blanks around a text are ignored. One of `OPTIONAL_COLUMNS` may be
            missing or empty; without `content_mg` the content is the mass.
        place: File and line, for messages.

    Raises:
        RefusalError: CUSTODY-023 to CUSTODY-028 or KERNEL-001, with the column.

    Example:
        >>> row = parse_row(
        ...     {
        ...         "event": "E1",
        ...         "at": "2026-01-05T08:00:00Z",
        ...         "kind": "produce",
        ...         "site": "example-north-mine",
        ...         "entity": "Example Mining",
        ...         "lot": "L1",
        ...         "side": "out",
        ...         "material": "spodumene",
        ...         "mass_mg": "1000",
        ...     }
        ... )
        >>> row.kind, row.content_mg
        (<Kind.PRODUCE: 'produce'>, 1000)
    """

    def text_of(column: str) -> str:
        return (fields.get(column) or "").strip()

    def place_of(column: str) -> Place | None:
        return None if place is None else dataclasses.replace(place, column=column)

    for column in ("event", "at", "kind", "site", "entity", "lot", "side", "material"):
        if not text_of(column):
            refuse(rules.FIELD_IS_FILLED, at=place_of(column), field=column)
    mass_mg = parse_mass_mg(text_of("mass_mg"), at=place_of("mass_mg"))
    content, model = text_of("content_mg"), text_of("model")
    return Row(
        event=text_of("event"),
        at=parse_time(text_of("at"), at=place_of("at")),
        kind=_word(Kind, text_of("kind"), place_of("kind")),
        site=text_of("site"),
        entity=text_of("entity"),
        lot=text_of("lot"),
        side=_word(Side, text_of("side"), place_of("side")),
        material=text_of("material"),
        mass_mg=mass_mg,
        content_mg=parse_mass_mg(content, at=place_of("content_mg")) if content else mass_mg,
        model=_word(Model, model, place_of("model")) if model else None,
        attestation=text_of("attestation"),
        account=text_of("account"),
        period=text_of("period"),
        note=text_of("note").replace("\r\n", "\n"),
        process=text_of("process"),
        element=text_of("element"),
        place=place,
    )


def parse_time(text: str, *, at: Place | None = None) -> datetime.datetime:
    """Read a time with its offset.

    Raises:
        RefusalError: CUSTODY-026 without an offset, with more than six decimals of a second,
            or for a day or an hour that does not exist.

    Example:
        >>> parse_time("2026-01-05T08:00:00+01:00").utcoffset()
        datetime.timedelta(seconds=3600)
    """
    if not _TIME.fullmatch(text):
        refuse(rules.TIME_HAS_OFFSET, at=at, value=text[:40] or "(empty)")
    try:
        return datetime.datetime.fromisoformat(text.upper())
    except ValueError:
        refuse(rules.TIME_HAS_OFFSET, at=at, value=text)


_Word = TypeVar("_Word", Kind, Side, Model)


def _word(words: type[_Word], text: str, at: Place | None) -> _Word:
    try:
        return words(text)
    except ValueError:
        refuse(rules.WORD_IS_KNOWN, at=at, value=text[:40], known=", ".join(words))
