"""Claim files of form 3: what a site blended is measured again from the books enclosed."""

import datetime
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from core.verification import test_books as five
from core.verification.checks import FAIL, NOT_CHECKED, PASS, check, failing, loaded, step
from formats import claim_files as case
from refusals import refused_by
from stannary.core.claims import Blending, Claim
from stannary.core.credentials import read_claim_credential
from stannary.core.credentials.evidence import digest_as_json
from stannary.core.custody import BalancePeriod, BooksBehind, Kind, Model, Row, Side
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.verification import Report, StepName
from stannary.formats.claim_file import ClaimDraft, draft_site_claim
from stannary.formats.claim_file_books import books_as_dict, books_digests

START = datetime.date(2026, 1, 1)
SITE, BATCH = "example-refinery", "C-CB"
CLAIM = Claim(
    id="urn:uuid:3c7a0d4e-7c6d-4a44-8a0e-2d7a7b0f3c11",
    lot="",
    wording="SITE-SHARE-AT-LEVEL",
    standard=case.STANDARD,
    level="OPEN-75",
    share=Fraction(1, 2),
    element="lithium",
    made_by="Example Refining",
    made_on=five.MADE_ON,
    valid_until=datetime.date(2027, 1, 1),
    blending=Blending(SITE, "lithium carbonate", BalancePeriod(START, five.MADE_ON)),
)


@cache
def books() -> BooksBehind:
    return five.behind(BATCH)


def draft(claim: Claim = CLAIM, **change: Any) -> ClaimDraft:
    given: dict[str, Any] = {
        "achievements": five.achievements(),
        "results": case.results(),
        "edition": case.packs()[case.STANDARD],
        "custody_pack": five.pack(),
        "issuer_name": case.NAME,
        "issuer_document": case.DOCUMENT,
        "books": books(),
    }
    return draft_site_claim(claim, **{**given, **change})


@cache
def file() -> str:
    return case.claim_file(draft())


def signed_with(**subject: Any) -> str:
    made = draft()
    said = made.payload["credentialSubject"]
    assert isinstance(said, dict)
    return case.claim_file(made, credentialSubject={**said, **subject})


def checked(text: str, **more: Any) -> Report:
    return five.checked(text, **more)


def test_a_claim_on_a_site_is_measured_again_and_says_what_only_the_register_states() -> None:
    report = checked(file())

    assert report.holds
    found = step(report, StepName.RECOMPUTED, PASS)
    assert found.where == "books"
    assert "the blends enclosed, 1 in number, the share is 0.5" in found.reason
    assert "follows from no file" in found.reason
    assert step(report, StepName.CONSISTENT, PASS)
    assert report.statement is not None
    assert report.statement.sentences["en"] == (
        "From 2026-01-01 to 2026-11-21, at least 50 % of the contained lithium in all lithium carbonate "
        "that Example Refining blended at example-refinery came from mines at OPEN-75 or better. This is "
        "an average: a single lot may hold less, or none."
    )
    assert loaded(file())["type"] == "stannary/claim-file/3"
    assert "movements" not in loaded(file())


def test_what_is_signed_says_how_many_blends_there_were() -> None:
    said: Any = draft().payload["credentialSubject"]

    assert (said["blends"], said["batches"], said["contentMg"]) == ("1", "1", "52000000")
    assert len(said["blendsSha256"]) == 64
    assert read_claim_credential(draft().payload).claim == CLAIM


@pytest.mark.parametrize(("more", "code"), [("0", None), ("1/52000000", "CLAIM-013")])
def test_a_milligram_more_than_was_measured_is_not_drafted(more: str, code: str | None) -> None:
    claim = replace(CLAIM, share=CLAIM.share + Fraction(more))

    assert refused_by(lambda: draft(claim)) == code


def test_a_signed_share_beyond_the_measured_one_fails() -> None:
    report = checked(signed_with(share="51/100"))

    found = step(report, StepName.RECOMPUTED, FAIL)
    assert [one.code for one in found.findings] == ["CLAIM-013"]
    assert (
        "1 in number, the share is 0.5 at OPEN-75 or better, where 0.51 is claimed" in found.reason
    )


@pytest.mark.parametrize(
    ("member", "value"),
    [("blends", "2"), ("blendsSha256", "0" * 64), ("contentMg", "1"), ("batches", "2")],
)
def test_a_list_of_blends_that_is_not_the_one_enclosed_does_not_follow(
    member: str, value: str
) -> None:
    """A register that left a blend out contradicts what it signed, or its own public list."""
    report = checked(signed_with(**{member: value}))

    assert failing(report) == {"consistent": f"credentialSubject.{member}"}


