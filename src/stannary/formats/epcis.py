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

Places in messages count the events of the document from 1 as `line`; `column` is the path inside the
event: `quantityList[0].uom`. What our contract asks of every row (a time, an entity) is told by its column.
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
from stannary.core.kernel import MASS_MAX_MG, Finding, Place, RefusalError, refuse
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS
from stannary.formats.movements_tables import Notes

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
_ABOUT_LOT = (
    "material", "model", "attestation", "account", "period", "note", "process", "element",
)  # fmt: skip


def epcis_lines(content: bytes, name: str, notes: Notes) -> Iterator[tuple[int, dict[str, str]]]:
    """Read an EPCIS document, one line of named texts for each lot of each event.

    What is wrong with an event is written down, with its number and the path inside it, and the
    next one is read; of an event with problems, those lots come out that can be read.

    Args:
        content: The file.
        name: How messages call it.
        notes: Where problems of events are written down: CUSTODY-032, and KERNEL-001 for a quantity
            that is not a whole number of milligrams. With `notes.most` of them nothing more is read.

    Yields:
        The number of the event from 1, and column to text.

    Raises:
        RefusalError: CUSTODY-021 if it is not JSON; CUSTODY-032 if it is no EPCIS 2.0 document.
    """
    seen: set[str] = set()
    for number, event in enumerate(_events(content, Place(name)), start=1):
        if len(notes.findings) >= notes.most:
            return
        here = Place(name, number)
        if not isinstance(event, dict):
            notes.findings.append(_problem(here, None, expected="an object"))
            continue
        reader = _EventReader(event, number, here, notes)
        if reader.id in seen:
            reader.tell("eventID", repeated=reader.id)
        elif reader.id:
            seen.add(reader.id)
        for fields in reader.lines():
            yield number, fields


def _events(content: bytes, at: Place) -> list[object]:
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
    return events


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def _no_repeated_key(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"repeated key {next(n for n in names if names.count(n) > 1)!r}")
    return found


def _problem(at: Place, path: str | None, **facts: object) -> Finding:
    texts = {key: str(value)[:80] for key, value in facts.items()}
    return Finding(codes.EPCIS_IS_UNDERSTOOD, texts, Place(at.file, at.line, path))


def _not_understood(at: Place, path: str | None = None, **facts: object) -> NoReturn:
    raise RefusalError(_problem(at, path, **facts))


