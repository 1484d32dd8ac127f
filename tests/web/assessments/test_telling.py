"""What engagements are told of their assessments, and what the page of an assessment adds."""

import pytest
from django.test import Client

from stannary.core.assessments.verdicts import Side
from stannary.core.standards import Edition
from stannary.web.assessments import operations, telling
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import Author, Change
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import AT

pytestmark = pytest.mark.django_db


def test_what_the_site_has_not_rated_is_unanswered_but_for_chapters_it_proposes_to_leave_out(
    engagement: Engagement, site_user: Person, open_mining: Edition
) -> None:
    own = engagement.assessments.get()
    first, second, *rest = open_mining.requirements
    left_out = rest[-1].chapter
    engagement.proposals.create(
        chapter=left_out, reason="None.", proposed_by=site_user, proposed_at=AT
    )
    changes = [Change(first.id, "fully", "", "", None), Change(second.id, "pending", "", "", None)]
    operations.add_all(own, open_mining, Author(Side.SITE, site_user), changes, AT)

    expected = tuple(x.id for x in open_mining.requirements[1:] if x.chapter != left_out)
    assert telling.unanswered(engagement) == expected
    assert telling.unanswered(Engagement(edition_id=engagement.edition_id)) is None


def test_what_auditors_left_pending_needs_a_reason_and_what_others_rated_has_no_author(
    engagement: Engagement,
    auditor: Person,
    colleague: Person,
    firm: Organisation,
    open_mining: Edition,
) -> None:
    assert telling.rated(engagement).unrated is None
    audit = Assessment.objects.create(
        engagement=engagement,
        site=engagement.site,
        edition_id=engagement.edition_id,
        pack_sha256="0" * 64,
        firm=firm,
        lead_auditor=auditor,
        opened_at=AT,
    )
    engagement.members.create(person=auditor, role="auditor", added_by=auditor, added_at=AT)
    rated, pending, explained, foreign, *rest = open_mining.requirements
    changes = [
        Change(rated.id, "fully", "", "", None),
        Change(pending.id, "pending", "", "", None),
        Change(explained.id, "pending", "The season decides.", "", None),
    ]
    operations.add_all(audit, open_mining, Author(Side.AUDITOR, auditor), changes, AT)
    by_other = [Change(foreign.id, "fully", "", "", None)]
    operations.add_all(audit, open_mining, Author(Side.AUDITOR, colleague), by_other, AT)

    found = telling.rated(engagement)

    assert found.unrated == (pending.id, *(one.id for one in rest))
    assert found.authorless == (foreign.id,)


def test_the_page_says_what_the_level_hangs_by_and_scores_as_of_another_day(
    rated: Assessment, auditor: Person
) -> None:
    browser = Client()
    browser.force_login(auditor)

    page = browser.get(f"/assessments/{rated.pk}/?as_of=2026-03-01").content.decode()

    assert "What the level hangs by" in page
    assert "would lose it" in page
    assert "All on this page is as of" in page
    assert 'name="as_of" value="2026-03-01"' in page
    today = browser.get(f"/assessments/{rated.pk}/?as_of=nonsense").content.decode()
    assert "All on this page is as of" not in today
