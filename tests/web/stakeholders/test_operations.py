"""Recording, correcting, deciding, and what is published of it."""

import datetime
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from stannary.core.cycle import Role, State
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.publications import PublishedInput
from stannary.core.stakeholders import Disposition
from stannary.web.cycle.models import Engagement
from stannary.web.stakeholders import queries
from stannary.web.stakeholders.models import InputDecision, InputRecord
from stannary.web.stakeholders.operations import decide_input, record_input
from web.cycle.conftest import put_in
from web.stakeholders.conftest import AT, DAY, Cast, Stored, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(engagement: Engagement, cast: Cast) -> Engagement:
    """Give an engagement in stage 1."""
    return put_in(engagement, State.STAGE_1, by=cast[Role.SITE_USER])


Record = Callable[..., InputRecord]


@pytest.fixture
def record(audit: Engagement, cast: Cast) -> Record:
    def do(replaces: int | None = None, **different: object) -> InputRecord:
        return record_input(
            actor=cast[Role.AUDITOR],
            engagement_id=audit.pk,
            said=said(**different),
            replaces=replaces,
            at=AT,
        )

    return do


Decide = Callable[..., InputDecision]


@pytest.fixture
def decide(audit: Engagement, cast: Cast) -> Decide:
    def do(number: int = 1, seen: int = 0, reason: str = "It was measured.") -> InputDecision:
        return decide_input(
            actor=cast[Role.LEAD_AUDITOR],
            engagement_id=audit.pk,
            number=number,
            disposition=Disposition.VERDICT,
            reason=reason,
            seen=seen,
            at=AT,
        )

    return do


def refused(do: Callable[[], object]) -> list[str]:
    try:
        with transaction.atomic():
            do()
    except RefusalError as refusal:
        return [one.code for one in refusal.findings]
    return []


def test_what_was_said_is_recorded_with_no_more_than_it_needs(record: Record) -> None:
    row = record(said_until="2026-02-01", requirements=("1.1.1.1", "1.1.1.1"))

    assert (row.number, row.people, row.requirements) == (1, 12, ["1.1.1.1"])
    assert (row.said_from, row.said_until) == ("2026-01", "2026-02-01")
    assert record(people=None).said_until == "2026-01"


def test_everything_that_is_wrong_is_told_together(record: Record) -> None:
    wrong = {
        "group": "friends",
        "topic": "Ask ana@example.org.",
        "requirements": ("9.9.9.9",),
        "said_from": "yesterday",
    }

    assert refused(lambda: record(**wrong)) == [
        "KERNEL-002",
        "STAKEHOLDER-001",
        "STAKEHOLDER-003",
        "STAKEHOLDER-007",
    ]
    assert not InputRecord.objects.exists()


def test_nothing_was_said_after_the_day_on_which_it_is_recorded(record: Record) -> None:
    tomorrow = (DAY + datetime.timedelta(days=1)).isoformat()

    assert refused(lambda: record(said_from=DAY.isoformat())) == []
    assert refused(lambda: record(said_from=tomorrow)) == ["STAKEHOLDER-004"]


def test_an_entry_is_corrected_by_another_once_and_before_something_became_of_it(
    audit: Engagement, record: Record, decide: Decide
) -> None:
    record()
    assert record(replaces=1, topic="Dust at the mill.").replaces_id is not None
    assert refused(lambda: record(replaces=1)) == ["STAKEHOLDER-021"]
    assert refused(lambda: decide(1)) == ["STAKEHOLDER-021"]
    assert refused(lambda: record(replaces=9)) == ["PARTY-001"]
    decide(2)
    assert refused(lambda: record(replaces=2)) == ["STAKEHOLDER-021"]

    public = queries.public_input(audit, on=DAY)
    assert [(one.id, one.topic) for one in public] == [("2", "Dust at the mill.")]


def test_the_newest_decision_counts_and_has_seen_the_one_before(
    audit: Engagement, record: Record, decide: Decide
) -> None:
    record()
    decide()
    assert refused(decide) == ["STAKEHOLDER-020"]
    assert refused(lambda: decide(seen=2)) == ["STAKEHOLDER-020"]
    decide(seen=1, reason="It was measured again.")

    (public,) = queries.public_input(audit, on=DAY)
    assert public == PublishedInput(
        id="1",
        group="workers",
        channel="interview",
        people=12,
        topic="Dust at the crusher.",
        requirements=("1.1.1.1",),
        disposition="verdict: It was measured again.",
    )


def test_who_is_first_to_decide_has_seen_none(record: Record, decide: Decide) -> None:
    record()
    assert refused(lambda: decide(seen=1)) == ["STAKEHOLDER-020"]


@pytest.mark.parametrize(
    ("reason", "code"), [(" ", "STAKEHOLDER-006"), ("Told +354 555 1234.", "STAKEHOLDER-007")]
)
def test_a_decision_says_why_and_leads_to_nobody(
    record: Record, decide: Decide, reason: str, code: str
) -> None:
    record()

    assert refused(lambda: decide(reason=reason)) == [code]
    assert refused(lambda: decide(9)) == ["PARTY-001"]


def test_small_groups_and_what_was_taken_back_are_published_as_they_must(
    engagement: Engagement, stored: Stored
) -> None:
    stored(people=4)
    stored(people=5)
    stored("withdrawn")

    assert [one.people for one in queries.public_input(engagement, on=DAY)] == [None, 5]
    assert [one.disposition for one in queries.public_input(engagement, on=DAY)] == ["", ""]


def test_what_must_not_be_published_and_is_there_all_the_same_stops_the_publication(
    engagement: Engagement, stored: Stored
) -> None:
    stored(topic="Ask ana@example.org.")

    with pytest.raises(InvariantError):
        queries.public_input(engagement, on=DAY)


def test_entries_and_decisions_are_never_changed(engagement: Engagement, stored: Stored) -> None:
    stored("verdict")

    with pytest.raises(IntegrityError), transaction.atomic():
        InputRecord.objects.update(topic="Something else.")
    with pytest.raises(IntegrityError), transaction.atomic():
        InputDecision.objects.update(reason="Something else.")


@pytest.mark.parametrize(
    "different", [{"group": "friends"}, {"channel": ""}, {"people": 0}, {"topic": ""}]
)
def test_the_database_refuses_what_core_refuses(
    stored: Stored, different: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(**different)
