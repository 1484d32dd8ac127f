"""What pages and programs are shown of a reconciliation."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from stannary.core.kernel import Rule
from stannary.core.transactions import Difference, Line, Reconciliation, rules
from stannary.web.custody.views import kind_names
from stannary.web.transactions.pages import title_of
from stannary.web.transactions.reconciling.queries import Held
from stannary.web.transactions.records import deal_id

NONE = datetime.timedelta(0)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def shape(held: Held) -> dict[str, Any]:
    """Give a reconciliation as programs read it."""
    found = held.found
    return {
        "holder": held.holder.slug,
        "counterparty": held.other.slug,
        "begin": held.begin.isoformat(),
        "end": held.end.isoformat(),
        "agrees": not found.findings,
        "agreed": [_line(one.ours, found) for one in found.matched],
        "only_ours": [_line(one, found) for one in found.only_ours],
        "only_theirs": [_line(one, found) for one in found.only_theirs],
        "differing": [_difference(one, found) for one in found.differing],
    }


def _line(line: Line, found: Reconciliation) -> dict[str, str]:
    return {
        "transaction": line.transaction,
        "account": line.account,
        "at": line.at.isoformat(),
        "quantity_mg": str(line.quantity),
        "what": line.note,
        "weighing_mg": str(found.weighed_of(line)),
    }


def _difference(one: Difference, found: Reconciliation) -> dict[str, Any]:
    return {
        "transaction": one.ours.transaction,
        "account": one.ours.account,
        "ours_at": one.ours.at.isoformat(),
        "theirs_at": one.theirs.at.isoformat(),
        "ours_mg": str(one.ours.quantity),
        "theirs_mg": str(one.theirs.quantity),
        "difference_mg": str(one.quantity),
        "weighing_mg": str(found.weighed_of(one.ours)),
        "codes": [finding.code for finding in one.findings],
    }


def context(held: Held) -> dict[str, Any]:
    """Give a reconciliation for people."""
    found = held.found
    return {
        "held": held,
        "agrees": not found.findings,
        "agreed": [_shown(one.ours, found) for one in found.matched],
        "alone": [
            (
                _("Only on our side"),
                _remedy(rules.THEY_BOOKED_IT_TOO),
                _all(found.only_ours, found),
            ),
            (
                _("Only on their side"),
                _remedy(rules.WE_BOOKED_IT_TOO),
                _all(found.only_theirs, found),
            ),
        ],
        "differing": [
            {
                "ours": _shown(one.ours, found),
                "theirs": one.theirs,
                "quantity": one.quantity,
                "days": abs(one.later) // DAY,
                "hours": abs(one.later) % DAY // HOUR,
                "time": rules.DATES_AGREE.code in {finding.code for finding in one.findings},
                "late": one.later > NONE,
                "remedies": [_remedy(finding.rule) for finding in one.findings],
            }
            for one in found.differing
        ],
    }


def _all(lines: tuple[Line, ...], found: Reconciliation) -> list[dict[str, Any]]:
    return [_shown(one, found) for one in lines]


def _shown(line: Line, found: Reconciliation) -> dict[str, Any]:
    kind, _blank, lot = line.note.partition(" ")
    known = kind_names()
    return {
        "line": line,
        "weighed": found.weighed_of(line),
        "deal": deal_id(line.transaction),
        "account": title_of(line.account),
        "what": f"{known[kind]} {lot}" if kind in known else line.note,
    }


def _remedy(rule: Rule) -> tuple[str, str]:
    return rule.code, _(rule.remedy)
