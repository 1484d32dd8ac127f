"""Who may read and add what, by core's tables: every role, visibility and state, and an outsider."""

import datetime
import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from stannary.core.cycle import Action, ActKind, Role, State, may
from stannary.core.evidence import Visibility
from stannary.core.kernel import RefusalError
from stannary.web.cycle.models import Engagement, Member
from stannary.web.evidence import queries
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import hand_in, hand_in_twin, revise
from stannary.web.parties.models import Person
from stannary.web.parties.queries import Visitor
from web.cycle.conftest import AT as ACTS_AT
from web.cycle.conftest import path_to, put_in
from web.evidence.conftest import AT, Cast, Handing, given

pytestmark = pytest.mark.django_db

BEFORE = ACTS_AT - datetime.timedelta(days=1)
"""Before the acts that `put_in` stores, publication among them."""

INSIDERS = {
    "public": {Role.SITE_USER, Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER},
    "confidential": {Role.SITE_USER, Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER},
    "auditor_only": {Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER},
}
"""Who reads what in an engagement, written out once more than in core."""


@pytest.fixture
def rows(engagement: Engagement, cast: Cast) -> dict[str, EvidenceVersion]:
    """Hand in one item of each visibility, before everything, by another site user than the cast's."""
    author = Person.objects.create_user("author")
    Member.objects.create(
        engagement=engagement,
        person=author,
        role="site_user",
        added_by=cast[Role.SITE_USER],
        added_at=BEFORE,
    )
    return {
        str(one): hand_in(
            actor=author,
            engagement_id=engagement.pk,
            given=given(visibility=str(one), content=f"{one}".encode()),
            at=BEFORE,
        )
        for one in Visibility
    }


def readable(actor: Visitor, engagement: Engagement) -> set[str]:
    """Give what somebody reads; the code of the refusal if it is not there for them."""
    try:
        found = queries.evidence(actor=actor, engagement_id=engagement.pk)
    except RefusalError as refusal:
        return {refusal.rule.code}
    return {item.newest.visibility for item in found.items}


# every cell of a table in core, which knows no database
@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_roles_read_what_the_table_and_the_visibility_say(
    state: State, engagement: Engagement, cast: Cast, rows: dict[str, EvidenceVersion]
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])
    is_public = ActKind.PUBLISH in path_to(state)
    nobody = {"public"} if is_public else {"PARTY-001"}

    assert readable(AnonymousUser(), engagement) == nobody
    for role, person in cast.items():
        inside = {name for name, roles in INSIDERS.items() if role in roles}
        assert readable(person, engagement) == (inside or nobody), role


# every cell of a table in core, which knows no database
@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_only_those_add_evidence_whom_the_table_names(
    state: State, engagement: Engagement, cast: Cast
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])

    assert list(wrongly_judged(state, engagement, cast)) == []


def wrongly_judged(state: State, engagement: Engagement, cast: Cast) -> Iterator[str]:
    for role, person in cast.items():
        held = frozenset({role}) if role else frozenset()
        expected = "kept" if may(held, Action.ADD_EVIDENCE, state) else "refused"
        if not may(held, Action.READ, state):
            expected = "PARTY-001"
        try:
            with transaction.atomic():
                hand_in(actor=person, engagement_id=engagement.pk, given=given())
                found = "kept"
                transaction.set_rollback(True)
        except RefusalError as refusal:
            code = refusal.rule.code
            found = "refused" if code in ("ENGAGEMENT-001", "ENGAGEMENT-002") else code
        if found != expected:
            yield f"{role}: {found}, not {expected}"


def test_who_handed_something_in_for_auditors_only_still_reads_it(
    engagement: Engagement, cast: Cast, rows: dict[str, EvidenceVersion]
) -> None:
    author = Person.objects.get(username="author")

    assert readable(author, engagement) == {"public", "confidential", "auditor_only"}
    assert readable(cast[Role.SITE_USER], engagement) == {"public", "confidential"}


