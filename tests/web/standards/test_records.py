"""An edition survives its way into the database and back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.formats.packs import load_pack, shipped_packs
from stannary.web.standards import queries, records

EDITIONS = [load_pack(folder) for folder in shipped_packs()]


def without_places(edition: Edition) -> Edition:
    """Take away where in which file things stood, which is not stored."""

    def bare(item: Any) -> Any:
        return replace(item, at=None)

    levels = tuple(
        replace(
            one, at=None, min_principle_share=one.min_principle_share and bare(one.min_principle_share),
            critical_at_least=one.critical_at_least and bare(one.critical_at_least),
            all_at_least=one.all_at_least and bare(one.all_at_least),
        )
        for one in edition.levels
    )  # fmt: skip
    changes: dict[str, Any] = {
        "at": None,
        "principles": tuple(map(bare, edition.principles)),
        "chapters": tuple(map(bare, edition.chapters)),
        "requirements": tuple(map(bare, edition.requirements)),
        "ratings": tuple(replace(one, at=None, points=bare(one.points)) for one in edition.ratings),
        "levels": levels,
        "parameters": {name: bare(one) for name, one in edition.parameters.items()},
        "claims": tuple(
            replace(one, at=None, min_share=bare(one.min_share)) for one in edition.claims
        ),
    }
    return replace(edition, **changes)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_what_is_read_is_what_was_written(edition: Edition) -> None:
    assert records.edition_from(records.content_of(edition)) == without_places(edition)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_the_order_of_everything_is_kept(edition: Edition) -> None:
    read = records.edition_from(records.content_of(edition))

    assert list(read.parameters) == list(edition.parameters)
    assert [one.id for one in read.requirements] == [one.id for one in edition.requirements]


def test_the_content_is_canonical_and_holds_no_place_of_this_machine() -> None:
    content = records.content_of(EDITIONS[0])

    data = json.loads(content)
    again = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again == content
    assert "standard.toml" not in content


@pytest.mark.django_db
def test_an_edition_is_read_once_and_asked_for_with_one_query(
    shipped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = queries.edition("irma/mining/1.0")

    with django_assert_num_queries(1):
        assert queries.edition("irma/mining/1.0") is first
    with django_assert_num_queries(1):
        assert len(queries.editions()) == len(EDITIONS)


@pytest.mark.django_db
def test_an_edition_that_is_not_here_is_refused_or_none(shipped: None) -> None:
    for name in ("irma/mining/9", "", "../../etc", "irma/mining/1.0/x"):
        assert queries.edition_or_none(name) is None
        with pytest.raises(RefusalError) as refusal:
            queries.edition(name)
        assert refusal.value.rule.code == "PARTY-001"


@pytest.mark.django_db
def test_an_edition_comes_in_a_language_as_far_as_it_is_translated(shipped: None) -> None:
    french = queries.localised("stannary/open-mining/0.1", "fr")
    english = queries.edition("stannary/open-mining/0.1")

    assert french.title == "Norme minière ouverte 0.1"
    assert french.requirement_by_id["1.1.1.1"].demand != english.requirement_by_id["1.1.1.1"].demand
    assert french.requirement_by_id["1.1.1.1"].why == english.requirement_by_id["1.1.1.1"].why
    assert queries.localised("stannary/open-mining/0.1", "pt") is english
