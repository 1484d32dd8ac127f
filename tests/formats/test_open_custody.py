"""Open Custody 1.0 decides everything that the program asks, and its words say no more than they may."""

import datetime
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import stannary
from refusals import refused_by
from stannary.core.custody import ASKED as ASKED_BY_PROGRAMS
from stannary.core.custody import (
    Basis,
    CustodyRules,
    Method,
    MixRule,
    Model,
    basis_of,
    events_of,
    keep_books,
    period_of,
)
from stannary.core.custody.accounting.credits import UNITS_MG
from stannary.core.kernel import Mark
from stannary.formats.packs import find_shipped_pack, load_pack

PACK = load_pack(find_shipped_pack("stannary/open-custody/1.0"))
BEFORE = load_pack(find_shipped_pack("stannary/open-custody/0.1"))
IRMA = load_pack(find_shipped_pack("irma/chain-of-custody/1.0"))
DAY = datetime.date(2026, 12, 1)
RULES = CustodyRules.from_edition(PACK, DAY)

ASKED: dict[str, Callable[[CustodyRules], object]] = {
    "attestation_basis": basis_of,
    "balance_carry_over": lambda r: r.word("balance_carry_over", ("once", "never")),
    "balance_boundary": lambda r: r.word("balance_boundary", ("site", "group")),
    "balance_opening_and_closing": lambda r: r.word("balance_opening_and_closing", ("calendar",)),
    "balance_period_months": lambda r: r.whole("balance_period_months"),
    "certificate_validity_months": lambda r: r.whole("certificate_validity_months"),
    "controlled_blending_min_share": lambda r: r.share("controlled_blending_min_share"),
    "conversion_factor_review_months": lambda r: r.whole("conversion_factor_review_months"),
    "conversion_factor_source": lambda r: r.word(
        "conversion_factor_source", ("measured", "approved")
    ),
    "credit_life_months": lambda r: r.whole("credit_life_months"),
    "credit_unit": lambda r: r.word("credit_unit", tuple(UNITS_MG)),
    "level_of_mix": lambda r: r.word("level_of_mix", tuple(MixRule)),
    "mass_balance_methods": lambda r: r.words("mass_balance_methods", tuple(Method)),
    "rolling_average_months": lambda r: r.whole("rolling_average_months"),
    "offer_open_max_days": lambda r: r.whole("offer_open_max_days"),
    "overdraft_tolerance": lambda r: r.word("overdraft_tolerance", ("none", "within_period")),
    "weighing_loss_max_share": lambda r: r.share("weighing_loss_max_share"),
}


def test_what_is_said_to_be_asked_is_what_programs_ask() -> None:
    root = Path(stannary.__file__).parent
    sources = [
        one.read_text("utf-8")
        for layer in ("core", "web")
        for one in (root / layer).rglob("*.py")
        if one.name not in ("asked.py", "tables.py")  # tables.py says why programs ask no more
    ]
    named = {name for name in PACK.parameters for text in sources if f'"{name}"' in text}

    assert named == ASKED_BY_PROGRAMS & set(PACK.parameters)
    assert set(PACK.parameters) >= ASKED_BY_PROGRAMS
    assert set(ASKED) <= ASKED_BY_PROGRAMS
    assert "loss_handling" in set(PACK.parameters) - named


@pytest.mark.parametrize("name", ASKED)
def test_what_the_program_asks_is_known_here_and_not_in_the_outline_of_irma(name: str) -> None:
    unknown = CustodyRules.from_edition(IRMA, DAY)

    assert refused_by(lambda: ASKED[name](RULES)) is None
    assert refused_by(lambda: ASKED[name](unknown)) == "CUSTODY-070"


def test_every_number_is_our_own_and_says_so() -> None:
    for one in PACK.parameters.values():
        assert [value.mark for value in one.values] == [Mark.OWN], one.name
        assert "own choice" in one.values[0].source, one.name


def test_where_the_rulebook_has_a_neutral_default_it_is_followed() -> None:
    assert str(period_of(DAY, RULES)) == "2026-01-01/2027-01-01"
    assert (RULES.whole("credit_life_months"), RULES.whole("record_retention_years")) == (24, 5)
    assert RULES.whole("certificate_validity_months") == 36
    assert RULES.word("balance_carry_over", ("once", "never")) == "once"
    assert RULES.word("overdraft_tolerance", ("none",)) == "none"
    assert RULES.milligrams_or_none("overdraft_max_kg") == 0
    assert RULES.closing_deficit_max_mg == 0
    assert RULES.model_upgrade_allowed is False
    assert basis_of(RULES) is Basis.PRODUCED_ON


def test_what_the_edition_before_decided_is_decided_alike() -> None:
    for name, one in BEFORE.parameters.items():
        value = one.on(DAY).value
        if value is not None:
            assert PACK.parameters[name].on(DAY).value == value, name


@pytest.mark.parametrize("model", Model)
def test_every_model_has_its_words_in_both_languages(model: Model) -> None:
    words = [one for one in PACK.claims if model in one.models]

    assert words
    assert all(set(one.words) == {"en", "fr"} for one in words)


IN_THE_LOT = re.compile(r"in lot \{lot\} comes|du lot \{lot\} provient", re.IGNORECASE)


def test_mass_balance_and_book_and_claim_never_say_that_the_material_is_in_the_lot() -> None:
    apart = {Model.MASS_BALANCE, Model.BOOK_AND_CLAIM}
    for one in PACK.claims:
        for language, text in one.words.items():
            if apart & set(one.models):
                assert set(one.models) <= apart, one.code
                assert not IN_THE_LOT.search(text), (one.code, language)
                assert "{share}" in text, (one.code, language)
                denied = {"en": ("may hold none", "comes from elsewhere")}
                denied["fr"] = ("peut n'en contenir aucune", "vient d'ailleurs")
                assert any(words in text for words in denied[language]), (one.code, language)


def test_words_about_a_site_name_no_lot_and_say_that_they_are_an_average() -> None:
    (words,) = (one for one in PACK.claims if one.is_of_site)

    assert words.models == (str(Model.CONTROLLED_BLENDING),)
    least = PACK.parameters["controlled_blending_min_share"].fraction_on(DAY)
    assert words.min_share.fraction_on(DAY) == least
    for language, average in (("en", "This is an average"), ("fr", "C'est une moyenne")):
        assert average in words.words[language]
        assert "{lot}" not in words.words[language]


def test_books_are_kept_under_it() -> None:
    kept = keep_books(
        events_of([]), rules_on=cache(lambda day: CustodyRules.from_edition(PACK, day))
    )

    assert kept.findings == ()
