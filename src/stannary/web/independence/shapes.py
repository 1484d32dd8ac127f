"""Approvals and firms as plain shapes, for the API and for downloads."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from stannary.web.independence.approval_list import Entry
from stannary.web.parties.models import Organisation

Shape = dict[str, Any]
COLUMNS = (
    "firm", "name", "illustrative", "standard", "countries", "materials", "since", "until", "state",
    "suspended_since", "suspended_until", "suspension_reason", "source",
)  # fmt: skip


def row(one: Entry) -> Shape:
    """Give an approval as a row of the download, with the suspension of the day, if there is one."""
    suspension = one.suspension
    return {
        "firm": one.row.firm.slug,
        "name": one.row.firm.name,
        "illustrative": one.row.firm.illustrative,
        "standard": one.row.standard,
        "countries": one.row.countries,
        "materials": one.row.materials,
        "since": one.held.since.isoformat(),
        "until": one.held.until.isoformat() if one.held.until else "",
        "state": one.state,
        "suspended_since": suspension.since.isoformat() if suspension else "",
        "suspended_until": suspension.until.isoformat() if suspension and suspension.until else "",
        "suspension_reason": suspension.reason if suspension else "",
        "source": f"Granted in this register on {one.row.granted_at.date().isoformat()}",
    }


def rows(entries: Iterable[Entry]) -> Iterator[Shape]:
    """Give approvals as rows of the download."""
    return map(row, entries)


def approval(one: Entry) -> Shape:
    """Give an approval with every suspension."""
    return {
        "standard": one.row.standard,
        "countries": one.row.countries.split(),
        "materials": one.row.materials.split(),
        "since": one.held.since,
        "until": one.held.until,
        "state": one.state,
        "suspensions": [
            {"since": each.since, "until": each.until, "reason": each.reason}
            for each in one.held.suspensions
        ],
    }


def firm(those: Organisation, entries: Iterable[Entry]) -> Shape:
    """Give a firm with its approvals."""
    return {
        "id": those.slug,
        "name": those.name,
        "illustrative": those.illustrative,
        "approvals": [approval(one) for one in entries],
        "address": reverse("firms:firm", args=[those.slug]),
    }
