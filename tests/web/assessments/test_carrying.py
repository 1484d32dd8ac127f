"""Old answers under a newer edition: what stands is repeated, with who judged; nothing is overwritten."""

import datetime
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.kernel import RefusalError
from stannary.core.standards import MoveKind
from stannary.web.assessments import carried
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import carry_over, open_assessment, rate
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards
from stannary.web.standards.models import EditionRecord, TransitionRecord
from stannary.web.standards.operations import load_packs

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
OLD, NEW = "stannary/open-mining/0.1", "stannary/open-mining/1.0"
OPENS, CLOSES = datetime.date(2026, 11, 1), datetime.date(2027, 5, 1)
DAY = datetime.timedelta(days=1)
NOON = datetime.time(12, tzinfo=datetime.UTC)
INSIDE = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def both(open_mining: None) -> None:
    """Both editions and the transition between them."""
    load_packs(now=INSIDE)


def code(refusal: pytest.ExceptionInfo[RefusalError]) -> str:
    return refusal.value.rule.code


def carry(actor: Person, those: Assessment) -> Assessment:
    return carry_over(actor=actor, assessment_id=those.pk, edition_id=NEW, opened_at=INSIDE)


@pytest.mark.parametrize(
    ("edition", "day", "expected"),
    [
        (NEW, OPENS - DAY, "TRANSITION-007"),
        (NEW, OPENS, None),
        (OLD, CLOSES - DAY, None),
        (OLD, CLOSES, "TRANSITION-007"),
    ],
)
def test_an_assessment_is_opened_against_an_edition_that_applies_that_day(
    both: None,
    auditor: Person,
    firm: Organisation,
    mine: Site,
    edition: str,
    day: datetime.date,
    expected: str | None,
) -> None:
    found = None
    try:
        open_assessment(
            actor=auditor,
            site=mine,
            edition_id=edition,
            firm=firm,
            opened_at=datetime.datetime.combine(day, NOON),
        )
    except RefusalError as refusal:
        found = refusal.rule.code

    assert found == expected
    assert Assessment.objects.exists() == (expected is None)


def test_what_stands_is_repeated_with_who_judged_and_when(
    both: None, auditor: Person, colleague: Person, rated: Assessment
) -> None:
    made = carry(colleague, rated)

    moves = standards.transition(OLD, NEW).transition.moves
    stands = {x.after[0]: x.before[0] for x in moves if not x.judge_again and x.after}
    records = {x.requirement_id: x for x in made.ratings.select_related("carried_from")}
    assert set(records) == set(stands)
    for name, record in records.items():
        was = record.carried_from
        assert was is not None
        assert (was.assessment_id, was.requirement_id) == (rated.pk, stands[name])
        for column in ("rating", "rationale", "evidence", "assessor_id", "at"):
            assert getattr(record, column) == getattr(was, column)
    assert {record.assessor for record in records.values()} == {auditor}
    assert made.lead_auditor == colleague
    assert (made.carried_from, made.firm, made.site) == (rated, rated.firm, rated.site)
    assert made.edition_id == NEW


def test_nothing_of_the_old_assessment_changes(
    both: None, auditor: Person, published: PublishedResult
) -> None:
    older = Assessment.objects.get()
    before = list(RatingRecord.objects.filter(assessment=older).values_list())

    made = carry(auditor, older)

    assert list(RatingRecord.objects.filter(assessment=older).values_list()) == before
    assert Assessment.objects.get(pk=older.pk).state == Assessment.State.PUBLISHED
    assert made.state == Assessment.State.OPEN
    record = made.ratings.order_by("pk")[0]
    again = rate(
        actor=auditor,
        assessment_id=made.pk,
        requirement_id=record.requirement_id,
        rating="partially",
        rationale="Seen again.",
        seen=record.pk,
    )
    assert (again.previous, again.carried_from) == (record, None)


def test_what_must_be_judged_again_has_the_old_answers_beside_it(
    both: None, auditor: Person, rated: Assessment
) -> None:
    made = carry(auditor, rated)

    background = carried.background(made)
    assert background is not None
    assert background.older.id == OLD
    for move in standards.transition(OLD, NEW).transition.moves:
        for name in move.after:
            found = tuple(x.requirement for x in background.answers.get(name, ()))
            assert found == (move.before if move.judge_again else ())
    assert carried.background(rated) is None


def test_pending_answers_stand_nowhere_and_are_no_background(
    both: None, auditor: Person, assessment: Assessment
) -> None:
    made = carry(auditor, assessment)

    background = carried.background(made)
    assert not made.ratings.exists()
    assert background is not None
    assert background.answers == {}


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_for_others_there_is_nothing_to_carry_over(
    both: None,
    who: str,
    rated: Assessment,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(RefusalError) as refusal:
        carry(person, rated)
    assert code(refusal) == "PARTY-001"

    client = sign_in(person)
    assert client.get(f"/assessments/{rated.pk}/carry-over/").status_code == 404
    assert client.post(f"/assessments/{rated.pk}/carry-over/", {"to": NEW}).status_code == 404
    assert Assessment.objects.count() == 1


def test_answers_are_carried_only_along_a_transition_and_once(
    both: None, auditor: Person, rated: Assessment
) -> None:
    for edition in ("irma/mining/1.0", OLD, "nothing/at/all"):
        with pytest.raises(RefusalError) as refusal:
            carry_over(actor=auditor, assessment_id=rated.pk, edition_id=edition, opened_at=INSIDE)
        assert code(refusal) == "RATING-025"

    made = carry(auditor, rated)
    with pytest.raises(RefusalError) as refusal:
        carry(auditor, rated)
    assert code(refusal) == "RATING-024"
    with pytest.raises(RefusalError) as refusal:
        carry(auditor, made)
    assert code(refusal) == "RATING-025"


def test_outside_the_term_of_the_newer_edition_nothing_is_carried_over(
    both: None, auditor: Person, rated: Assessment
) -> None:
    early = datetime.datetime.combine(OPENS - DAY, NOON)
    with pytest.raises(RefusalError) as refusal:
        carry_over(actor=auditor, assessment_id=rated.pk, edition_id=NEW, opened_at=early)

    assert code(refusal) == "TRANSITION-007"
    assert Assessment.objects.count() == 1


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages think that it is a day inside the window."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: INSIDE)


def text_of(answer: object) -> str:
    content = answer.content.decode()  # type: ignore[attr-defined]  # an answer of the test client
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content)))


