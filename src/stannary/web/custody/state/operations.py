"""Writes of the state: after every booking what was touched, or all of it.

Rule: CUSTODY-048.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence

from stannary.core.custody import AccountKey, Continued, Part, Row, key_of, tally_of
from stannary.core.kernel import refuse
from stannary.web.custody.books.operations import delete_all, proof_shape
from stannary.web.custody.bulk import operations as bulk
from stannary.web.custody.keeping import Kept
from stannary.web.custody.models import Book, BookCheck, BookState
from stannary.web.custody.rules import BOOKING_RESTS_ON_THE_NEWEST_STATE
from stannary.web.custody.state import queries, texts

States = Mapping[tuple[str, str], BookState]
"""Rows of the state, by kind and key."""
SHOWN_DIFFERENCES = 20
"""Differences that are kept; how many there are is kept beside them."""
_WHOLE = 2**256
_FIELDS = ["state", "average", "told", "told_average", "touched_at", "until", "sha256"]


def rows_of(credit: Continued, average: Continued | None) -> dict[tuple[str, str], BookState]:
    """Give rows of the state, by kind and key.

    Args:
        credit: By the method that counts.
        average: By the other method; None: the same.
    """
    one, two = credit.part, (average or credit).part
    found: dict[tuple[str, str], BookState] = {}

    def add(
        kind: str, key: str, texts_: tuple[str, str], touched_at: datetime.datetime
    ) -> BookState:
        state, other = texts_
        if average is None or other == state:
            other = queries.SAME
        elif not other:
            other = queries.NONE
        row = BookState(kind=kind, key=key, state=state, average=other, touched_at=touched_at)
        found[kind, key] = row
        return row

    for name in {**one.lots, **two.lots}:
        pair = tuple(texts.lot_text(p.lots[name]) if name in p.lots else "" for p in (one, two))
        add(BookState.Kind.LOT, name, pair, _touched(one, two, ("lot", name)))  # type: ignore[arg-type]  # two
    for name in {**one.credits, **two.credits}:
        there = one.credits.get(name) or two.credits[name]
        pair = tuple(
            texts.credit_text(p.credits[name]) if name in p.credits else "" for p in (one, two)
        )
        row = add(BookState.Kind.CREDIT, name, pair, _touched(one, two, ("credit", name)))  # type: ignore[arg-type]  # two
        row.until = there.expires_on
    for key in {**one.accounts, **two.accounts}:
        pair = tuple(
            texts.account_text(p.accounts[key]) if key in p.accounts else "" for p in (one, two)
        )
        row = add(
            BookState.Kind.ACCOUNT,
            texts.account_key_text(key),
            pair,  # type: ignore[arg-type]  # two
            _touched(one, two, key_of(key)),
        )
        row.told, row.until = _told(credit, key)
        if average is not None:
            row.told_average, until = _told(average, key)
            row.until = row.until or until
    for row in found.values():
        row.sha256 = queries.digest_of(row)
    return found


def _touched(one: Part, two: Part, key: tuple[str, ...]) -> datetime.datetime:
    return max(part.touched[key] for part in (one, two) if key in part.touched)


def _told(kept: Continued, key: AccountKey) -> tuple[str, datetime.date | None]:
    told = kept.told.get(key)
    if told is None:
        return "", None
    last = told.statements[-1].period.valid_until if told.statements else None
    return texts.told_text(told), last


def store(kept: Kept, rows: Sequence[Row], states: States | None = None) -> None:
    """Store the state after a booking, and the head of the book with it; movements are stored before.

    Args:
        kept: The books with it.
        rows: What was booked.
        states: What `rows_of` made of these books before; None: it is made here.

    Raises:
        RefusalError: CUSTODY-048 if somebody else booked since the head was read.
    """
    fresh = rows_of(kept.credit, kept.average) if states is None else states
    if kept.held is not None:
        there = {key: row.sha256 for key, row in kept.held.rows.items()}
        proof = _proof_after(kept, kept.held)
        gone = [key for key in there if key not in fresh] if kept.changed else []
    else:
        there = {(kind, key): digest for kind, key, digest in _stored()}
        proof = proof_text(kept)
        gone = [key for key in there if key not in fresh]
    _write(fresh, there, gone)
    before = 0 if kept.held is None else int(kept.head.state_sum or "0", 16)
    if kept.held is not None:
        before -= sum(int(digest, 16) for digest in there.values())
    total = (before + sum(int(row.sha256, 16) for row in fresh.values())) % _WHOLE
    _head(kept, rows, proof=proof, total=total)


def proof_text(kept: Kept) -> str:
    """Write the proof of books that were replayed; "" where lots have defects."""
    proof = kept.credit.proof
    return json.dumps(proof_shape(proof), ensure_ascii=False) if proof else ""


def _stored() -> Iterable[tuple[str, str, str]]:
    """Give kind, key and digest of every row; one that does not fit its digest is written again."""
    for row in BookState.objects.iterator(chunk_size=2000):
        yield row.kind, row.key, row.sha256 if queries.digest_of(row) == row.sha256 else ""


def _write(
    fresh: Mapping[tuple[str, str], BookState],
    there: Mapping[tuple[str, str], str],
    gone: Iterable[tuple[str, str]],
) -> None:
    by_kind: dict[str, list[str]] = {}
    for kind, key in gone:
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        delete_all(BookState.objects.filter(kind=kind), "key", keys)
    changed = [row for key, row in fresh.items() if there.get(key) != row.sha256]
    bulk.put(BookState, changed, unique=["kind", "key"], update=_FIELDS)


def _proof_after(kept: Kept, held: queries.Kept) -> str:
    """Change the proof by what changed; it is checked again."""
    tally = queries.tally(kept.head)
    changed = kept.changed
    if changed is not None:
        was, now = changed.was, changed.now
        tally.change(tally_of(was.part, was.told, kept.day, was.flows), sign=-1)
        tally.change(tally_of(now.part, now.told, kept.day, now.flows))
    else:
        then = kept.head.kept_on or kept.day
        tally.change(tally_of(held.credit, held.told, then), sign=-1)
        tally.change(tally_of(kept.credit.part, kept.credit.told, kept.day, kept.credit.flows))
    return json.dumps(proof_shape(tally.proof()), ensure_ascii=False)


def _head(kept: Kept, rows: Sequence[Row], *, proof: str, total: int) -> None:
    head = kept.head
    newest = queries.newest()
    chain, whole = head.log_sha256, rows
    if kept.anew is not None and not (chain and head.movements == len(kept.anew.before)):
        chain, whole = "", (*kept.anew.before, *rows)
    log = queries.chained(chain, whole)
    booked = len(rows) + (head.movements if kept.anew is None else len(kept.anew.before))
    sound = bool(proof) and not any(one.waiting for one in kept.credit.part.accounts.values())
    written = Book.objects.filter(
        pk=1, movements=head.movements, log_sha256=head.log_sha256, state_sum=head.state_sum
    ).update(
        movements=booked,
        kept_on=kept.day,
        proof=proof,
        log_sha256=log,
        last_movement=newest,
        newest_on=max(
            [row.at.date() for row in whole] + ([head.newest_on] if head.newest_on else []),
            default=None,
        ),
        state_of=log if sound else "",
        state_under=queries.under(kept.day),
        state_sum=f"{total:064x}",
    )
    if written != 1:
        refuse(BOOKING_RESTS_ON_THE_NEWEST_STATE, movements=str(head.movements))


def note_check(
    head: Book, found: Sequence[tuple[str, str]], *, movements: int, now: datetime.datetime
) -> BookCheck:
    """Keep what a check found; after a difference the state is not trusted until it is made anew."""
    if found:
        Book.objects.filter(pk=1).update(state_of="")
    return BookCheck.objects.create(
        at=now,
        movements=movements,
        log_sha256=head.log_sha256,
        differences=len(found),
        found=json.dumps(found[:SHOWN_DIFFERENCES], ensure_ascii=False) if found else "",
    )
