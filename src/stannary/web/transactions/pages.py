"""What pages and programs are shown of transactions and statements."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from stannary.core.transactions import AccountStatement, Statement, StepKind
from stannary.formats import statements
from stannary.web.custody.views import kind_names, weighed_names
from stannary.web.transactions import words
from stannary.web.transactions.models import OfferStep
from stannary.web.transactions.queries import Deal
from stannary.web.transactions.records import CREDITS, deal_id

COLUMNS = (*statements.COLUMNS, "recorded_at", "weighing_mg")
LATE = datetime.timedelta(days=1)
"""A line that was booked so much later than it counts is marked."""


def shape(deal: Deal, at: datetime.datetime) -> dict[str, Any]:
    """Give a transaction as programs read it."""
    row = deal.row
    return {
        "id": str(row.pk),
        "seller": row.seller.slug,
        "buyer": row.buyer.slug,
        "goods": row.goods,
        "lot": row.lot,
        "material": row.material,
        "quantity_mg": str(row.quantity_mg),
        "content_mg": None if row.content_mg is None else str(row.content_mg),
        "accepted_mg": str(deal.core.accepted),
        "reserved_mg": str(deal.core.reserved_on(at)),
        "state": str(deal.state(at)),
        "offered_at": row.offered_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "illustrative": row.seller.illustrative,
        "steps": [_step(one) for one in deal.steps],
    }


def line(deal: Deal, at: datetime.datetime) -> dict[str, Any]:
    """Give a transaction as a row of a list."""
    state = deal.state(at)
    return {"row": deal.row, "state": words.STATES[state], "open": bool(deal.core.reserved_on(at))}


def story(deal: Deal) -> list[dict[str, Any]]:
    """Give what happened, newest first."""
    return [
        {
            "step": one,
            "what": words.DONE[StepKind(one.kind)],
            "who": deal.row.seller.name if one.party == "seller" else deal.row.buyer.name,
        }
        for one in reversed(deal.steps)
    ]


def accounts(found: Statement) -> list[dict[str, Any]]:
    """Give a statement for people: each line with what happened, in the reader's language."""
    kinds = kind_names() | weighed_names()

    def what(note: str) -> str:
        kind, _, lot = note.partition(" ")
        return f"{kinds.get(kind, kind)} {lot}"

    return [
        {
            "account": one,
            "title": title_of(one.account),
            "entries": [
                {
                    "entry": entry,
                    "what": what(entry.line.note),
                    "deal": deal_id(entry.line.transaction),
                    "late": entry.line.known_at - entry.line.at > LATE,
                }
                for entry in one.entries
            ],
        }
        for one in found.accounts
    ]


def statement_page(found: Statement) -> dict[str, Any]:
    """Give a statement for people, with the first and the last day of its period."""
    first, last = _days(found)
    return {"first": first, "last": last, "accounts": accounts(found)}


def beside(those: Sequence[Statement]) -> list[dict[str, Any]]:
    """Lay accounts of several periods under each other, by name; None where there was none yet."""
    by_name = [{one.account: one for one in found.accounts} for found in those]
    return [
        {"title": title_of(name), "period": period_of(found), "account": known.get(name)}
        for name in sorted({name for known in by_name for name in known})
        for found, known in zip(those, by_name, strict=True)
    ]


def period_of(found: Statement) -> str:
    """Give the first and the last day of a statement, as tables say it."""
    first, last = _days(found)
    return f"{first.isoformat()}/{last.isoformat()}"


def _days(found: Statement) -> tuple[datetime.date, datetime.date]:
    begin, end = timezone.localtime(found.begin), timezone.localtime(found.end)
    return begin.date(), (end - LATE).date()


def title_of(account: str) -> str:
    """Give an account as people read it."""
    return _("credits, as contained element") if account == CREDITS else account


def table(found: Statement) -> list[dict[str, Any]]:
    """Give a statement as rows of a table: for each account opening, every line, closing."""
    rows: list[dict[str, Any]] = []
    for one in found.accounts:
        rows.append(_bound(one, "opening", found.begin, one.opening))
        rows += [
            {
                "account": one.account,
                "at": entry.line.at.isoformat(),
                "what": entry.line.note,
                "transaction": entry.line.transaction,
                "counterparty": entry.line.counterparty,
                "quantity_mg": str(entry.line.quantity),
                "balance_mg": str(entry.balance),
                "recorded_at": entry.line.known_at.isoformat(),
                "weighing_mg": str(entry.line.quantity) if entry.line.weighing else "",
            }
            for entry in one.entries
        ]
        rows.append(_bound(one, "closing", found.end, one.closing))
    return rows


def statement_shape(found: Statement) -> dict[str, Any]:
    """Give a statement as programs read it."""
    return {
        "entity": found.entity,
        "begin": found.begin.isoformat(),
        "end": found.end.isoformat(),
        "known_at": found.known_at.isoformat(),
        "accounts": [
            {
                "account": one.account,
                "opening_mg": str(one.opening),
                "came_in_mg": str(one.came_in),
                "went_out_mg": str(one.went_out),
                "weighed_more_mg": str(one.weighed_more),
                "weighed_less_mg": str(one.weighed_less),
                "closing_mg": str(one.closing),
                "lines": [row for row in table(found) if _is_line_of(row, one)],
            }
            for one in found.accounts
        ],
    }


def _is_line_of(row: dict[str, Any], one: AccountStatement) -> bool:
    return bool(row["account"] == one.account and row["quantity_mg"])


def _bound(one: AccountStatement, what: str, at: datetime.datetime, balance: int) -> dict[str, Any]:
    empty = {"transaction": "", "counterparty": "", "quantity_mg": ""}
    empty |= {"recorded_at": "", "weighing_mg": ""}
    both = {"account": one.account, "at": at.isoformat(), "what": what}
    return {**both, **empty, "balance_mg": str(balance)}


def _step(one: OfferStep) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "party": one.party,
        "by": "" if one.by is None else one.by.get_full_name() or one.by.username,
        "at": one.at.isoformat(),
        "reason": one.reason,
        "quantity_mg": None if one.quantity_mg is None else str(one.quantity_mg),
        "site": one.site,
    }
