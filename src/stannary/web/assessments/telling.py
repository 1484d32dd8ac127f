"""What engagements are told of their assessments: what is not answered, not rated, without author."""

from stannary.core.standards import Rating
from stannary.web.assessments import queries
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.facts import Rated
from stannary.web.cycle.models import Engagement
from stannary.web.standards import queries as standards

AUDITORS = frozenset(role for role, side in cycle.SIDES.items() if side == "auditors")


def unanswered(engagement: Engagement) -> tuple[str, ...] | None:
    """Give the requirements that the site has not rated itself, in the edition's order.

    A chapter that it proposes as not relevant needs no answers; why it is not, the proposal says.

    Returns:
        None where the engagement is from before there were self-assessments.
    """
    those = queries.self_assessment(engagement)
    if those is None:
        return None
    newest = queries.newest_records([those])[those.pk]
    proposed = {one.chapter for one in cycle.proposals(engagement)}
    return tuple(
        one.id
        for one in standards.edition(engagement.edition_id).requirements
        if one.chapter not in proposed
        and (one.id not in newest or newest[one.id].rating is Rating.PENDING)
    )


def rated(engagement: Engagement) -> Rated:
    """Give what the auditors have not rated, and what somebody else has rated.

    A requirement is left pending, and then counts as rated, where an auditor wrote why. The team
    is everybody who is or was an auditor or reviewer of the engagement: what was rated before
    somebody left it keeps its author.
    """
    those = queries.audit(engagement)
    if those is None:
        return Rated()
    newest = queries.newest_records([those])[those.pk]
    team = set(engagement.members.filter(role__in=AUDITORS).values_list("person_id", flat=True))
    unrated, authorless = [], []
    for one in standards.edition(engagement.edition_id).requirements:
        there = newest.get(one.id)
        if there is None or (there.rating is Rating.PENDING and not there.rationale):
            unrated.append(one.id)
        elif there.by not in team:
            authorless.append(one.id)
    return Rated(tuple(unrated), tuple(authorless))
