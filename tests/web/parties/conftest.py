"""Sites for tests: the published ones, and made-up ones by the thousand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import translation

from stannary.web.parties.models import Figure, Site, SiteFact
from stannary.web.parties.operations import load_published

STATES = ("published", "in_process", "level_pending", "paused")
LEVELS = ("IRMA-TRANSPARENCY", "IRMA-50", "IRMA-75", "IRMA-100")


Rows = list[dict[str, Any]]
_read: dict[str, Rows] = {}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin in English, whatever language the page of the test before was in."""
    with translation.override("en"):
        yield


@pytest.fixture
def published(shipped: None) -> None:
    """The shipped packs and the published facts, as in a new installation; read from files once."""
    if not _read:
        load_published()
        _read["sites"] = plain(Site.objects.values())
        _read["facts"] = plain(SiteFact.objects.annotate(slug=F("site__slug")).values())
        _read["figures"] = plain(Figure.objects.values())
        return
    Figure.objects.bulk_create(Figure(**fresh(row)) for row in _read["figures"])
    Site.objects.bulk_create(Site(**fresh(row)) for row in _read["sites"])
    sites = Site.objects.in_bulk(field_name="slug")
    SiteFact.objects.bulk_create(
        SiteFact(site=sites[row["slug"]], **fresh(row, "site_id", "slug")) for row in _read["facts"]
    )


def plain(rows: Iterable[Mapping[str, Any]]) -> Rows:
    return [dict(row) for row in rows]


def fresh(row: dict[str, Any], *more: str) -> dict[str, Any]:
    """Give a row without its key, so that the database counts on by itself."""
    return {name: value for name, value in row.items() if name not in ("id", *more)}


def many(number: int) -> list[Site]:
    """Make sites that differ in everything that a list shows or sorts by."""
    return Site.objects.bulk_create(
        Site(
            slug=f"made-up-{n}",
            name=f"Made-up Mine {n * 7919 % 1009:04d}",
            illustrative=True,
            country=("BR", "ZA", "CL", "ZW", "AU")[n % 5],
            materials=("iron", "lithium copper", "pgm nickel lead")[n % 3],
            operator=f"Operator {n % 40}",
            firm=f"Firm {n % 6}",
            standard="irma/mining/1.0",
            status=STATES[n % 4],
            level=LEVELS[n % 16 // 4] if n % 4 == 0 else "",
            released_on=f"{2018 + n % 8}-{1 + n % 12:02d}-{1 + n % 28:02d}" if n % 2 == 0 else "",
            latitude=Decimal(n * 131 % 12000) / 100 - 55,
            longitude=Decimal(n * 977 % 35000) / 100 - 175,
            place_radius_km=50,
        )
        for n in range(number)
    )


@pytest.fixture
def make_sites(db: None) -> Callable[[int], list[Site]]:
    return many
