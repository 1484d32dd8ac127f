"""EPCIS 2.0 JSON documents: read as movements, and written from them.

Rules: KERNEL-001, CUSTODY-021, CUSTODY-032.

What EPCIS knows stands where EPCIS puts it: what, how much, when, where, and the business step.
What it has no word for stands under the prefix `stannary:`: `stannary:kind`, `:entity`, and the
list `stannary:lots` with an object for each lot, whose `stannary:lot` is the `epcClass` and whose
other keys are the columns of the contract (`stannary:material`, `stannary:content_mg`, …), as text.

| movement | EPCIS event | `stannary:kind` |
| --- | --- | --- |
| produce, purchase, recycle | ObjectEvent ADD, commissioning | needed unless produce |
| ship, receive | ObjectEvent OBSERVE, shipping or receiving | not needed |
| loss | ObjectEvent DELETE, destroying | not needed |
| transform, blend, split | TransformationEvent | needed unless transform |
| book, transfer, retire, correct | ObjectEvent OBSERVE, other | needed |

Places in messages count the events of the document from 1 as `line`.
"""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NoReturn
from urllib.parse import quote, unquote

from stannary.core.custody import Event, Kind, Row, Side, events_of
from stannary.core.custody import rules as codes
from stannary.core.kernel import Place, refuse
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS

CONTEXT = (
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"stannary": "urn:stannary:epcis:"},
)
MILLIGRAMS = {"MGM": 1, "GRM": 10**3, "KGM": 10**6, "TNE": 10**9}
"""UN/ECE Recommendation 20 codes of mass, in milligrams."""

_NAMES = {name: f"urn:stannary:{name}:" for name in ("lot", "site", "event")}
_URI = re.compile(
    r"(urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:|https?://)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+"
)
_SCHEMA_OFFSET = re.compile(r"[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00")
_STEPS = {
    Kind.PRODUCE: ("ADD", "commissioning"),
    Kind.PURCHASE: ("ADD", "commissioning"),
    Kind.RECYCLE: ("ADD", "commissioning"),
    Kind.SHIP: ("OBSERVE", "shipping"),
    Kind.RECEIVE: ("OBSERVE", "receiving"),
    Kind.LOSS: ("DELETE", "destroying"),
    Kind.BOOK: ("OBSERVE", "other"),
    Kind.TRANSFER: ("OBSERVE", "other"),
    Kind.RETIRE: ("OBSERVE", "other"),
    Kind.CORRECT: ("OBSERVE", "other"),
}
_TRANSFORMING = (Kind.TRANSFORM, Kind.BLEND, Kind.SPLIT)
_SIDES = {Kind.SHIP: Side.MOVE, Kind.RECEIVE: Side.MOVE, Kind.LOSS: Side.IN}
_ABOUT_EVENT = ("site", "entity")
_ABOUT_LOT = ("material", "model", "attestation", "account", "period", "note")


