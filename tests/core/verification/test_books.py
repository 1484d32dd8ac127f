"""Claim files of form 2: the books behind the lot are enclosed, kept again and compared."""

import datetime
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stannary
from core.verification.checks import FAIL, NOT_CHECKED, PASS, check, failing, loaded, step
from formats import claim_files as case
from stannary.core.attestations import Achievement
from stannary.core.claims import Claim
from stannary.core.credentials.evidence import digest_as_json
from stannary.core.custody import (
    Agreement,
    BooksBehind,
    CertificateChange,
    CertificateStatus,
    ConversionFactor,
    CustodyRules,
    Kind,
    Model,
    Row,
    Side,
    Source,
    books_behind,
    events_of,
    keep_behind,
)
from stannary.core.kernel import Place, RefusalError
from stannary.core.standards import Edition
from stannary.core.verification import NOBODY, Report, StepName
from stannary.formats.claim_file import ClaimDraft, draft_claim
from stannary.formats.claim_file_books import books_as_dict, books_digests, books_from_dict
from stannary.formats.custody_register import Register, read_register
from stannary.formats.movements import read_movements
from stannary.formats.packs import find_pack, load_pack

DEMO = Path(stannary.__file__).parent / "data" / "demo"
PACK = "stannary/open-custody/1.0"
MADE_ON = datetime.date(2026, 11, 22)
CAR = "SMALL-CAR-2026"
FACTOR = ConversionFactor(
    material="spodumene concentrate",
    product="lithium carbonate",
    process="illustrative",
    element="lithium",
    factor=Fraction(23, 25),
    source="made up",
    approved_by="nobody",
    approved_on=datetime.date(2026, 1, 1),
    valid_from=datetime.date(2026, 1, 1),
    illustrative=True,
)


@cache
def pack() -> Edition:
    return load_pack(find_pack(PACK))


def rules_on(day: datetime.date) -> CustodyRules:
    return CustodyRules.from_edition(pack(), day)


@cache
def register() -> Register:
    return read_register(DEMO / "five_models.toml")


@cache
def rows() -> tuple[Row, ...]:
    """The five illustrative entities, and a car of which half the lithium is covered by credits."""
    found = read_movements(DEMO / "five_models.csv", "five_models.csv")
    retired = next(row for row in found if row.event == "F-33")
    bought = replace(
        retired, event="F-34", kind=Kind.PURCHASE, lot=CAR, side=Side.OUT, material="lithium carbonate",
        mass_mg=60_000_000, content_mg=10_000_000, model=Model.BOOK_AND_CLAIM, period="", note="",
        at=retired.at - datetime.timedelta(days=1),
    )  # fmt: skip
    used = replace(retired, event="F-35", mass_mg=5_000_000, content_mg=5_000_000, note=CAR)
    return (*found, bought, used)


@cache
def achievements() -> dict[str, Achievement]:
    """North at 75, South at transparency, under the names that the movements use."""
    found = {}
    for one in case.achievements().values():
        site = f"example-{one.site}-mine"
        named = f"urn:stannary:achievement:{site}"
        since: dict[str, Any] = {"valid_from": datetime.date(2026, 1, 1), "result_id": None}
        found[named] = replace(one, id=named, site=site, **since)
    return found


def behind(lot: str, **change: Any) -> BooksBehind:
    given = {"certificates": register().certificates, "day": MADE_ON, "rules_on": rules_on}
    return books_behind(events_of(rows()), {lot}, **{**given, **change})


