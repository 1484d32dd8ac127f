"""Old answers under a new edition: what stands, and what must be judged again.

Nothing is judged here. An answer stands where the transition's table says that the demand is the
same in substance; everywhere else it becomes background for whoever judges anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stannary.core.assessments.ratings import Verdict
from stannary.core.standards import Edition, Rating
from stannary.core.standards.transitions import Move, MoveKind, Transition, all_moves


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """What a requirement of the newer edition gets from the older one.

    Attributes:
        requirement: Id in the newer edition.
        move: How it came about.
        verdict: The answer that stands, under its new id; None where it must be judged again or
            there was none.
        background: Answers to the old texts, under their old ids, where none stands.
    """

    requirement: str
    move: Move
    verdict: Verdict | None
    background: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class CarryOver:
    """All answers of an assessment under the newer edition.

    Attributes:
        answers: One for each requirement of the newer edition, in its order.
        dropped: Answers whose requirement is no more, in the older edition's order.
    """

    answers: tuple[CarriedAnswer, ...]
    dropped: tuple[Verdict, ...]

    @property
    def standing(self) -> tuple[Verdict, ...]:
        """The answers that stand."""
        return tuple(answer.verdict for answer in self.answers if answer.verdict is not None)

    @property
    def to_judge(self) -> tuple[CarriedAnswer, ...]:
        """What must be judged, new requirements included."""
        return tuple(answer for answer in self.answers if answer.verdict is None)


def carry_over(
    transition: Transition, verdicts: Mapping[str, Verdict], after: Edition
) -> CarryOver:
    """Carry the answers of an assessment over to the newer edition.

    Args:
        transition: Passed `check_transition`.
        verdicts: Answers by requirement of the older edition; what is missing is pending.
        after: The newer edition.

    Returns:
        What stands and what must be judged again. An answer that was pending stands nowhere.
    """
    by_id: dict[str, CarriedAnswer] = {}
    dropped: list[Verdict] = []
    for move in all_moves(transition, after):
        said = tuple(
            verdicts[name]
            for name in move.before
            if name in verdicts and verdicts[name].rating != Rating.PENDING
        )
        if move.kind == MoveKind.DROPPED:
            dropped.extend(said)
        for name in move.after:
            stands = said[0] if said and not move.judge_again else None
            by_id[name] = CarriedAnswer(
                requirement=name,
                move=move,
                verdict=replace(stands, requirement=name) if stands is not None else None,
                background=() if stands is not None else said,
            )
    answers = tuple(by_id[requirement.id] for requirement in after.requirements)
    return CarryOver(answers=answers, dropped=tuple(dropped))
