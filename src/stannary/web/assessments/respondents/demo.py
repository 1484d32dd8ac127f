"""An illustrative respondent without an account, whose answers were returned for a change.

She was asked before stage 1, for the site's own word stands still from there on.
"""

import datetime

from stannary.web.assessments.models import Assessment, Assignment
from stannary.web.assessments.operations import Change
from stannary.web.assessments.respondents import operations, queries
from stannary.web.assessments.respondents.operations import Asked
from stannary.web.parties.models import Person

NAME = "Rosa Example"
SITE = "example-ridge"
ASKED_AT = datetime.datetime(2026, 8, 11, 9, 0, tzinfo=datetime.UTC)
ANSWERED_AT = ASKED_AT + datetime.timedelta(days=3)
RETURNED_AT = ASKED_AT + datetime.timedelta(days=7)
ANSWER = "The register hangs in the gatehouse, and a copy is on file."
COMMENT = "Say since when, and which file."


def demo_s() -> Assignment:
    """Give the assignment of the demonstration."""
    return Assignment.objects.get(assessment__site__slug=SITE, name=NAME)


def load(*, site_user: Person) -> None:
    """Ask somebody, let them answer, and return one answer; calling it again changes nothing."""
    own = Assessment.objects.filter(site__slug=SITE, kind=Assessment.Kind.SELF).first()
    if own is None or own.assignments.exists():
        return
    begun = operations.assign(
        actor=site_user,
        assessment_id=own.pk,
        asked=Asked(parts=["1.1"], name=NAME),
        at=ASKED_AT,
    )
    given = queries.of_turn(begun.turn)
    first = given.requirements[0].id
    seen = given.newest[first].id if first in given.newest else None
    change = Change(first, "partially", ANSWER, "", seen)
    operations.answer(given=given, changes=[change], name=NAME, at=ANSWERED_AT)
    operations.hand_in(given=queries.of_turn(begun.turn), at=ANSWERED_AT)
    operations.give_back(
        actor=site_user,
        assessment_id=own.pk,
        assignment_id=begun.turn.assignment_id,
        reason="",
        comments={first: COMMENT},
        at=RETURNED_AT,
    )