def draft(
    lot: str = "C-MB",
    wording: str = "BALANCE-SHARE-AT-LEVEL",
    share: str = "1",
    books: BooksBehind | None = None,
    **change: Any,
) -> ClaimDraft:
    claim = Claim(
        id="urn:uuid:3c7a0d4e-7c6d-4a44-8a0e-2d7a7b0f3c11",
        lot=lot,
        wording=wording,
        standard=case.STANDARD,
        level="OPEN-75",
        share=Fraction(share),
        element="lithium",
        made_by="Example Cells",
        made_on=MADE_ON,
        valid_until=datetime.date(2027, 6, 1),
    )
    given: dict[str, Any] = {
        "rows": (),
        "achievements": achievements(),
        "results": (),
        "edition": case.packs()[case.STANDARD],
        "custody_pack": pack(),
        "issuer_name": case.NAME,
        "issuer_document": case.DOCUMENT,
        "books": behind(lot) if books is None else books,
    }
    return draft_claim(claim, **{**given, **change})


def checked(text: str, **more: Any) -> Report:
    packs = {**case.packs(), PACK: pack()}
    return check(text, packs=packs, on=datetime.date(2026, 11, 22), **more)


@cache
def file(lot: str = "C-MB", wording: str = "BALANCE-SHARE-AT-LEVEL", share: str = "1") -> str:
    return case.claim_file(draft(lot, wording, share))


PRODUCTS = [
    ("C-IP", "SHARE-AT-LEVEL", "1", "1/100"),
    ("C-SG", "SHARE-AT-LEVEL", "1/2", "1/100"),
    ("C-CB", "BLEND-SHARE-AT-LEVEL", "1/2", "1/100"),
    ("C-MB", "BALANCE-SHARE-AT-LEVEL", "1", "0"),
    (CAR, "CREDIT-SHARE-AT-LEVEL", "1/2", "1/50000000"),
]


@pytest.mark.parametrize(("lot", "wording", "share", "over"), PRODUCTS)
def test_a_claim_under_every_model_is_kept_again_and_holds_to_the_milligram(
    lot: str, wording: str, share: str, over: str
) -> None:
    report = checked(file(lot, wording, share))

    assert report.holds
    assert step(report, StepName.RECOMPUTED, PASS)
    assert step(report, StepName.CONSISTENT, PASS)
    more = Fraction(share) + Fraction(over)
    if more != Fraction(share) and more <= 1:
        with pytest.raises(RefusalError) as refused:
            draft(lot, wording, str(more))
        assert refused.value.rule.code == "CLAIM-001"


def test_a_file_carries_the_books_behind_its_lot_and_no_others() -> None:
    lines = loaded(file())["books"]["movements"].split("\n")[1:-1]

    events = list(dict.fromkeys(line.partition(",")[0] for line in lines))
    assert events == ["F-05", "F-15", "F-16", "F-18", "F-22", "F-29", "F-30"]
    entities = [one["entity"] for one in loaded(file())["books"]["certificates"]]
    assert entities == ["Example Cells", "Example North Mining", "Example Refining"]
    assert loaded(file())["type"] == "stannary/claim-file/2"


def test_a_file_whose_lot_has_more_content_than_mass_left_still_holds() -> None:
    """It was signed before that was forbidden; nothing of it is made up."""
    made = next(row for row in rows() if row.lot == "C-MB" and row.side is Side.OUT)
    lost = replace(
        made, event="F-36", kind=Kind.LOSS, side=Side.IN, content_mg=1, account="", model=None,
        mass_mg=made.mass_mg - made.content_mg + 2,
        at=datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC), entity="Example Cells",
    )  # fmt: skip
    of_the_lot = books_behind(
        events_of((*rows(), lost)),
        {"C-MB"},
        day=MADE_ON,
        rules_on=rules_on,
        certificates=register().certificates,
    )
    kept = keep_behind(of_the_lot, day=MADE_ON, rules_on=rules_on)

    assert "CUSTODY-019" in {one.code for one in kept.findings}
    assert checked(case.claim_file(draft(books=of_the_lot))).holds


@pytest.mark.parametrize(("milligram", "code"), [(0, None), (1, "CLAIM-001")])
def test_what_the_register_knows_bounds_a_claim_too(milligram: int, code: str | None) -> None:
    """The books say 50 kg; whoever makes the claim knows of less."""
    north = next(one for one in achievements() if "north" in one)
    source = Source(datetime.date(2026, 1, 9), "example-north-mine", north)
    known = {source: 50_000_000 - milligram}
    if code is None:
        assert draft(carried=known).books
        return
    with pytest.raises(RefusalError) as refused:
        draft(carried=known)
    assert refused.value.rule.code == code


