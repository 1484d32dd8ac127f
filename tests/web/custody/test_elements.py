"""Process and element on the web: stored, kept by element, restated, shown, and absent as before."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stannary.core.custody import Kind, Model, Row
from stannary.formats.movements import row_texts
from stannary.web.custody import queries
from stannary.web.custody.models import AccountPeriod, Book, BookCheck, BookState, Lot, Movement
from stannary.web.custody.state import checks
from stannary.web.custody.state import queries as state
from web.custody.test_books import (
    KG,
    book,
    holders,  # noqa: F401 - a fixture
    mined,
    refused,
    row,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.either_database,
    pytest.mark.usefixtures("holders"),
]
IN_ACCOUNT: dict[str, Any] = {"model": Model.MASS_BALANCE, "account": "A Plant"}


def dug(lot: str = "M", element: str = "lithium") -> Row:
    return replace(mined(lot, model=Model.MASS_BALANCE), element=element)


def smelted(lot: str = "M", event: str = "F", element: str = "lithium", kg: int = 60) -> list[Row]:
    """100 kg of ore into an account, and so many of metal out of it, by a process."""
    made = row(event, 1, "transform", "out", f"{event}-X", kg, material="metal", **IN_ACCOUNT)
    rest = replace(made, lot=f"{event}-Y", mass_mg=40 * KG, content_mg=40 * KG, account="")
    return [
        row(event, 1, "transform", "in", lot, 100, **IN_ACCOUNT),
        replace(made, process="illustrative smelting", element=element),
        *([rest] if kg == 60 else []),
    ]


def accounts() -> dict[str, int]:
    found = AccountPeriod.objects.filter(method="credit").order_by("element", "valid_from")
    return {one.element: one.closing_mg // KG for one in found if not one.closed}


def test_accounts_of_two_elements_stand_beside_each_other(secretary: None) -> None:
    book(dug(), dug("T", "tin"), smelted())
    book(smelted("T", "G", "tin"))

    assert accounts() == {"lithium": 40, "tin": 40}
    assert BookState.objects.filter(kind="account").count() == 2
    assert set(Lot.objects.values_list("lot_id", "element")) == {
        ("M", "lithium"), ("T", "tin"), ("F-X", "lithium"), ("F-Y", "lithium"),
        ("G-X", "tin"), ("G-Y", "tin"),
    }  # fmt: skip
    checks.check(now=timezone.now())
    stored = Movement.objects.get(lot="F-X")
    assert (stored.process, stored.element) == ("illustrative smelting", "lithium")
    assert BookCheck.objects.latest("pk").differences == 0


def test_one_element_is_not_given_from_what_came_in_of_another(secretary: None) -> None:
    book(dug(), dug("T", "tin"), smelted())
    book(smelted("T", "G", "tin", kg=100), replace(dug("U", "tin"), attestation=""))

    assert refused(lambda: book(smelted("U", "H", "tin"))) == {"CUSTODY-080"}
    assert accounts() == {"lithium": 40, "tin": 0}


def test_a_correction_moves_what_came_in_to_the_account_of_the_right_element(
    secretary: None,
) -> None:
    book(dug(element=""), smelted(element="tin"))
    assert accounts() == {"tin": 40}
    given: dict[str, Any] = {"event": "K", "kind": Kind.CORRECT, "account": "F"}
    book([replace(one, at=one.at.replace(day=20), **given) for one in smelted()])

    assert accounts() == {"lithium": 40}
    assert Lot.objects.get(lot_id="F-X").element == "lithium"


def test_what_names_neither_has_the_digest_that_it_always_had(secretary: None) -> None:
    plain = mined(model=Model.MASS_BALANCE)
    text = json.dumps(row_texts(plain)[:15], ensure_ascii=False)

    assert state.chained("", [plain]) == hashlib.sha256(text.encode()).hexdigest()
    assert state.chained("", [replace(plain, element="tin")]) != state.chained("", [plain])
    book(plain)
    assert Book.objects.get().log_sha256 == state.chained("", [plain])
    assert "tin" not in BookState.objects.get(kind="lot").state


def test_pages_and_programs_are_told_the_element_and_the_process(
    secretary: None, client: Client
) -> None:
    book(dug(), smelted())

    page = client.get("/lots/F-X/").content.decode()
    lot = client.get("/api/v1/lots/F-X").json()
    _, out, _ = client.get("/api/v1/movements/F").json()
    heads, *_ = client.get("/data/movements.csv").getvalue().decode().splitlines()

    assert "transformed (illustrative smelting)" in page
    assert "of lithium" in page
    assert (queries.element_of("F-X"), queries.element_in("metal")) == ("lithium", "")
    assert lot["element"] == "lithium"
    assert (out["process"], out["element"]) == ("illustrative smelting", "lithium")
    assert heads.endswith("period,note,process,element")