class _EventReader:
    """One event of a document, with its place; what is wrong with it is written down."""

    def __init__(self, event: Mapping[str, object], number: int, at: Place, notes: Notes) -> None:
        self.event = event
        self.at = at
        self.notes = notes
        given = self.text("eventID")
        self.id = _name_of("event", given) if given else f"#{number}"

    def tell(self, path: str, **facts: object) -> None:
        """Write down that something at a path is not understood."""
        if len(self.notes.findings) < self.notes.most:
            self.notes.findings.append(_problem(self.at, path, **facts))

    def text(self, key: str, within: Mapping[str, object] | None = None, path: str = "") -> str:
        """A text, or "" when it is missing, null, or something else, which is told."""
        value = (self.event if within is None else within).get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.tell(f"{path}.{key}" if path else key, expected="text", seen=value)
        return ""

    def lines(self) -> Iterator[dict[str, str]]:
        if "errorDeclaration" in self.event:
            self.tell("errorDeclaration", expected="an event in force")
        kind = self.kind()
        two_sided = self.event.get("type") == "TransformationEvent"
        if two_sided:
            lists = [("inputQuantityList", Side.IN), ("outputQuantityList", Side.OUT)]
            instances = ["inputEPCList", "outputEPCList"]
        else:
            lists = [("quantityList", _SIDES.get(kind, Side.OUT) if kind else Side.OUT)]
            instances = ["epcList"]
        for key in instances:
            if self.event.get(key):
                self.tell(key, expected="quantities of classes, not instances")
        about = self.about_event(kind)
        found = [fields for key, side in lists for fields in self.lots(key, side)]
        if not any(self.event.get(key) for key, _ in lists):
            self.tell(lists[0][0], expected="at least one quantity")
        # without its kind nothing is known of the lots either
        yield from ({**about, **fields} for fields in found if kind is not None)

    def kind(self) -> Kind | None:
        said, step = self.text("stannary:kind"), self.text("bizStep").rpartition("BizStep-")[2]
        known = said in set(Kind)
        if said and not known:
            self.tell("stannary:kind", expected=", ".join(Kind), seen=said)
        what = self.text("type")
        if what == "TransformationEvent":
            kind = Kind(said) if known else Kind.TRANSFORM
            fits = kind in _TRANSFORMING
        elif what == "ObjectEvent":
            done = (self.text("action"), step)
            by_step = next((one for one, does in _STEPS.items() if does == done), None)
            kind_or_none = Kind(said) if known else by_step
            if kind_or_none is None or (kind_or_none.is_credit and not said):
                self.tell("bizStep", expected="a known step", seen=" ".join(done))
                return None
            kind = kind_or_none
            fits = kind in _STEPS and _STEPS[kind][0] == done[0]
            fits = fits and (not kind.is_move or _STEPS[kind][1] == done[1])
        else:
            self.tell("type", expected="ObjectEvent or TransformationEvent", seen=what)
            return None
        if not fits:
            self.tell("stannary:kind", expected="a kind that fits", seen=kind)
            return None
        return kind if known or not said else None

    def about_event(self, kind: Kind | None) -> dict[str, str]:
        fields = {"event": self.id, "at": self.text("eventTime"), "kind": kind or ""}
        for key in ("bizLocation", "readPoint"):
            place = self.event.get(key)
            if isinstance(place, dict):
                fields["site"] = _name_of("site", self.text("id", place, key))
            elif place is not None:
                self.tell(key, expected="an object with an id")
                fields["site"] = "-"  # told once: nothing is booked of a file with a problem
        certificates = self.event.get("certificationInfo")
        if isinstance(certificates, list) and len(certificates) == 1:
            certificates = certificates[0]
        if isinstance(certificates, str) and kind is Kind.PRODUCE:
            fields["attestation"] = certificates
        for name in (*_ABOUT_EVENT, *_ABOUT_LOT):
            fields |= self.own(name, self.event)
        return fields

    def own(self, name: str, within: Mapping[str, object], path: str = "") -> dict[str, str]:
        """What our extension says under a name, if it says anything."""
        key = f"stannary:{name}"
        return {name: self.text(key, within, path)} if key in within else {}

    def lots(self, key: str, side: Side) -> Iterator[dict[str, str]]:
        quantities = self.event.get(key, [])
        if not isinstance(quantities, list):
            self.tell(key, expected="a list")
            return
        details = self.details(side)
        for place, quantity in enumerate(quantities):
            path = f"{key}[{place}]"
            if not isinstance(quantity, dict):
                self.tell(path, expected="an object with an epcClass")
                continue
            epc_class = self.text("epcClass", quantity, path)
            if not epc_class:
                self.tell(f"{path}.epcClass", expected="the class of the lot")
            mass_mg = self.milligrams(quantity, path)
            fields = {"lot": _name_of("lot", epc_class), "side": side.value, "mass_mg": mass_mg}
            queue = details.get(epc_class)
            if queue:
                where, detail = queue.pop(0)
                for name in ("side", "content_mg", *_ABOUT_EVENT, *_ABOUT_LOT):
                    fields |= self.own(name, detail, where)
            if epc_class and mass_mg:
                yield fields
        for left in details.values():
            for where, _ in left:
                self.tell(f"{where}.stannary:lot", expected=f"only lots of {key}")

    def details(self, side: Side) -> dict[str, list[tuple[str, Mapping[str, object]]]]:
        """What our extension says of each lot, with its path, in order where a lot is there twice."""
        found: dict[str, list[tuple[str, Mapping[str, object]]]] = {}
        listed = self.event.get("stannary:lots", [])
        two_sided = self.event.get("type") == "TransformationEvent"
        first = not two_sided or side is Side.IN  # both sides read the same list: told once
        if not isinstance(listed, list):
            if first:
                self.tell("stannary:lots", expected="a list")
            return found
        for place, detail in enumerate(listed):
            path = f"stannary:lots[{place}]"
            lot = detail.get("stannary:lot") if isinstance(detail, dict) else None
            if not isinstance(detail, dict) or not isinstance(lot, str) or not lot:
                if first:
                    self.tell(path, expected="an object with a stannary:lot")
            elif not two_sided or detail.get("stannary:side") == side:
                found.setdefault(lot, []).append((path, detail))
        return found

    def milligrams(self, quantity: Mapping[str, object], path: str) -> str:
        """A mass in whole milligrams; "" for what is none, which is told."""
        number, unit = quantity.get("quantity"), self.text("uom", quantity, path)
        if unit not in MILLIGRAMS:
            self.tell(f"{path}.uom", expected=f"uom {', '.join(MILLIGRAMS)}", seen=unit)
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            self.tell(f"{path}.quantity", expected="a quantity", seen=number)
            return ""
        if unit not in MILLIGRAMS:
            return ""
        exact = Decimal(number)
        # The size is looked at before the power of ten is worked out: 1E+999999999 is a bomb.
        sized = exact.is_finite() and len(exact.as_tuple().digits) <= 60
        if sized and abs(exact.adjusted()) <= 40:
            above, below = exact.as_integer_ratio()
            whole, over = divmod(above * MILLIGRAMS[unit], below)
            if not over and 1 <= whole <= MASS_MAX_MG:
                return str(whole)
        at = Place(self.at.file, self.at.line, f"{path}.quantity")
        facts = {"value": f"{str(number)[:40]} {unit}"}
        if len(self.notes.findings) < self.notes.most:
            self.notes.findings.append(Finding(MASS_IS_WHOLE_MILLIGRAMS, facts, at))
        return ""


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
    for name in ("model", "account", "period", "note", "process", "element"):
        if getattr(row, name):
            detail[name] = str(getattr(row, name))
    for name in _ABOUT_EVENT:
        if getattr(row, name) != getattr(event, name):
            detail[name] = getattr(row, name)
    return {f"stannary:{name}": text for name, text in detail.items()}
