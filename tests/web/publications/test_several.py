"""An engagement publishes more than once: its audit, what was pending, its surveillance."""

import datetime
import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from refusals import refused_by
from stannary.core.cycle import ActKind, Role
from stannary.core.publications import Kind, check_result
from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment
from stannary.web.attestations.models import Achievement
from stannary.web.publications import queries, records
from stannary.web.publications.models import PublishedResult
from web.publications.conftest import PENDING, Story

pytestmark = pytest.mark.django_db


def test_the_audit_s_result_says_what_was_assessed_by_whom_and_when(
    story: Story, pending: PublishedResult, open_mining: Edition
) -> None:
    content = json.loads(pending.content)
    about = records.result_of(pending).about

    assert about is not None
    assert (about.kind, about.engagement) == (Kind.AUDIT, str(story.row.pk))
    assert [(one.name, one.kind) for one in about.scope.units] == [("North pit", "pit")]
    assert about.scope.materials == ("lithium",)
    assert [(one.role, one.name) for one in about.team] == [
        ("lead_auditor", "auditor"),
        ("auditor", "colleague"),
        ("reviewer", "reviewer"),
    ]
    assert [one.step for one in about.dates][:3] == ["application", "agreement", "firm"]
    assert (about.earlier, about.notice) == (None, None)
    assert content["verdicts"][1]["site"]["rating"] == "substantially"
    assert content["verdicts"][0]["site"] is None
    assert check_result(content, open_mining) == ()
    assert (story.state, pending.act_number) == ("level_pending", story.row.acts.count())
    assert not Achievement.objects.exists()


def test_only_what_was_left_pending_is_rated_once_a_result_is_public(
    story: Story, pending: PublishedResult
) -> None:
    assert refused_by(lambda: story.rate(story.audit, "1.1.1.2", "fully", "2026-03-01")) == (
        "RATING-028"
    )
    story.rate(story.audit, PENDING, "partially", "2026-03-01")
    again = story.rate(story.audit, PENDING, "fully", "2026-03-02")
    assert (again.side, again.rating) == ("final", "fully")


def test_what_was_pending_is_published_as_a_result_of_its_own(
    story: Story, pending: PublishedResult, settled: PublishedResult
) -> None:
    about = records.result_of(settled).about

    assert about is not None
    assert (settled.kind, settled.assessment, settled.earlier) == (
        "settlement",
        pending.assessment,
        pending,
    )
    assert about.earlier is not None
    assert (about.earlier.id, about.earlier.sha256) == (pending.result_id.urn, pending.sha256)
    assert (settled.level, story.state) == ("OPEN-75", "published")
    assert records.result_of(settled).as_of == datetime.date(2026, 2, 2)
    assert story.row.acts.latest("number").kind == "settle_pending"
    (given,) = Achievement.objects.all()
    assert (given.result, given.valid_from) == (settled, datetime.date(2026, 4, 2))
    assert given.valid_until == datetime.date(2029, 2, 2)
    assert PublishedResult.objects.get(pk=pending.pk).content == pending.content
    assert queries.results_of_assessments([story.audit])[story.audit.pk] == settled


def test_nothing_is_settled_while_nothing_more_is_rated(
    story: Story, pending: PublishedResult
) -> None:
    assert refused_by(lambda: story.publish(story.audit, "2026-03-01")) == "PUBLICATION-023"
    assert refused_by(
        lambda: story.act(ActKind.SETTLE_PENDING, Role.SECRETARIAT, "2026-03-01")
    ) == ("ENGAGEMENT-012")
    assert PublishedResult.objects.count() == 1


def test_an_older_report_never_counts_for_a_later_act(
    story: Story, settled: PublishedResult
) -> None:
    assert queries.reported(story.row).id == ""
    assert queries.released(story.row).id == str(settled.result_id)
    assert refused_by(lambda: story.publish(story.audit, "2026-05-01")) == "RATING-021"


def test_a_surveillance_begins_with_the_verdicts_that_counted_and_is_published(
    story: Story, settled: PublishedResult, survey: Callable[[str], Assessment]
) -> None:
    those = survey("2026-10-01")

    assert those.kind == "surveillance"
    assert those.lead_auditor == story.people[Role.LEAD_AUDITOR]
    carried = those.ratings.get(requirement_id=PENDING)
    assert (carried.side, carried.rating) == ("final", "fully")
    assert carried.carried_from is not None
    assert carried.carried_from.assessment == story.audit
    assert refused_by(lambda: story.rate(those, "1.1.1.2", "fully", "2026-10-02")) == "RATING-028"
    story.act(ActKind.FINISH_SURVEILLANCE, Role.LEAD_AUDITOR, "2026-10-03")
    assert refused_by(
        lambda: story.act(ActKind.PUBLISH_SURVEILLANCE, Role.SECRETARIAT, "2026-11-01")
    ) == ("ENGAGEMENT-012")
    row = story.publish(those, "2026-11-01")
    assert (row.kind, row.earlier, row.level) == ("surveillance", settled, "OPEN-75")
    about = records.result_of(row).about
    assert about is not None
    assert about.dates[-1].step == "surveillance"
    assert story.state == "published"
    assert Achievement.objects.count() == 1


def test_a_surveillance_may_settle_what_was_left_pending(
    story: Story, pending: PublishedResult, survey: Callable[[str], Assessment]
) -> None:
    those = survey("2026-10-01")
    story.rate(those, PENDING, "fully", "2026-10-02")
    story.act(ActKind.FINISH_SURVEILLANCE, Role.LEAD_AUDITOR, "2026-10-03")

    row = story.publish(those, "2026-11-01")

    assert (row.level, story.state) == ("OPEN-75", "published")
    (given,) = Achievement.objects.all()
    assert (given.result, given.valid_until) == (row, datetime.date(2029, 2, 2))


def test_a_surveillance_that_leaves_it_pending_may_be_settled_later(
    story: Story, pending: PublishedResult, survey: Callable[[str], Assessment]
) -> None:
    those = survey("2026-09-01")
    story.act(ActKind.FINISH_SURVEILLANCE, Role.LEAD_AUDITOR, "2026-09-03")
    story.publish(those, "2026-09-10")
    assert story.state == "level_pending"
    assert refused_by(lambda: story.publish(story.audit, "2026-09-20")) == "RATING-021"
    story.rate(those, PENDING, "fully", "2026-09-20")

    row = story.publish(those, "2026-09-21")

    assert (row.kind, row.assessment, story.state) == ("settlement", those, "published")
    again = survey("2026-10-01")
    assert again != those


def test_the_database_keeps_one_result_for_an_act_and_corrections_apart(
    settled: PublishedResult,
) -> None:
    for change in (
        {},
        {"act_number": None, "corrects": settled},
        {"act_number": None, "kind": "correction"},
    ):
        row = PublishedResult.objects.get(pk=settled.pk)
        row.pk, row.log_index, row.sha256 = None, 10**6, "0" * 64
        row.result_id = "00000000-0000-4000-8000-000000000001"
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
