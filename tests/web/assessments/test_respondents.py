"""Respondents: what is given to them, what they may do with it, and when it is over."""

import datetime

import pytest

from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.assessments import operations as ratings
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment, Assignment, RatingRecord, Turn
from stannary.web.assessments.operations import Change
from stannary.web.assessments.respondents import operations, queries
from stannary.web.assessments.respondents.links import ALPHABET, digest, new_token
from stannary.web.assessments.respondents.operations import Asked, Begun
from stannary.web.assessments.respondents.queries import Given
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import put_in

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 1, 12, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
ONE = Asked(parts=["1.1.1.1"], name="Ingrid Shift", email="ingrid@example.org")


@pytest.fixture
def own(engagement: Engagement) -> Assessment:
    """Give the self-assessment of the engagement."""
    return Assessment.objects.get(engagement=engagement, kind=Assessment.Kind.SELF)


def ask(own: Assessment, by: Person, asked: Asked = ONE, at: datetime.datetime = AT) -> Begun:
    return operations.assign(actor=by, assessment_id=own.pk, asked=asked, at=at)


def say(
    given: Given,
    rating: str = "fully",
    why: str = "As our files show.",
    *,
    requirement: str = "1.1.1.1",
    name: str = "Ingrid",
    at: datetime.datetime = AT,
    seen: int | None = None,
) -> RatingRecord:
    change = Change(requirement, rating, why, "", seen)
    return operations.answer(given=given, changes=[change], name=name, at=at)[0]


def refused(do: object) -> str:
    with pytest.raises(RefusalError) as caught:
        do()  # type: ignore[operator]  # tests give functions
    return caught.value.rule.code


def test_a_token_has_140_bits_and_is_read_however_it_is_copied() -> None:
    token = new_token()

    assert len(token.replace("-", "")) * 5 == 140
    assert set(token) <= {*ALPHABET, "-"}
    assert new_token() != token
    assert digest(token.upper().replace("-", " ")) == digest(token)
    assert digest("abcd-0123") == digest("ABCD O1 23".replace("O", "o")) == digest("abcd-ol23")


def test_of_a_link_only_a_digest_is_kept(own: Assessment, site_user: Person) -> None:
    begun = ask(own, site_user)

    (turn,) = Turn.objects.values()
    assert begun.token
    assert begun.token not in str(turn)
    assert turn["token_sha256"] == digest(begun.token)
    assert queries.by_link(begun.token).turn == begun.turn
    assert refused(lambda: queries.by_link(begun.token + "0")) == "PARTY-001"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(parts=[], name="Ingrid"), "RATING-030"),
        (Asked(parts=["9.9"], name="Ingrid"), "RATING-030"),
        (Asked(parts=["1.1"]), "RATING-030"),
        (Asked(parts=["1.1"], name="x" * 200), None),
        (Asked(parts=["1.1"], name="x" * 201), "RATING-030"),
        (Asked(parts=["1.1"], name="Ingrid", email="nowhere"), "RATING-030"),
        (Asked(parts=["1.1"], username="outsider"), "RATING-030"),
        (Asked(parts=["1.1"], username="respondent"), None),
        (Asked(parts=["1.1", "1.1.1.1", " 1.2.1.1. "], name="Ingrid", language="xx"), None),
    ],
)
def test_something_of_the_standard_is_given_to_somebody(
    asked: Asked,
    code: str | None,
    own: Assessment,
    site_user: Person,
    cast: dict[Role | None, Person],
) -> None:
    if code is None:
        ask(own, site_user, asked)
        assert Assignment.objects.get().language == "en"
    else:
        assert refused(lambda: ask(own, site_user, asked)) == code
        assert not Assignment.objects.exists()


def test_a_requirement_of_a_given_chapter_is_given_once(own: Assessment, site_user: Person) -> None:
    ask(own, site_user, Asked(parts=["1.1.1.1", "1.1", "1.2.1.1"], name="Ingrid"))

    parts = Assignment.objects.get().parts.values_list("part", flat=True)
    assert list(parts) == ["1.1", "1.2.1.1"]


def test_the_same_person_has_a_requirement_once_and_another_may_have_it_too(
    own: Assessment, site_user: Person
) -> None:
    ask(own, site_user)
    again = Asked(parts=["1.1"], name="ingrid shift")

    assert refused(lambda: ask(own, site_user, again)) == "RATING-031"
    ask(own, site_user, Asked(parts=["1.1"], name="Somebody else"))
    ask(own, site_user, Asked(parts=["1.2"], name="Ingrid Shift"))
    operations.revoke(
        actor=site_user, assessment_id=own.pk, assignment_id=Assignment.objects.earliest("pk").pk
    )
    ask(own, site_user, again)