def test_a_blend_that_is_left_out_changes_what_was_signed() -> None:
    content = loaded(file())
    lines = content["books"]["movements"].split("\n")
    content["books"]["movements"] = "\n".join(one for one in lines if f",{BATCH}," not in one)

    report = checked(json.dumps(content))

    assert "recomputed" in failing(report)
    assert failing(report)["consistent"].startswith("books")


def enclosing(rows: tuple[Row, ...]) -> str:
    """Sign other books, as a register that lies does."""
    made = draft()
    changed = replace(books(), rows=rows)
    content = books_as_dict(changed)
    kept, register = books_digests(content)
    evidence: Any = made.payload["evidence"]
    found = [one for one in evidence if not one["type"].startswith("EnclosedBook")]
    found += [
        digest_as_json("EnclosedBooks", kept),
        digest_as_json("EnclosedBookRegister", register),
    ]
    return case.claim_file(replace(made, books=content), evidence=found)


def test_books_that_cannot_be_fail() -> None:
    rows = books().rows
    heavier = tuple(
        replace(one, content_mg=one.mass_mg) if one.lot == BATCH and one.side is Side.OUT else one
        for one in rows
    )
    found = step(checked(enclosing(heavier)), StepName.RECOMPUTED, FAIL)

    assert found.where.startswith("books")


def test_a_model_that_rises_in_the_books_fails() -> None:
    rows = tuple(
        replace(one, model=Model.SEGREGATED) if one.kind is Kind.TRANSFORM else one
        for one in books().rows
    )
    found = step(checked(enclosing(rows)), StepName.RECOMPUTED, FAIL)

    assert {one.code for one in found.findings} & {"CUSTODY-015", "CUSTODY-016"}


def test_what_is_not_at_hand_or_cannot_be_read_is_not_checked() -> None:
    without = {name: one for name, one in case.packs().items() if name != case.STANDARD}
    report = check(file(), packs=without, on=five.MADE_ON)
    assert "is not at hand" in step(report, StepName.RECOMPUTED, NOT_CHECKED).reason

    content = loaded(file())
    content["books"]["method"] = "another"
    report = checked(json.dumps(content))
    assert "cannot be read" in step(report, StepName.RECOMPUTED, NOT_CHECKED).reason

    content = loaded(file())
    content["achievements"][0]["level"] = 7
    report = checked(json.dumps(content))
    assert "cannot be read" in step(report, StepName.RECOMPUTED, NOT_CHECKED).reason


def test_a_published_result_that_does_not_hold_fails() -> None:
    """The achievements name results here; one of them says another level than its ratings give."""
    named = {
        name: replace(one, result_id=case.results()[0].id)
        for name, one in five.achievements().items()
        if "north" in name
    }
    made = case.claim_file(draft(achievements=named))

    assert "another site" in step(checked(made), StepName.RECOMPUTED, FAIL).reason


def test_a_claim_file_with_the_credential_of_another_kind_is_told() -> None:
    lot = loaded(five.file())
    site = loaded(file())
    swapped = {**site, "credential": lot["credential"], "proof": lot["proof"]}
    report = checked(json.dumps(swapped))
    assert failing(report)["consistent"].startswith("movements")
    assert step(report, StepName.RECOMPUTED, NOT_CHECKED)

    swapped = {**lot, "credential": site["credential"], "proof": site["proof"]}
    assert failing(checked(json.dumps(swapped)))["consistent"].startswith("movements")


def test_a_credential_of_a_site_alone_is_read() -> None:
    token = loaded(file())["credential"]["id"].partition(",")[2]
    report = checked(token)

    assert not report.failed
    assert step(report, StepName.RECOMPUTED, NOT_CHECKED)


@pytest.mark.parametrize(
    "subject",
    [
        {"periodFrom": "2026-13-01"},
        {"periodUntil": "2026-01-01"},
        {"periodFrom": "0001-01-01", "periodUntil": "0001-01-02"},
        {"periodFrom": "2026-01-01T00:00:00Z"},
        {"periodUntil": "2201-01-01"},
        {"facility": 7},
    ],
)
def test_a_subject_that_is_none_is_not_read(subject: dict[str, Any]) -> None:
    payload = draft().payload
    said = payload["credentialSubject"]
    assert isinstance(said, dict)

    with pytest.raises(RefusalError) as refused:
        read_claim_credential({**payload, "credentialSubject": {**said, **subject}})
    assert refused.value.rule.code == "CREDENTIAL-015"


def test_a_credential_of_both_kinds_is_neither() -> None:
    payload = draft().payload
    kinds: Any = ["VerifiableCredential", "SiteClaimCredential", "LotClaimCredential"]

    assert refused_by(lambda: read_claim_credential({**payload, "type": kinds})) == "CREDENTIAL-015"


def test_a_claim_on_a_lot_is_not_drafted_as_one_on_a_site() -> None:
    with pytest.raises(InvariantError, match="a claim on a lot"):
        draft(replace(CLAIM, blending=None))