@pytest.mark.usefixtures("today")
def test_the_preview_says_what_stands_and_the_act_opens_it(
    both: None, auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    address = f"/assessments/{rated.pk}/carry-over/"
    assert f'href="{address}?to={NEW}"' in client.get(f"/assessments/{rated.pk}/").content.decode()

    preview = client.get(address)
    assert "Answer stands 46" not in text_of(preview)
    plan = carried.plan(rated, NEW)
    for words, number in (
        ("Answer stands", len(plan.standing)),
        ("To judge again, the old answer beside", len(plan.again)),
        ("New", len(plan.new)),
        ("Dropped", 0),
    ):
        assert f"{words} {number}" in text_of(preview)
    assert len(plan.standing) + len(plan.again) + len(plan.new) == 418
    for shown in ("stands", "again", "new", "dropped", "nonsense"):
        page = client.get(f"{address}?show={shown}&page=1")
        assert page.status_code == 200
        assert len(page.content) < 100_000

    done = client.post(address, {"to": NEW}, follow=True)
    made = Assessment.objects.get(edition_id=NEW)
    assert f"{len(plan.standing)} answers were carried over." in text_of(done)
    assert "The older assessment" in text_of(done)
    assert "Go on with it" in text_of(client.get(address))
    assert done.redirect_chain[-1][0] == f"/assessments/{made.pk}/"


@pytest.mark.usefixtures("today")
def test_the_rating_page_shows_where_an_answer_came_from_and_what_was_said_before(
    both: None, auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    made = carry(auditor, rated)

    page = sign_in(auditor).get(f"/assessments/{made.pk}/rate/?at=1.1.1.3")

    text = text_of(page)
    assert (
        "Carried over from Open Mining 0.1: judged by auditor on 4 January 2026."
        in text.replace("\xa0", " ")
    )
    assert "Under Open Mining 0.1: 1.1.1.3 " in text
    content = page.content.decode()
    article = content[content.index('id="r-1.1.1.3"') :].split("</article>")[0]
    assert '<details class="background"><summary>' in article
    assert 'name="rating-1.1.1.3" value="pending" checked' in article
    assert len(page.content) < 100_000


@pytest.mark.usefixtures("today")
def test_the_rating_page_asks_three_more_questions_where_answers_were_carried_over(
    both: None, auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    made = carry(auditor, rated)
    client = sign_in(auditor)

    def number(those: Assessment) -> int:
        client.get(f"/assessments/{those.pk}/rate/?chapter=1.1")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/assessments/{those.pk}/rate/?chapter=1.1").status_code == 200
        return len(captured)

    assert number(made) <= 15
    assert number(made) - number(rated) <= 3


@pytest.mark.usefixtures("today")
def test_programs_carry_over_once_for_a_key(
    both: None, auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)

    def send() -> dict[str, object]:
        answer = client.post(
            f"/api/v1/assessments/{rated.pk}/carry-over",
            {"edition": NEW},
            content_type="application/json",
            headers={"Idempotency-Key": "carry-over-of-the-pit"},
        )
        assert answer.status_code == 201
        found: dict[str, object] = answer.json()
        return found

    first = send()

    assert first == send()
    made = Assessment.objects.get(edition_id=NEW)
    assert (first["id"], first["carried_from"]) == (made.pk, rated.pk)


def test_the_database_keeps_records_as_they_are_after_the_new_column(
    both: None, auditor: Person, rated: Assessment
) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415 - only here

    record = carry(auditor, rated).ratings.order_by("pk")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.filter(pk=record.pk).update(carried_from=None)


def test_merged_answers_are_all_beside_what_they_became(
    both: None, auditor: Person, rated: Assessment
) -> None:
    """No shipped table merges, so two moves of this one are made into one that does."""
    row = TransitionRecord.objects.get()
    kept = [x for x in standards.transition(OLD, NEW).transition.moves if x.kind is MoveKind.KEPT]
    first, second = kept[0].after[0], kept[1].after[0]
    merged = (
        f'{{"after":["{first}"],"before":["{first}","{second}"],"judge_again":true,'
        f'"kind":"merged","note":""}}'
    )
    content = row.content
    for name in (first, second):
        found = re.search(rf'\{{"after":\["{name}"\][^{{}}]*\}}', content)
        assert found is not None
        content = content.replace(found[0], merged if name == first else "", 1)
    content = content.replace(",,", ",")
    TransitionRecord.objects.filter(pk=row.pk).update(content=content, sha256="1" * 64)

    made = carry(auditor, rated)

    background = carried.background(made)
    assert background is not None
    assert [x.requirement for x in background.answers[first]] == [first, second]
    assert not made.ratings.filter(requirement_id__in=(first, second)).exists()
    assert EditionRecord.objects.filter(edition_id=NEW).exists()
