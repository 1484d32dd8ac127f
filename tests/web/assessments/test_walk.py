"""A site's way from opening an engagement to its public result, by every role, over the web."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stannary.core.standards import Edition
from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.cycle import facts
from stannary.web.cycle.models import Engagement
from stannary.web.cycle.queries import scope_seen
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.models import PublishedResult
from web.cycle.conftest import World

pytestmark = pytest.mark.django_db
LEFT_OUT = "1.1"


class Walk:
    """Somebody's browser on a day; the clock stands where it was put."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.row: Engagement | None = None

    def on(self, day: str) -> None:
        """Put the clock to nine o'clock of a day."""
        moment = datetime.datetime.fromisoformat(f"{day}T09:00:00+00:00")
        self.monkeypatch.setattr(timezone, "now", lambda: moment)

    def post(self, who: Person, address: str, **data: str) -> int:
        """Send a form; give the status: 302 where it was done."""
        browser = Client()
        browser.force_login(who)
        return browser.post(address, data).status_code

    def act(self, who: Person, act: str, **data: str) -> int:
        """Send an act, having seen every act before it."""
        assert self.row is not None
        seen = str(self.row.acts.count())
        return self.post(who, f"/engagements/{self.row.pk}/act/", act=act, seen=seen, **data)

    def rate(self, who: Person, those: Assessment, edition: Edition, rating: str) -> int:
        """Send a rating of everything that is not rated yet."""
        rated = queries.newest_records([those])[those.pk]
        sent = {}
        for one in edition.requirements:
            if one.id not in rated:
                sent[f"rating-{one.id}"] = rating
                sent[f"rationale-{one.id}"] = f"Seen by {who.username}."
        return self.post(who, f"/assessments/{those.pk}/rate/", **sent)


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    return Walk(monkeypatch)


def test_a_cycle_is_walked_from_opening_to_the_public_result_by_every_role(
    walk: Walk,
    site: Site,
    site_user: Person,
    secretary: Person,
    auditor: Person,
    colleague: Person,
    reviewer: Person,
    firm: Organisation,
    open_mining: Edition,
) -> None:
    chapter = next(x for x in open_mining.chapters if x.id == LEFT_OUT)
    one = next(x.id for x in open_mining.requirements if x.chapter != chapter.id)
    with facts.told_by(assigned=World().assigned):
        walk.on("2026-01-05")
        opened = walk.post(site_user, "/engagements/new/", site=site.slug, edition=open_mining.id)
        assert opened == 302
        row = walk.row = Engagement.objects.get()
        base = f"/engagements/{row.pk}/"
        own = row.assessments.get(kind="self")
        assert walk.act(site_user, "apply") == 422
        unit = {"name": "Pit", "kind": "pit", "note": "", "seen": scope_seen(())}
        assert walk.post(site_user, f"{base}scope/", **unit) == 302
        why = {"chapter": chapter.id, "reason": "Nothing of it is here."}
        assert walk.post(site_user, f"{base}relevance/", **why) == 302
        assert walk.rate(auditor, own, open_mining, "fully") == 404
        assert walk.rate(site_user, own, open_mining, "fully") == 302
        assert walk.act(site_user, "apply") == 302

        walk.on("2026-01-12")
        assert walk.act(secretary, "accept_application") == 302
        assert walk.act(secretary, "sign_agreement") == 302
        assert walk.act(site_user, "name_firm", firm=firm.slug) == 302
        for person, role in (
            (auditor, "lead_auditor"),
            (colleague, "auditor"),
            (reviewer, "reviewer"),
        ):
            sent = walk.post(secretary, f"{base}people/", person=person.username, role=role)
            assert sent == 302
        assert walk.act(auditor, "propose_team") == 302
        assert walk.act(secretary, "accept_team") == 302
        assert walk.act(auditor, "announce") == 302
        assert queries.audit(row) is None

        walk.on("2026-05-04")
        assert walk.act(auditor, "begin_stage_1") == 302
        audit = queries.audit(row)
        assert audit is not None
        assert (audit.kind, audit.firm, audit.lead_auditor) == ("audit", firm, auditor)
        assert walk.rate(site_user, own, open_mining, "partially") == 422
        judged = {"chapter": chapter.id, "judged": "accepted", "reason": "Seen on the maps."}
        assert walk.post(auditor, f"{base}relevance/judge/", **judged) == 302
        assert walk.act(auditor, "finish_stage_1") == 302
        preset = audit.ratings.filter(rating="not_relevant")
        chapters = {open_mining.requirement_by_id[x.requirement_id].chapter for x in preset}
        assert chapters == {chapter.id}
        assert {x.rationale for x in preset} == {"Seen on the maps."}
        assert walk.act(auditor, "announce_visit", until="2026-09-07") == 302

        walk.on("2026-09-07")
        assert walk.act(auditor, "begin_stage_2") == 302
        assert walk.rate(colleague, audit, open_mining, "substantially") == 302
        assert walk.act(auditor, "finish_stage_2") == 302
        assert walk.act(auditor, "submit_draft") == 302

        walk.on("2026-09-21")
        objection = {"requirement": one, "reason": "The register was shown."}
        assert walk.act(site_user, "object", **objection) == 302
        number = str(row.acts.count())
        ruling = {"objection": number, "reason": "The notes confirm it.", "rating": "fully"}
        assert walk.act(site_user, "rule_on_objection", **ruling) == 422
        assert walk.act(reviewer, "rule_on_objection", **ruling) == 302
        final = RatingRecord.objects.get(side="final")
        said = (final.requirement_id, final.rating, final.rationale, final.assessor)
        assert said == (one, "fully", "The notes confirm it.", reviewer)
        assert walk.act(secretary, "close_review") == 302
        assert walk.act(site_user, "publish_now") == 302

        walk.on("2026-10-05")
        publish = reverse("results:publish", args=[audit.pk])
        assert walk.post(auditor, publish, confirm="yes") == 422
        assert walk.post(site_user, publish, confirm="yes") == 422
        assert walk.act(secretary, "publish") == 422
        assert not PublishedResult.objects.exists()
        assert walk.post(secretary, reverse("results:publish", args=[own.pk]), confirm="yes") == 404
        assert walk.post(secretary, publish, confirm="yes") == 302
    result = PublishedResult.objects.get()
    row.refresh_from_db()
    assert row.state == "published"
    assert row.acts.latest("number").kind == "publish"
    assert '"rating":"fully","reason":"The notes confirm it."' in result.content
    assert Client().get(f"/results/{result.result_id}/").status_code == 200


def test_publishing_is_refused_with_all_findings_and_leaves_nothing_half_written(
    walk: Walk, rated: Assessment, auditor: Person, engagement: Engagement
) -> None:
    Assessment.objects.filter(pk=rated.pk).update(engagement=engagement)
    engagement.members.create(
        person=auditor, role="auditor", added_by=auditor, added_at=engagement.opened_at
    )
    walk.on("2026-02-02")
    browser = Client()
    browser.force_login(auditor)

    answer = browser.post(reverse("results:publish", args=[rated.pk]), {"confirm": "yes"})

    assert answer.status_code == 422
    assert b"ENGAGEMENT-001" in answer.content
    assert b"ENGAGEMENT-002" in answer.content
    assert not PublishedResult.objects.exists()
    assert not engagement.acts.exists()
    rated.refresh_from_db()
    assert rated.state == "open"