@settings(max_examples=25, deadline=None)
@given(data=st.data(), lot=st.sampled_from([PRODUCTS[3], PRODUCTS[4]]))
def test_one_changed_digit_of_the_books_is_named_by_its_line(
    data: st.DataObject, lot: tuple[str, str, str, str]
) -> None:
    content = loaded(file(*lot[:3]))
    text = content["books"]["movements"]
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    place = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from("0123456789").filter(lambda sign: sign != text[place]))
    content["books"]["movements"] = text[:place] + other + text[place + 1 :]
    line = text.count("\n", 0, place) + 1

    report = checked(json.dumps(content))

    assert failing(report)["consistent"] == f"books, line {line}"


@pytest.mark.parametrize(
    ("place", "value", "item"),
    [
        (("certificates", 1, "valid_until"), "2028-12-31", 3),
        (("certificates", 0, "pilot"), True, 2),
        (("method",), "rolling_average", 1),
        (("factors", 0, "factor"), "24/25", 5),
    ],
)
def test_whatever_is_changed_in_the_register_is_named_by_its_item(
    place: tuple[Any, ...], value: object, item: int
) -> None:
    with_factor = draft(books=behind("C-MB", factors=[FACTOR]))
    content = loaded(case.claim_file(with_factor))
    inner = content["books"]
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value

    report = checked(json.dumps(content))

    assert failing(report)["consistent"] == f"books, register, item {item}"


def test_books_taken_out_or_put_in_are_noticed() -> None:
    without = {**loaded(file()), "type": "stannary/claim-file/1"}
    books = without.pop("books")
    first = {**loaded(case.claim_file()), "type": "stannary/claim-file/2", "books": books}

    assert failing(checked(json.dumps(without)))["consistent"] == "books"
    assert failing(checked(json.dumps(first)))["consistent"] == "books"


def test_half_of_the_digests_is_none() -> None:
    made = draft()
    evidence: Any = made.payload["evidence"]
    kept = [one for one in evidence if one["type"] != "EnclosedBookRegister"]

    report = checked(case.claim_file(made, evidence=kept))

    assert failing(report) == {"consistent": "books"}


def signed_anew(change: dict[str, Any], lot: str = "C-MB") -> Report:
    """An issuer signs other books than those that the claim rests on."""
    made = draft(lot) if lot == "C-MB" else draft(lot, "CREDIT-SHARE-AT-LEVEL", "1/2")
    books = replace(behind(lot), **change)
    enclosed = books_as_dict(books)
    movements, register_of = books_digests(enclosed)
    old: Any = made.payload["evidence"]
    kept = [
        *old[:2],
        digest_as_json("EnclosedBooks", movements),
        digest_as_json("EnclosedBookRegister", register_of),
        *old[4:],
    ]
    return checked(case.claim_file(replace(made, books=enclosed), evidence=kept))


def test_books_that_give_less_than_is_claimed_fail_though_they_were_signed() -> None:
    suspended = [
        replace(one, valid_until=datetime.date(2026, 1, 31))
        for one in behind("C-MB").certificates or ()
    ]
    report = signed_anew({"certificates": tuple(suspended)})

    assert step(report, StepName.SIGNED, PASS)
    found = step(report, StepName.RECOMPUTED, FAIL)
    assert [one.code for one in found.findings] == ["CLAIM-001"]
    assert found.facts["supported"] == "0"


def test_credits_retired_for_another_lot_support_nothing_here() -> None:
    others = tuple(
        replace(row, note="ANOTHER-CAR") if row.event == "F-35" else row for row in behind(CAR).rows
    )

    found = step(signed_anew({"rows": others}, CAR), StepName.RECOMPUTED, FAIL)

    assert found.findings[0].code == "CLAIM-001"