@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_chapters_are_given_and_answered_as_the_table_says(
    state: State,
    own: Assessment,
    site_user: Person,
    engagement: Engagement,
    firm: Organisation,
) -> None:
    token = ask(own, site_user).token
    put_in(engagement, state, by=site_user)
    other = Asked(parts=["1.2"], name="Olaf")
    given = queries.by_link(token)

    assert given.stands(AT) == ("" if may([Role.RESPONDENT], Action.ANSWER, state) else "closed")
    if may([Role.SITE_USER], Action.ASSIGN_RESPONDENTS, state):
        ask(own, site_user, other)
        say(given)
    else:
        assert refused(lambda: ask(own, site_user, other)) == "ENGAGEMENT-001"
        assert refused(lambda: say(given)) == "RATING-032"


def test_only_the_sites_people_give_chapters_away(
    own: Assessment, cast: dict[Role | None, Person], engagement: Engagement
) -> None:
    put_in(engagement, State.STAGE_1, by=cast[Role.SITE_USER])

    for role, person in cast.items():
        if role is not Role.SITE_USER:
            assert refused(lambda who=person: ask(own, who)) == "PARTY-001", role
    audit = assessments.audit(engagement)
    if audit is not None:
        assert refused(lambda: ask(audit, cast[Role.LEAD_AUDITOR])) == "PARTY-001"


def test_an_answer_is_the_sites_word_by_whoever_says_it(
    own: Assessment, site_user: Person, cast: dict[Role | None, Person]
) -> None:
    by_link = say(queries.by_link(ask(own, site_user).token), name="  Ingrid   Shift ")
    respondent = cast[Role.RESPONDENT]
    ask(own, site_user, Asked(parts=["1.2.1.1"], username="respondent"))
    (mine,) = queries.to_answer(respondent)
    with_account = say(mine, requirement="1.2.1.1", name="is not asked for")

    assert (by_link.side, by_link.assessor, by_link.said_by) == ("site", None, "Ingrid Shift")
    assert (with_account.side, with_account.assessor) == ("site", respondent)
    assert with_account.said_by == ""
    assert Turn.objects.get(token_sha256__isnull=False).said_by == "Ingrid Shift"


@pytest.mark.parametrize(("length", "code"), [(0, "RATING-035"), (200, None), (201, "RATING-035")])
def test_who_answers_without_an_account_says_a_name(
    length: int, code: str | None, own: Assessment, site_user: Person
) -> None:
    given = queries.by_link(ask(own, site_user).token)

    if code:
        assert refused(lambda: say(given, name="x" * length)) == code
    else:
        say(given, name="x" * length)


def test_nothing_is_answered_but_what_was_given(own: Assessment, site_user: Person) -> None:
    given = queries.by_link(ask(own, site_user).token)

    assert refused(lambda: say(given, requirement="1.1.1.2")) == "PARTY-001"
    assert not RatingRecord.objects.exists()


def test_a_respondent_account_sees_its_own_part_and_nothing_else(
    own: Assessment, site_user: Person, cast: dict[Role | None, Person]
) -> None:
    respondent = cast[Role.RESPONDENT]
    other = ask(own, site_user).turn.assignment_id
    mine = ask(own, site_user, Asked(parts=["1.2"], username="respondent")).turn.assignment_id

    (given,) = queries.to_answer(respondent)
    assert {one.chapter for one in given.requirements} == {"1.2"}
    assert queries.mine(actor=respondent, assignment_id=mine).assignment.pk == mine
    assert refused(lambda: queries.mine(actor=respondent, assignment_id=other)) == "PARTY-001"
    assert refused(lambda: queries.desk(actor=respondent, assessment_id=own.pk)) == "PARTY-001"
    own.engagement.members.filter(person=respondent).update(ended_at=AT)  # type: ignore[union-attr]
    assert queries.to_answer(respondent) == ()


def test_two_who_answer_at_once_do_not_overwrite_each_other(
    own: Assessment, site_user: Person
) -> None:
    given = queries.by_link(ask(own, site_user).token)
    theirs = ratings.rate(
        actor=site_user,
        assessment_id=own.pk,
        requirement_id="1.1.1.1",
        rating="partially",
        rationale="Half of it.",
        evidence="https://example.org/permit",
        seen=None,
    )

    assert refused(lambda: say(given)) == "RATING-020"
    again = queries.of_turn(given.turn)
    mine = say(again, seen=theirs.pk)
    assert (mine.rating, mine.previous) == ("fully", theirs)
    assert mine.evidence == "https://example.org/permit"  # unseen, and not lost


def test_a_link_ends_on_its_day(own: Assessment, site_user: Person) -> None:
    begun = ask(own, site_user)
    until = begun.turn.valid_until
    assert until == AT + operations.LINK_DAYS * DAY  # this edition does not say
    given = queries.by_link(begun.token)

    say(given, at=until - datetime.timedelta(microseconds=1))
    assert given.stands(until) == "expired"
    assert refused(lambda: operations.hand_in(given=given, at=until)) == "RATING-032"


def test_the_standard_says_how_long_a_link_works(
    own: Assessment, site_user: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"respondent_link_days": 14}
    monkeypatch.setattr(operations, "days_of", lambda _edition, name, _day: said[name])

    assert ask(own, site_user).turn.valid_until == AT + 14 * DAY


