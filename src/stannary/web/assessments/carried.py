"""Answers of an older edition under a newer one: what is carried over, and what stands beside.

Rules: RATING-025.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stannary.core.assessments.carrying import CarriedAnswer, CarryOver, carry_over
from stannary.core.kernel import refuse
from stannary.core.standards import Edition, MoveKind, Rating
from stannary.web.assessments import queries, records, rules
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.records import Newest
from stannary.web.standards import queries as standards
from stannary.web.standards.queries import Crossing


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of the answers of an assessment under a newer edition."""

    assessment: Assessment
    crossing: Crossing
    newest: Mapping[str, Newest]
    result: CarryOver

    def source_of(self, answer: CarriedAnswer) -> Newest:
        """Give the record that an answer that stands repeats."""
        return next(self.newest[name] for name in answer.move.before if name in self.newest)

    @property
    def standing(self) -> list[CarriedAnswer]:
        """What stands."""
        return [answer for answer in self.result.answers if answer.verdict is not None]

    @property
    def again(self) -> list[CarriedAnswer]:
        """What must be judged, with an old requirement before it."""
        return [x for x in self.result.to_judge if x.move.kind is not MoveKind.NEW]

    @property
    def new(self) -> list[CarriedAnswer]:
        """What must be judged and had nothing before it."""
        return [x for x in self.result.to_judge if x.move.kind is MoveKind.NEW]

    @property
    def dropped(self) -> list[Newest]:
        """Answers whose requirement is no more."""
        return [self.newest[verdict.requirement] for verdict in self.result.dropped]


def ways(those: Assessment) -> list[Crossing]:
    """Give the transitions that lead from the edition of an assessment that stands alone."""
    if those.engagement_id is not None:
        return []
    return [x for x in standards.transitions() if x.before.id == those.edition_id]


def plan(those: Assessment, edition_id: str | None) -> Plan:
    """Say what would become of the answers of an assessment.

    Args:
        those: The assessment under the older edition.
        edition_id: Of the newer edition; None: the only one to which a transition leads.

    Raises:
        RefusalError: RATING-025 if no transition leads there, or to several and none is named.
    """
    found = [x for x in ways(those) if edition_id in (None, x.after.id)]
    if len(found) != 1:
        refuse(
            rules.CARRIED_ALONG_A_TRANSITION,
            edition=those.edition_id,
            to=(edition_id or "not named")[:200],
        )
    crossing = found[0]
    newest = queries.newest_records([those])[those.pk]
    said = {name: records.verdict(record) for name, record in newest.items()}
    result = carry_over(crossing.transition, said, crossing.after)
    return Plan(those, crossing, newest, result)


@dataclass(frozen=True, slots=True)
class Background:
    """Answers under an older edition, beside requirements that must be judged again.

    Attributes:
        assessment: The one that was carried over.
        older: Its edition.
        answers: Requirement of the newer edition to the newest answers to what it was.
    """

    assessment: Assessment
    older: Edition
    answers: Mapping[str, tuple[Newest, ...]]


def background(those: Assessment) -> Background | None:
    """Give what an assessment was carried over from; None if it was not. Three queries, or none."""
    older = those.carried_from
    if older is None:
        return None
    crossing = standards.transition(older.edition_id, those.edition_id)
    newest = queries.newest_records([older])[older.pk]
    answers: dict[str, tuple[Newest, ...]] = {}
    for move in crossing.transition.moves:
        said = tuple(
            newest[name]
            for name in move.before
            if name in newest and newest[name].rating is not Rating.PENDING
        )
        if move.judge_again and said:
            answers |= dict.fromkeys(move.after, said)
    return Background(older, crossing.before, answers)
