"""The site names its units and proposes chapters as not relevant; the lead auditor judges them."""

from functools import partial
from typing import Any

import pytest

from stannary.core.cycle import Role, State
from stannary.web.cycle import operations, queries
from stannary.web.cycle.models import Engagement, RelevanceProposal
from stannary.web.cycle.operations import Unit
from stannary.web.parties.models import Person
from web.cycle.conftest import put_in
from web.cycle.test_acts import codes

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]


def set_scope(actor: Person, row: Engagement, *units: Unit, seen: str | None = None) -> Any:
    return operations.set_scope(actor=actor, engagement_id=row.pk, units=units, seen=seen)


def propose(actor: Person, row: Engagement, chapter: str, reason: str) -> RelevanceProposal:
    return operations.propose_relevance(
        actor=actor, engagement_id=row.pk, chapter=chapter, reason=reason
    )


def judge(actor: Person, row: Engagement, chapter: str, reason: str, *, accepted: bool) -> Any:
    return operations.judge_relevance(
        actor=actor, engagement_id=row.pk, chapter=chapter, accepted=accepted, reason=reason
    )


def test_a_scope_is_a_list_of_units_with_names_of_their_own(
    cast: Cast, engagement: Engagement
) -> None:
    site_user = cast[Role.SITE_USER]
    units = set_scope(site_user, engagement, Unit("Pit"), Unit("Mill", "plant", "Two lines."))
    assert [(one.name, one.kind, one.note) for one in units] == [
        ("Pit", "pit", ""),
        ("Mill", "plant", "Two lines."),
    ]
    refused: tuple[tuple[Unit, ...], ...] = (
        (Unit("Pit"), Unit("PIT")),
        (Unit(" "),),
        (Unit("Pit", "castle"),),
        (Unit("x" * 201),),
        tuple(Unit(f"Pit {number}") for number in range(201)),
    )
    for wrong in refused:
        assert codes(partial(set_scope, site_user, engagement, *wrong)) == ["ENGAGEMENT-024"]
    assert len(set_scope(site_user, engagement, *(Unit(f"Pit {n}") for n in range(200)))) == 200


def test_nobody_overwrites_a_scope_that_they_have_not_seen(
    cast: Cast, engagement: Engagement
) -> None:
    site_user = cast[Role.SITE_USER]
    seen = queries.scope_seen(queries.scope(engagement))
    set_scope(site_user, engagement, Unit("Pit"), seen=seen)

    assert codes(lambda: set_scope(site_user, engagement, Unit("Mill"), seen=seen)) == [
        "ENGAGEMENT-020"
    ]


def test_a_chapter_is_proposed_with_a_reason_and_judged_once_with_a_reason(
    cast: Cast, engagement: Engagement
) -> None:
    site_user, lead = cast[Role.SITE_USER], cast[Role.LEAD_AUDITOR]
    assert codes(lambda: propose(site_user, engagement, "9.9", "None.")) == ["ENGAGEMENT-025"]
    propose(site_user, engagement, "1.2", "")
    propose(site_user, engagement, "1.2", "No river.")
    propose(site_user, engagement, "1.1", "No neighbours.")
    propose(site_user, engagement, "2.1", "A mistake.")
    operations.take_back_relevance(actor=site_user, engagement_id=engagement.pk, chapter="2.1")
    assert [one.chapter for one in queries.proposals(engagement)] == ["1.1", "1.2"]
    put_in(engagement, State.STAGE_1, by=site_user)

    assert codes(lambda: judge(lead, engagement, "1.2", " ", accepted=True)) == ["ENGAGEMENT-026"]
    assert codes(lambda: judge(lead, engagement, "2.1", "No.", accepted=True)) == ["PARTY-001"]
    assert codes(lambda: judge(site_user, engagement, "1.2", "Yes.", accepted=True)) == [
        "ENGAGEMENT-002"
    ]
    judge(lead, engagement, "1.2", "Dry for 200 km.", accepted=True)
    judge(lead, engagement, "1.1", "There is a village.", accepted=False)
    assert codes(lambda: judge(lead, engagement, "1.1", "Again.", accepted=True)) == [
        "ENGAGEMENT-026"
    ]
    assert queries.left_out(engagement) == ("1.2",)
    assert codes(lambda: propose(site_user, engagement, "1.3", "Late.")) == ["ENGAGEMENT-001"]