def test_who_left_the_engagement_reads_nothing_of_it_any_more(
    engagement: Engagement, cast: Cast, rows: dict[str, EvidenceVersion]
) -> None:
    author = Person.objects.get(username="author")
    Member.objects.filter(person=author).update(ended_at=AT)

    assert readable(author, engagement) == {"PARTY-001"}


def test_what_was_handed_in_after_the_report_is_public_only_with_the_next(
    engagement: Engagement, cast: Cast, handed: Handing
) -> None:
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])
    handed(visibility="public", at=ACTS_AT + datetime.timedelta(seconds=1))

    assert readable(AnonymousUser(), engagement) == set()
    assert readable(cast[Role.AUDITOR], engagement) == {"public"}


def test_a_revision_after_the_report_leaves_the_published_version_public(
    engagement: Engagement, cast: Cast, handed: Handing
) -> None:
    first = handed(visibility="public", at=BEFORE)
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])
    second = revise(
        actor=cast[Role.SITE_USER],
        engagement_id=engagement.pk,
        item_id=first.item,
        previous=first.pk,
        given=given(visibility="public", content=b"later"),
    )

    def versions(person: Visitor) -> tuple[EvidenceVersion, ...]:
        found = queries.evidence(actor=person, engagement_id=engagement.pk).item(first.item)
        assert found.is_whole is (second in found.versions)
        return found.versions

    assert versions(AnonymousUser()) == (first,)
    assert versions(cast[Role.REVIEWER]) == (first, second)


def test_closing_an_item_closes_the_versions_before_it(
    engagement: Engagement, cast: Cast, handed: Handing
) -> None:
    first = handed(visibility="public", at=BEFORE)
    revise(
        actor=cast[Role.SITE_USER],
        engagement_id=engagement.pk,
        item_id=first.item,
        previous=first.pk,
        given=given(visibility="confidential", content=b"later"),
    )
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])

    assert readable(AnonymousUser(), engagement) == set()
    for asked in (first.pk, first.item):
        with pytest.raises(RefusalError) as refusal:
            queries.version(
                actor=AnonymousUser(),
                engagement_id=engagement.pk,
                item_id=first.item,
                version_id=asked,
            )
        assert refusal.value.rule.code == "PARTY-001"


def test_a_public_twin_does_not_open_its_original(
    engagement: Engagement, cast: Cast, handed: Handing
) -> None:
    original = handed(at=BEFORE)
    twin = hand_in_twin(
        actor=cast[Role.SITE_USER],
        engagement_id=engagement.pk,
        original_id=original.item,
        given=given(visibility="public", content=b"[redacted]"),
        at=BEFORE,
    )
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])

    shown = queries.evidence(actor=AnonymousUser(), engagement_id=engagement.pk)
    assert [item.id for item in shown.items] == [twin.item]
    assert shown.items[0].original is None
    assert not shown.is_member


def test_an_engagement_that_is_not_there_looks_like_one_that_is_closed(
    engagement: Engagement, cast: Cast
) -> None:
    refusals = []
    for asked in (uuid.uuid4(), engagement.pk):
        with pytest.raises(RefusalError) as refusal:
            queries.evidence(actor=cast[None], engagement_id=asked)
        refusals.append(refusal.value.rule.code)

    assert refusals == ["PARTY-001", "PARTY-001"]


def test_items_are_found_by_requirement_in_the_order_of_the_edition(
    engagement: Engagement, cast: Cast, handed: Handing
) -> None:
    first = handed(requirements=("1.1.1.2", "1.1.1.1"))
    second = handed(requirements=("1.1.1.2",), at=AT + datetime.timedelta(hours=1))

    shown = queries.evidence(actor=cast[Role.AUDITOR], engagement_id=engagement.pk)

    assert {
        name: [item.id for item in items] for name, items in shown.by_requirement().items()
    } == {"1.1.1.1": [first.item], "1.1.1.2": [second.item, first.item]}
    assert list(shown.by_requirement()) == ["1.1.1.1", "1.1.1.2"]
