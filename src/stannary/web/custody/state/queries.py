"""Reads of the state: whether it may be trusted, and as much of it as some events need."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Q

from stannary.core.custody import (
    AccountKey,
    AccountState,
    Credit,
    Event,
    Key,
    LotState,
    Part,
    Proof,
    Row,
    Tally,
    Told,
    key_of,
    keys_of,
)
from stannary.formats.movements import texts_kept
from stannary.formats.packs import find_shipped_pack
from stannary.web.custody import records
from stannary.web.custody.models import Book, BookState, Movement
from stannary.web.custody.state import texts
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.models import (
    Certificate,
    CertificateAgreement,
    CertificateStep,
    FactorStep,
    PilotEnd,
)

FORM = "3"
"""Of the texts of the state; one of another form is made anew."""
SAME, NONE = "", "-"
"""By the other method: as by the one that counts; not there."""
OVERDRAFT = "overdraft_tolerance"
_CHUNK = 500


class StateError(Exception):
    """What is stored does not fit its digest: somebody changed it. The movements decide."""


@dataclass(slots=True)
class Kept:
    """As much of the state as was asked for.

    Attributes:
        rows: As stored, by kind and key.
        credit: By the method that counts.
        average: By the other method that the pack allows, for comparison.
        told: What accounts came to on the day of the book, by the method that counts.
        told_average: The same by the other method.
        ends: What periods that ended left to say then, by account.
    """

    rows: dict[tuple[str, str], BookState] = field(default_factory=dict)
    credit: Part = field(default_factory=Part)
    average: Part = field(default_factory=Part)
    told: dict[AccountKey, Told] = field(default_factory=dict)
    told_average: dict[AccountKey, Told] = field(default_factory=dict)
    ends: dict[AccountKey, list[list[object]]] = field(default_factory=dict)

    @property
    def one_method(self) -> bool:
        """Whether both methods come to the same, so that one is enough."""
        return not self.average.accounts and all(row.average == SAME for row in self.rows.values())


def goes_on(head: Book, day: datetime.date) -> bool:
    """Tell whether the state is that of all movements, under the rules of today.

    Args:
        head: Of the book.
        day: As of which accounts would be told.
    """
    if outputs_wait(day):
        return False
    if not head.state_of or head.state_of != head.log_sha256 or not head.proof:
        return False
    if head.kept_on is None or day < head.kept_on:
        return False
    if head.state_under != under(day):
        return False
    return newest() == head.last_movement


def newest() -> int:
    """Give the key of the newest movement; 0 where there is none."""
    return Movement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def outputs_wait(day: datetime.date) -> bool:
    """Tell whether later input may cover an output: then one event changes lots that it does not name."""
    found = (packs.rules_on(day, pack).constants.get(OVERDRAFT) for pack in entities.packs_used())
    return any(one is not None and one.value == "within_period" for one in found)


def under(day: datetime.date) -> str:
    """Give a digest of everything beside the movements that the state rests on."""
    allowed = packs.rules_on(day)
    newest = [
        model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in (Certificate, CertificateAgreement, CertificateStep, FactorStep, PilotEnd)
    ]
    shape = [
        FORM,
        *(_digest_of_pack(pack) for pack in packs.PACKS),
        str(allowed.transform_mass_factor_max),
        allowed.model_upgrade_allowed,
        newest,
    ]
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()


@lru_cache(maxsize=8)
def _digest_of_pack(pack: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(find_shipped_pack(pack).rglob("*.toml")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def chained(before: str, rows: Iterable[Row]) -> str:
    """Chain movements to those before them: the digest of the log up to the last of them."""
    now = before
    for row in rows:
        text = json.dumps(texts_kept(row), ensure_ascii=False)
        now = hashlib.sha256(f"{now}{text}".encode()).hexdigest()
    return now


def digest_of(row: BookState) -> str:
    """Give the digest of a row of the state."""
    until = row.until.isoformat() if row.until else ""
    touched = row.touched_at.astimezone(datetime.UTC).isoformat()
    parts = (
        row.kind, row.key, row.state, row.average, row.told, row.told_average, touched, until,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def needed(head: Book, events: Sequence[Event], day: datetime.date) -> Kept:
    """Read what events touch, and what time alone changes between the day of the book and another.

    Raises:
        StateError: If a row does not fit its digest.
    """
    wanted = _wanted(key for event in events for key in keys_of(event))
    return parted(_checked(_rows(head, wanted, events, day)), head.newest_on)


def held(keys: Iterable[Key]) -> Kept:
    """Read the rows of lots, accounts and credits, as they are stored.

    Raises:
        StateError: If a row does not fit its digest.
    """
    return _checked(_named(_wanted(keys)))


def _wanted(keys: Iterable[Key]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {kind: set() for kind in BookState.Kind.values}
    for kind, *key in keys:
        name = texts.account_key_text(key) if kind == BookState.Kind.ACCOUNT else key[0]
        wanted[kind].add(name)
    return wanted


def _checked(rows: Iterable[BookState]) -> Kept:
    found = Kept()
    for row in rows:
        if digest_of(row) != row.sha256:
            raise StateError(f"{row.kind} {row.key}")
        found.rows[row.kind, row.key] = row
    return found


def _named(wanted: Mapping[str, Iterable[str]]) -> Iterator[BookState]:
    for kind, names in wanted.items():
        those = sorted(names)
        for start in range(0, len(those), _CHUNK):
            yield from BookState.objects.filter(kind=kind, key__in=those[start : start + _CHUNK])


def _rows(
    head: Book, wanted: Mapping[str, Iterable[str]], events: Sequence[Event], day: datetime.date
) -> Iterator[BookState]:
    yield from _named(wanted)
    if head.kept_on is not None and day > head.kept_on:
        ended = Q(kind=BookState.Kind.ACCOUNT, until__lte=day)
        ended |= Q(kind=BookState.Kind.CREDIT, until__gt=head.kept_on, until__lte=day)
        yield from BookState.objects.filter(ended)
    if events:
        # a credit that was used after an event that is late, and had expired by then: see `fits`
        yield from BookState.objects.filter(
            kind=BookState.Kind.CREDIT,
            touched_at__gt=min(event.at for event in events),
            until__lte=max(event.at.date() for event in events),
        )


def parted(found: Kept, latest: datetime.date | None) -> Kept:
    """Read the texts of rows.

    Args:
        found: With rows; the rest is filled in.
        latest: The day of the latest event.
    """
    parts = []
    for average in (False, True):
        lots: dict[str, LotState] = {}
        accounts: dict[AccountKey, AccountState] = {}
        credits_: dict[str, Credit] = {}
        touched: dict[tuple[str, ...], datetime.datetime] = {}
        for row in found.rows.values():
            text = row.average if average and row.average != SAME else row.state
            if text in (SAME, NONE):
                continue
            if row.kind == BookState.Kind.LOT:
                lots[row.key] = texts.lot_from(row.key, text)
                touched["lot", row.key] = row.touched_at
            elif row.kind == BookState.Kind.CREDIT:
                credits_[row.key] = texts.credit_from(row.key, text, latest)
                touched["credit", row.key] = row.touched_at
            else:
                account = texts.account_from(text)
                accounts[account.key] = account
                touched[key_of(account.key)] = row.touched_at
                told = row.told_average if average else row.told
                (found.told_average if average else found.told)[account.key] = texts.told_from(told)
                if not average:
                    found.ends[account.key] = texts.ends_from(told)
        parts.append(Part(lots, accounts, credits_, touched))
    found.credit, found.average = parts
    return found


def tally(head: Book) -> Tally:
    """Take the proof of the book apart."""
    proof: Proof = texts.proof_from(json.loads(head.proof))
    return Tally.of_proof(proof)


def head() -> Book:
    """Give the head of the book; a new one where nothing was booked."""
    return Book.objects.filter(pk=1).first() or Book(pk=1)


def all_rows() -> tuple[Row, ...]:
    """Give every movement in file order; thousands, so no model is made of each."""
    columns = Movement.objects.order_by("pk").values_list(*records.FIELDS)
    return tuple(records.row_from(values) for values in columns.iterator(chunk_size=2000))