def epcis_lines(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read an EPCIS document, one line of named texts for each lot of each event.

    Yields:
        The number of the event from 1, and column to text.

    Raises:
        RefusalError: CUSTODY-021 if it is not JSON; CUSTODY-032 if it is not an EPCIS 2.0
            document or an event cannot be understood; KERNEL-001 for a quantity that is not a
            whole number of milligrams.
    """
    at = Place(name)
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeated_key,
        )
    except (ValueError, RecursionError) as error:
        refuse(codes.FILE_IS_READABLE, at=at, reason=f"not JSON: {error}"[:200])
    if not isinstance(document, dict) or document.get("type") != "EPCISDocument":
        _not_understood(at, expected="one object of type EPCISDocument")
    if document.get("schemaVersion") not in ("2.0", "2.0.0"):
        _not_understood(at, "schemaVersion", expected="2.0", seen=document.get("schemaVersion"))
    body = document.get("epcisBody")
    events = body.get("eventList") if isinstance(body, dict) else None
    if not isinstance(events, list):
        _not_understood(at, "epcisBody", expected="an object with a list eventList")
    seen: set[str] = set()
    for number, event in enumerate(events, start=1):
        here = Place(name, number)
        if not isinstance(event, dict):
            _not_understood(here, expected="an object")
        reader = _EventReader(event, number, here)
        if reader.id in seen:
            _not_understood(here, "eventID", repeated=reader.id)
        seen.add(reader.id)
        for fields in reader.lines():
            yield number, fields


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def _no_repeated_key(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"repeated key {next(n for n in names if names.count(n) > 1)!r}")
    return found


def _not_understood(at: Place, column: str | None = None, **facts: object) -> NoReturn:
    texts = {key: str(value)[:80] for key, value in facts.items()}
    refuse(codes.EPCIS_IS_UNDERSTOOD, at=Place(at.file, at.line, column), **texts)


class _EventReader:
    """One event of a document, with its place."""

    def __init__(self, event: Mapping[str, object], number: int, at: Place) -> None:
        self.event = event
        self.at = at
        given = self.text("eventID")
        self.id = _name_of("event", given) if given else f"#{number}"

    def text(self, key: str, within: Mapping[str, object] | None = None) -> str:
        """A text, or "" when it is missing or null."""
        value = (self.event if within is None else within).get(key)
        if value is None or isinstance(value, str):
            return value or ""
        _not_understood(self.at, key, expected="text", seen=value)

    def lines(self) -> Iterator[dict[str, str]]:
        if "errorDeclaration" in self.event:
            _not_understood(self.at, "errorDeclaration", expected="an event in force")
        kind = self.kind()
        if kind in _TRANSFORMING:
            lists = [("inputQuantityList", Side.IN), ("outputQuantityList", Side.OUT)]
            instances = ["inputEPCList", "outputEPCList"]
        else:
            lists = [("quantityList", _SIDES.get(kind, Side.OUT))]
            instances = ["epcList"]
        for key in instances:
            if self.event.get(key):
                _not_understood(self.at, key, expected="quantities of classes, not instances")
        found = False
        for key, side in lists:
            for fields in self.lots(key, side):
                found = True
                yield {**self.about_event(kind), **fields}
        if not found:
            _not_understood(self.at, lists[0][0], expected="at least one quantity")

    def kind(self) -> Kind:
        said, step = self.text("stannary:kind"), self.text("bizStep").rpartition("BizStep-")[2]
        if said and said not in set(Kind):
            _not_understood(self.at, "stannary:kind", expected=", ".join(Kind), seen=said)
        kind = Kind(said) if said else None
        what = self.text("type")
        if what == "TransformationEvent":
            kind = kind or Kind.TRANSFORM
            fits = kind in _TRANSFORMING
        elif what == "ObjectEvent":
            done = (self.text("action"), step)
            kind = kind or next((one for one, does in _STEPS.items() if does == done), None)
            if kind is None or (kind.is_credit and not said):
                _not_understood(self.at, "bizStep", expected="a known step", seen=" ".join(done))
            fits = kind in _STEPS and _STEPS[kind][0] == done[0]
            fits = fits and (not kind.is_move or _STEPS[kind][1] == done[1])
        else:
            expected = "ObjectEvent or TransformationEvent"
            _not_understood(self.at, "type", expected=expected, seen=what)
        if not fits:
            _not_understood(self.at, "stannary:kind", expected="a kind that fits", seen=kind)
        return kind

    def about_event(self, kind: Kind) -> dict[str, str]:
        fields = {"event": self.id, "at": self.text("eventTime"), "kind": kind.value}
        for key in ("bizLocation", "readPoint"):
            place = self.event.get(key)
            if place is not None:
                if not isinstance(place, dict):
                    _not_understood(self.at, key, expected="an object with an id")
                fields["site"] = _name_of("site", self.text("id", place))
        certificates = self.event.get("certificationInfo")
        if isinstance(certificates, list) and len(certificates) == 1:
            certificates = certificates[0]
        if isinstance(certificates, str) and kind is Kind.PRODUCE:
            fields["attestation"] = certificates
        for name in (*_ABOUT_EVENT, *_ABOUT_LOT):
            fields |= self.own(name, self.event)
        return fields

    def own(self, name: str, within: Mapping[str, object]) -> dict[str, str]:
        """What our extension says under a name, if it says anything."""
        key = f"stannary:{name}"
        return {name: self.text(key, within)} if key in within else {}

    def lots(self, key: str, side: Side) -> Iterator[dict[str, str]]:
        quantities = self.event.get(key, [])
        if not isinstance(quantities, list):
            _not_understood(self.at, key, expected="a list")
        details = self.details(side)
        for quantity in quantities:
            if not isinstance(quantity, dict) or not self.text("epcClass", quantity):
                _not_understood(self.at, key, expected="objects with an epcClass")
            epc_class = self.text("epcClass", quantity)
            lot = _name_of("lot", epc_class)
            fields = {"lot": lot, "side": side.value}
            fields["mass_mg"] = self.milligrams(quantity, key)
            queue = details.get(epc_class)
            if queue:
                detail = queue.pop(0)
                for name in ("side", "content_mg", *_ABOUT_EVENT, *_ABOUT_LOT):
                    fields |= self.own(name, detail)
            yield fields
        if any(details.values()):
            _not_understood(self.at, "stannary:lots", expected=f"only lots of {key}")

    def details(self, side: Side) -> dict[str, list[Mapping[str, object]]]:
        """What our extension says of each lot, in order where a lot stands there twice."""
        found: dict[str, list[Mapping[str, object]]] = {}
        listed = self.event.get("stannary:lots", [])
        if not isinstance(listed, list):
            _not_understood(self.at, "stannary:lots", expected="a list")
        two_sided = self.event.get("type") == "TransformationEvent"
        for detail in listed:
            lot = self.text("stannary:lot", detail) if isinstance(detail, dict) else ""
            if not lot:
                _not_understood(self.at, "stannary:lots", expected="objects with a stannary:lot")
            if not two_sided or self.text("stannary:side", detail) == side:
                found.setdefault(lot, []).append(detail)
        return found

    def milligrams(self, quantity: Mapping[str, object], key: str) -> str:
        number, unit = quantity.get("quantity"), self.text("uom", quantity)
        at = Place(self.at.file, self.at.line, key)
        if unit not in MILLIGRAMS:
            _not_understood(self.at, key, expected=f"uom {', '.join(MILLIGRAMS)}", seen=unit)
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            _not_understood(self.at, key, expected="a quantity", seen=number)
        exact = Decimal(number)
        # The size is looked at before the power of ten is worked out: 1E+999999999 is a bomb.
        if not exact.is_finite() or len(exact.as_tuple().digits) > 60 or abs(exact.adjusted()) > 40:
            refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=f"{str(number)[:40]} {unit}")
        whole, over = divmod(
            exact.as_integer_ratio()[0] * MILLIGRAMS[unit], exact.as_integer_ratio()[1]
        )
        if over or whole < 1:
            refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=f"{str(number)[:40]} {unit}")
        return str(whole)


def _name_of(what: str, uri: str) -> str:
    """Our own name, if it is one of ours in the form of a URI; else the URI as it is."""
    prefix = _NAMES[what]
    return unquote(uri[len(prefix) :]) if uri.startswith(prefix) else uri


def _uri_of(what: str, name: str) -> str:
    if _URI.fullmatch(name) and not name.startswith(_NAMES[what]):
        return name
    return _NAMES[what] + quote(name, safe="")


def write_epcis(
    rows: Iterable[Row], *, created_at: datetime.datetime | None = None
) -> dict[str, object]:
    """Write rows as an EPCIS 2.0 document that `read_movements` reads back as the same events.

    Masses are whole milligrams (MGM). Rows of one event stand together, inputs before outputs.

    Args:
        rows: In file order; rows of one event must agree.
        created_at: The document's creation date; the time of the last event when not given.

    Returns:
        The document, ready for JSON: its numbers are whole.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
    """
    rows = tuple(rows)
    order = {event: number for number, event in enumerate(dict.fromkeys(r.event for r in rows))}
    events = sorted(events_of(rows), key=lambda event: order[event.id])
    when = created_at or max((event.at for event in events), default=None)
    if when is None:
        refuse(codes.FILE_HAS_ROWS, rows="0")
    return {
        "@context": list(CONTEXT),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": when.isoformat(),
        "epcisBody": {"eventList": [_written(event) for event in events]},
    }


def _written(event: Event) -> dict[str, object]:
    at = event.at
    if not _SCHEMA_OFFSET.fullmatch(at.isoformat()[-6:]):
        at = at.astimezone(datetime.UTC)  # EPCIS knows offsets up to 14 hours only.
    transforming = event.kind in _TRANSFORMING
    written: dict[str, object] = {
        "type": "TransformationEvent" if transforming else "ObjectEvent",
        "eventID": _uri_of("event", event.id),
        "eventTime": at.isoformat(),
        "eventTimeZoneOffset": at.isoformat()[-6:],
    }
    if transforming:
        if event.inputs:
            written["inputQuantityList"] = [_quantity(row) for row in event.inputs]
        if event.outputs:
            written["outputQuantityList"] = [_quantity(row) for row in event.outputs]
    else:
        written["action"], written["bizStep"] = _STEPS[event.kind]
        written["quantityList"] = [_quantity(row) for row in event.rows]
    place = {"id": _uri_of("site", event.site)}
    written |= {"readPoint": place, "bizLocation": place}
    named = {row.attestation for row in event.outputs}
    if event.kind is Kind.PRODUCE and all(_URI.fullmatch(name) for name in named):
        written["certificationInfo"] = sorted(named)
    written["stannary:kind"] = event.kind.value
    written["stannary:entity"] = event.entity
    written["stannary:lots"] = [_detail(event, row) for row in event.rows]
    return written


def _quantity(row: Row) -> dict[str, object]:
    return {"epcClass": _uri_of("lot", row.lot), "quantity": row.mass_mg, "uom": "MGM"}


def _detail(event: Event, row: Row) -> dict[str, str]:
    detail = {
        "lot": _uri_of("lot", row.lot),
        "side": row.side.value,
        "material": row.material,
        "content_mg": str(row.content_mg),
        "attestation": row.attestation,
    }
    for name in ("model", "account", "period", "note"):
        if getattr(row, name):
            detail[name] = str(getattr(row, name))
    for name in _ABOUT_EVENT:
        if getattr(row, name) != getattr(event, name):
            detail[name] = getattr(row, name)
    return {f"stannary:{name}": text for name, text in detail.items()}