def test_books_that_cannot_be_are_named_by_line() -> None:
    twice = tuple(
        replace(row, content_mg=56_000_001) if row.event == "F-22" and row.lot == "N-MB" else row
        for row in behind("C-MB").rows
    )

    found = step(signed_anew({"rows": twice}), StepName.RECOMPUTED, FAIL)

    assert found.where == "books, line 6"
    assert found.findings[0].code.startswith("CUSTODY-")


def test_a_lot_is_made_of_the_same_in_books_and_movements() -> None:
    other = tuple(
        replace(row, note="another note") if row.event == "F-05" else row
        for row in behind("C-MB").rows
    )

    found = step(signed_anew({"rows": other}), StepName.RECOMPUTED, FAIL)

    assert (found.where, found.findings[0].code) == ("books", "VERIFY-007")
    assert found.findings[0].facts["differs"] == "movements and books"


def test_books_that_cannot_be_read_are_told_and_nothing_is_recomputed() -> None:
    content = loaded(file())
    lines = content["books"]["movements"].split("\n")
    lines[3] = lines[3].replace("receive", "recieve")
    content["books"]["movements"] = "\n".join(lines)

    report = checked(json.dumps(content))

    assert step(report, StepName.READABLE, FAIL).where == "books, line 4"
    assert step(report, StepName.RECOMPUTED, NOT_CHECKED).where == "books"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "guess"}, "CREDENTIAL-015"),
        ({"movements": "PK"}, "CREDENTIAL-003"),
        ({"movements": "event," + "\n" * 10_002}, "CUSTODY-097"),
        ({"certificates": [{"id": "x"}]}, "CREDENTIAL-015"),
        ({"pilot": "yes"}, "CREDENTIAL-015"),
        ({"models": ["guess"]}, "CREDENTIAL-015"),
        ({"valid_from": "2026"}, "CREDENTIAL-015"),
        ({"valid_from": "2099-01-01"}, "CUSTODY-075"),
        ({"changes": [{"on": "2026-02-01", "status": "lost", "reason": ""}]}, "CREDENTIAL-015"),
        ({"changes": [{"on": "2026-02-01", "status": "suspended", "reason": 1}]}, "CREDENTIAL-015"),
    ],
)
def test_another_form_of_the_books_is_told(change: dict[str, Any], code: str) -> None:
    content = loaded(file())
    inside = content["books"]
    (inside if set(change) <= set(inside) else inside["certificates"][0]).update(change)

    report = checked(json.dumps(content))

    assert step(report, StepName.READABLE, FAIL).findings[0].code == code
    assert not report.holds


@pytest.mark.parametrize(
    "change", [{"more": 1}, {"movements": 1}, {"certificates": {}}, {"factors": ["x"]}]
)
def test_books_without_their_form_are_refused(change: dict[str, Any]) -> None:
    content = loaded(file())
    content["books"].update(change)

    with pytest.raises(RefusalError) as refused:
        checked(json.dumps(content))
    assert refused.value.rule.code == "CREDENTIAL-003"


def test_certificates_are_read_back_with_agreements_changes_and_factors() -> None:
    held = (behind("C-MB").certificates or ())[0]
    agreement = Agreement("Works", "works", datetime.date(2026, 1, 1), None, "paper 7")
    full = replace(
        held,
        scope=replace(held.scope, agreements=(agreement,)),
        changes=(
            CertificateChange(datetime.date(2026, 5, 1), CertificateStatus.SUSPENDED, "late"),
        ),
    )
    kept = replace(behind("C-MB"), certificates=(full,), factors=(FACTOR,))
    bare = replace(kept, certificates=None)

    for books in (kept, bare):
        found = books_from_dict(books_as_dict(books), Place("x")).books
        assert found
        assert (found.certificates, found.factors) == (books.certificates, books.factors)


def test_the_books_of_a_stranger_hold_for_whoever_knows_nobody() -> None:
    assert checked(file(), trust=NOBODY).holds
