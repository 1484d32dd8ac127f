"""Claim files whose books are kept under several packs: each entity's certificate names its own."""

import datetime
import json
from dataclasses import replace
from functools import cache, partial

import pytest

from core.verification.checks import FAIL, NOT_CHECKED, PASS, check, failing, loaded, step
from core.verification.test_books import MADE_ON, PACK, behind, draft, file, pack, register
from formats import claim_files as case
from stannary.core.custody import BooksBehind, CustodyCertificate, CustodyRules, Method, keep_behind
from stannary.core.kernel import Place
from stannary.core.standards import Edition
from stannary.core.verification import Report, StepName
from stannary.core.verification.reading import standards_named
from stannary.formats.claim_file import parse_checkable
from stannary.formats.claim_file_books import books_as_dict, books_digests, books_from_dict
from stannary.formats.packs import find_pack, load_pack

EXAMPLE = "stannary/example-custody/1.0"
REFINER = "Example Refining"


@cache
def example() -> Edition:
    return load_pack(find_pack(EXAMPLE))


def certificates(method: Method | None = None) -> tuple[CustodyCertificate, ...]:
    """Those of the register; the refiner's names another pack."""
    return tuple(
        replace(one, pack=EXAMPLE, mass_balance_method=method) if one.entity == REFINER else one
        for one in register().certificates or ()
    )


def governed(method: Method | None = None) -> BooksBehind:
    return behind("C-MB", certificates=certificates(method), method=None)


def made(share: str = "1/2", books: BooksBehind | None = None) -> str:
    return case.claim_file(
        draft(share=share, books=books or governed(), packs={EXAMPLE: example()})
    )


def checked(text: str, *, with_example: bool = True) -> Report:
    packs = {**case.packs(), PACK: pack(), **({EXAMPLE: example()} if with_example else {})}
    return check(text, packs=packs, on=MADE_ON)


def test_books_under_several_packs_are_kept_again_and_hold() -> None:
    report = checked(made())

    assert report.holds
    assert step(report, StepName.RECOMPUTED, PASS)
    assert standards_named(parse_checkable(made().encode(), "x")) == tuple(
        sorted({EXAMPLE, PACK, case.STANDARD})
    )


@pytest.mark.parametrize(
    ("named", "kept_by", "ends"),
    [(None, "rolling_average", 4), (Method.CREDIT, "credit", 7)],
)
def test_the_refiners_account_is_kept_as_its_certificate_says(
    named: Method | None, kept_by: str, ends: int
) -> None:
    """By quarters of an average, or by half-years of credits."""

    def pack_on(name: str, day: datetime.date) -> CustodyRules:
        return CustodyRules.from_edition({EXAMPLE: example(), PACK: pack()}[name], day)

    kept = keep_behind(
        governed(named), day=MADE_ON, rules_on=partial(pack_on, PACK), pack_on=pack_on
    )

    first = kept.statements[0]
    assert (str(first.method), first.period.valid_until.month) == (kept_by, ends)
    assert checked(made(books=governed(named))).holds


def test_without_a_pack_that_is_named_nothing_is_recomputed() -> None:
    report = checked(made(), with_example=False)

    assert EXAMPLE in step(report, StepName.RECOMPUTED, NOT_CHECKED).facts.values()


def test_a_method_put_in_or_a_pack_exchanged_is_noticed() -> None:
    for change in ({"mass_balance_method": "credit"}, {"pack": PACK}):
        content = loaded(made())
        one = next(x for x in content["books"]["certificates"] if x["entity"] == REFINER)
        one.update(change)
        assert failing(checked(json.dumps(content)))["consistent"].startswith("books, register")


def test_another_word_for_a_method_is_told() -> None:
    content = loaded(made(books=governed(Method.CREDIT)))
    one = next(x for x in content["books"]["certificates"] if x["entity"] == REFINER)
    one["mass_balance_method"] = "guess"

    report = checked(json.dumps(content))

    assert step(report, StepName.READABLE, FAIL).findings[0].code == "CREDENTIAL-015"


def test_everything_that_governs_is_read_back_and_in_the_digests() -> None:
    books = replace(governed(Method.CREDIT), pack=PACK)
    written = books_as_dict(books)

    found = books_from_dict(written, Place("x")).books

    assert found
    assert (found.method, found.pack, found.certificates) == (None, PACK, books.certificates)
    assert found.packs == {EXAMPLE, PACK}
    plain = {**written}
    plain.pop("pack")
    assert books_digests(plain) != books_digests(written)


def test_a_file_in_which_nothing_of_it_is_said_is_written_as_before() -> None:
    content = loaded(file())["books"]

    assert content["method"] == "credit"
    assert "pack" not in content
    assert all("mass_balance_method" not in one for one in content["certificates"])
    assert behind("C-MB").packs == frozenset()


def test_books_whose_register_has_another_pack_than_the_claim_are_kept_under_both() -> None:
    """The refiner claims under its own pack; whoever has no certificate is governed by the other."""
    books = replace(governed(), pack=PACK)

    text = case.claim_file(
        draft(
            share="1/2",
            books=books,
            custody_pack=example(),
            packs={PACK: pack(), EXAMPLE: example()},
        )
    )

    assert checked(text).holds
