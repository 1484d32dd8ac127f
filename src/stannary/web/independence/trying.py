"""Acts that are tried from a form: who acts, and what a page shows when a rule stands against it."""

from django.http import HttpRequest

from stannary.core.kernel import RefusalError, refuse
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.problems import finding_shape, status_of


def actor_of(request: HttpRequest) -> Person:
    """Give the person who is signed in.

    Raises:
        RefusalError: PARTY-001 if nobody is.
    """
    user = request.user
    if not isinstance(user, Person):
        refuse(IS_THERE_FOR_YOU)
    return user


def refused(refusal: RefusalError) -> tuple[list[dict[str, object]], int]:
    """Give what the page shows beside the form, and its status; what is not there goes on.

    Raises:
        RefusalError: PARTY-001, as it came.
    """
    status = status_of(refusal)
    if status == 404:
        raise refusal
    return [finding_shape(one) for one in refusal.findings], status