def test_what_is_handed_in_is_complete_and_closed(own: Assessment, site_user: Person) -> None:
    token = ask(own, site_user, Asked(parts=["1.1.1.1", "1.1.1.2"], name="Ingrid")).token
    given = queries.by_link(token)
    assert refused(lambda: operations.hand_in(given=given, at=AT)) == "RATING-033"
    say(given)
    say(given, "pending", "", requirement="1.1.1.2")
    assert queries.by_link(token).left == ("1.1.1.2",)
    first = RatingRecord.objects.latest("pk")
    say(queries.by_link(token), "pending", "Not mine.", requirement="1.1.1.2", seen=first.pk)

    operations.hand_in(given=queries.by_link(token), at=AT)

    used_up = queries.by_link(token)
    assert used_up.stands(AT) == "handed_in"
    assert refused(lambda: say(used_up)) == "RATING-032"
    assert refused(lambda: operations.hand_in(given=used_up, at=AT)) == "RATING-032"


def back(own: Assessment, by: Person, reason: str = "", **comments: str) -> Begun:
    return operations.give_back(
        actor=by,
        assessment_id=own.pk,
        assignment_id=Assignment.objects.get().pk,
        reason=reason,
        comments={name.replace("_", "."): text for name, text in comments.items()},
        at=AT + DAY,
    )


def test_answers_are_returned_with_what_is_to_be_changed(
    own: Assessment, site_user: Person
) -> None:
    first = ask(own, site_user)
    say(queries.by_link(first.token))
    assert refused(lambda: back(own, site_user, "Too early.")) == "RATING-034"
    operations.hand_in(given=queries.by_link(first.token), at=AT)

    assert refused(lambda: back(own, site_user)) == "RATING-034"
    assert refused(lambda: back(own, site_user, "x" * 10_001)) == "RATING-034"
    assert refused(lambda: back(own, site_user, **{"1_1_1_2": "Not given."})) == "PARTY-001"
    second = back(own, site_user, "x" * 10_000, **{"1_1_1_1": "Name the file."})

    assert second.token != first.token
    assert queries.by_link(first.token).stands(AT + DAY) == "handed_in"
    given = queries.by_link(second.token)
    assert given.stands(AT + DAY) == ""
    assert given.asked == {"1.1.1.1": "Name the file."}
    assert given.to_change == ("1.1.1.1",)
    old = RatingRecord.objects.get()
    say(given, why="File 7 shows it.", seen=old.pk, at=AT + 2 * DAY)
    assert queries.by_link(second.token).to_change == ()


def test_a_new_link_takes_the_place_of_the_old_and_keeps_what_was_asked(
    own: Assessment, site_user: Person, cast: dict[Role | None, Person]
) -> None:
    first = ask(own, site_user)
    say(queries.by_link(first.token))
    operations.hand_in(given=queries.by_link(first.token), at=AT)
    named = {"actor": site_user, "assessment_id": own.pk}
    assert (
        refused(
            lambda: operations.link_again(**named, assignment_id=first.turn.assignment_id)  # type: ignore[arg-type]
        )
        == "RATING-032"
    )
    second = back(own, site_user, "Once more.", **{"1_1_1_1": "Name the file."})

    third = operations.link_again(**named, assignment_id=second.turn.assignment_id)  # type: ignore[arg-type]

    assert queries.by_link(second.token).stands(AT) == "replaced"
    given = queries.by_link(third.token)
    assert (given.turn.reason, given.asked) == ("Once more.", {"1.1.1.1": "Name the file."})
    theirs = ask(own, site_user, Asked(parts=["1.2"], username="respondent"))
    assert theirs.token == ""
    assert (
        refused(
            lambda: operations.link_again(**named, assignment_id=theirs.turn.assignment_id)  # type: ignore[arg-type]
        )
        == "RATING-032"
    )


def test_what_is_withdrawn_is_answered_no_more_and_what_was_said_stays(
    own: Assessment, site_user: Person
) -> None:
    begun = ask(own, site_user)
    say(queries.by_link(begun.token))
    named = {
        "actor": site_user,
        "assessment_id": own.pk,
        "assignment_id": begun.turn.assignment_id,
    }

    operations.revoke(**named)  # type: ignore[arg-type]

    assert refused(lambda: say(queries.by_link(begun.token))) == "RATING-032"
    assert refused(lambda: operations.revoke(**named)) == "RATING-032"  # type: ignore[arg-type]
    assert RatingRecord.objects.count() == 1


def test_the_desk_says_who_owes_what_and_what_nobody_was_asked(
    own: Assessment, site_user: Person, open_mining: Edition
) -> None:
    chapter = sum(one.chapter == "1.1" for one in open_mining.requirements)
    ask(own, site_user, Asked(parts=["1.1"], name="Ingrid"))

    there = queries.desk(actor=site_user, assessment_id=own.pk)

    (given,) = there.given
    assert (given.answered, len(given.requirements), given.name) == (0, chapter, "Ingrid")
    assert len(there.given_to_nobody()) == len(open_mining.requirements) - chapter
    assert refused(lambda: queries.one_of(there, 0)) == "PARTY-001"
