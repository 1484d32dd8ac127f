"""The site names its units and proposes chapters as not relevant; the lead auditor judges them."""

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from stannary.core.cycle import Role, State
from stannary.web.cycle import operations, queries
from stannary.web.cycle.models import Engagement, RelevanceProposal
from stannary.web.cycle.operations import Unit
from stannary.web.parties.models import Person, Site
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


def test_units_are_chosen_from_those_of_the_site_and_typed_where_they_are_not_listed(
    cast: Cast, engagement: Engagement
) -> None:
    site_user = cast[Role.SITE_USER]
    pit = engagement.site.units.create(name="North pit", kind="pit", materials="lithium")
    engagement.site.units.create(name="Old camp", kind="camp", in_scope=False)
    browser = Client()
    browser.force_login(site_user)
    page = f"/engagements/{engagement.pk}/"
    ticks = re.findall(r'name="unit" value="\d+"( checked)?>', browser.get(page).content.decode())
    assert ticks == [" checked", ""]  # as the site has them, while no scope is saved

    typed = {"name": ["Road"], "kind": ["road"], "note": ["To the port."]}
    sent = {"seen": queries.scope_seen(()), "unit": [str(pit.pk)], **typed}
    assert browser.post(f"{page}scope/", sent).status_code == 302

    first, second = queries.scope(engagement)
    assert (first.unit, first.name, first.kind, first.materials) == (
        pit,
        "North pit",
        "pit",
        "lithium",
    )
    assert (second.unit, second.name) == (None, "Road")
    pit.delete()  # what was said of the scope stays
    assert queries.scope(engagement)[0].name == "North pit"


def test_a_unit_of_another_site_is_not_there(cast: Cast, engagement: Engagement) -> None:
    other = Site.objects.create(slug="other", name="Other", illustrative=True)
    unit = other.units.create(name="Elsewhere", kind="pit")

    for wrong in (unit.pk, 0):
        assert codes(
            partial(set_scope, cast[Role.SITE_USER], engagement, Unit("", recorded=wrong))
        ) == ["PARTY-001"]
