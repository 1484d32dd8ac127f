"""The nightly count: all movements are replayed from the first one, and compared with the state.

A difference is told to people and stops nobody: from then on the state is not trusted, so the next
booking replays all movements, which decide, and makes the state anew. So is what was booked before
a rule forbade it, until it is corrected.

Rule: CUSTODY-019.
"""

import datetime
import logging
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from stannary.core.custody import Row
from stannary.core.custody.rules import REST_STAYS_POSSIBLE
from stannary.web.custody import keeping, records
from stannary.web.custody.books import operations as projections
from stannary.web.custody.models import Book, BookCheck, BookState, Lot
from stannary.web.custody.state import operations, queries
from stannary.web.project.health import Health

_log = logging.getLogger(__name__)


def check(*, now: datetime.datetime) -> BookCheck | None:
    """Compare the state with a replay, and keep what was found; None if nothing is booked.

    Nobody books while everything is read; the replay itself holds nobody up.
    """
    with transaction.atomic():
        if not Book.objects.select_for_update().filter(pk=1).exists():
            return None
        head = queries.head()
        rows = queries.all_rows()
        state = dict(_state())
        there = projections.stored()
        lots = set(Lot.objects.values_list(*records.LOT_FIELDS))
    if not rows:
        return None
    found = list(_differences(head, rows, state, there, lots))
    if found:
        _log.error(
            "The books differ from all movements replayed, at %d places: %s", len(found), found[:3]
        )
    return operations.note_check(head, found, movements=len(rows), now=now)


def _state() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for row in BookState.objects.iterator(chunk_size=2000):
        yield (row.kind, row.key), (row.sha256, queries.digest_of(row))


def _differences(
    head: Book,
    rows: tuple[Row, ...],
    state: dict[tuple[str, str], tuple[str, str]],
    there: projections.Stored,
    lots: set[tuple[object, ...]],
) -> Iterator[tuple[str, str]]:
    if head.movements != len(rows):
        yield "movements", f"{head.movements} counted, {len(rows)} there"
    if head.log_sha256 and queries.chained("", rows) != head.log_sha256:
        yield "log", "a movement is not as it was booked"
    kept = keeping.replayed(head, rows, head.kept_on)
    if kept.anew is None:  # pragma: no cover - it is what `replayed` makes
        return
    for one in kept.anew.books.findings:
        if one.rule is REST_STAYS_POSSIBLE:  # booked before it was a rule
            yield one.code, ", ".join(f"{name}={value}" for name, value in one.facts.items())[:200]
    yield from projections.differences(kept, kept.anew, there)
    wanted = set(map(records.lot_values, records.lots_of(kept.replay)))
    yield from (("Lot", one[:200]) for one in sorted(map(str, wanted ^ lots)))
    if not head.state_of:
        return  # it is made anew at the next booking
    if operations.proof_text(kept) != head.proof:
        yield "proof", "another one"
    fresh = {key: row.sha256 for key, row in operations.rows_of(kept.credit, kept.average).items()}
    for key in sorted(fresh.keys() | state.keys()):
        if (fresh.get(key),) * 2 != state.get(key):
            yield "state", " ".join(key)
    if sum(int(digest, 16) for digest, _ in state.values()) % 2**256 != int(head.state_sum, 16):
        yield "state", "its sum"


def latest() -> BookCheck | None:
    """Give the newest check; None before the first."""
    return BookCheck.objects.order_by("-pk").first()


def health() -> Health | None:
    """Tell the secretariat what the newest check found; None where nothing is booked."""
    last = latest()
    if last is None:
        return None
    title = gettext("All movements replayed and compared with the books")
    if last.differences:
        said = ngettext(
            "%(count)d difference. The movements decide: the next booking replays all of them.",
            "%(count)d differences. The movements decide: the next booking replays all of them.",
            last.differences,
        ) % {"count": last.differences}
        return Health(title, last.at, fine=False, said=f"{said} {last.found[:400]}")
    said = ngettext(
        "%(count)d movement; everything agrees.",
        "%(count)d movements; everything agrees.",
        last.movements,
    ) % {"count": last.movements}
    return Health(title, last.at, fine=True, said=said)


def is_due(today: datetime.date) -> bool:
    """Tell whether something is booked that was not looked at today."""
    last = latest()
    return Book.objects.filter(movements__gt=0).exists() and (
        last is None or timezone.localdate(last.at) < today
    )
