from core.standards.test_transitions import AFTER, MOVES, move, transition
from stannary.core.assessments import Verdict
from stannary.core.assessments.carrying import CarryOver, carry_over
from stannary.core.standards import Move, Rating


def said(requirement: str, rating: Rating = Rating.FULLY) -> Verdict:
    return Verdict(requirement, rating, f"why {requirement}", ("https://example.org/a",), "Ana")


def carried(*verdicts: Verdict, moves: tuple[Move, ...] = MOVES) -> CarryOver:
    return carry_over(transition(*moves), {one.requirement: one for one in verdicts}, AFTER)


def test_what_was_kept_stands_with_its_reason_evidence_and_author() -> None:
    result = carried(said("1.1.1.1"))

    assert result.standing == (said("1.1.1.1"),)
    assert result.answers[0].background == ()


def test_what_was_split_is_judged_again_with_the_old_answer_as_background() -> None:
    result = carried(said("1.1.1.2"))

    both = [answer for answer in result.answers if answer.requirement in ("1.1.1.2", "1.1.1.3")]
    assert [answer.verdict for answer in both] == [None, None]
    assert [answer.background for answer in both] == [(said("1.1.1.2"),)] * 2
    assert {answer.requirement for answer in both} <= {one.requirement for one in result.to_judge}


def test_what_is_new_is_judged_and_what_was_dropped_is_kept_apart() -> None:
    result = carried(said("1.2.1.1"), said("2.1.1.1"))

    assert result.dropped == (said("1.2.1.1"),)
    assert "2.1.1.2" in {one.requirement for one in result.to_judge}
    assert [one.requirement for one in result.answers] == [one.id for one in AFTER.requirements]


def test_a_pending_answer_stands_nowhere() -> None:
    result = carried(Verdict("1.1.1.1", Rating.PENDING))

    assert result.standing == ()
    assert result.answers[0].background == ()


def test_a_reworded_demand_gets_its_answer_under_the_new_id_unless_it_must_be_judged() -> None:
    moves = (*MOVES[:2], move("reworded", "1.2.1.1", "2.1.1.2"), MOVES[3])
    again = (*MOVES[:2], move("reworded", "1.2.1.1", "2.1.1.2", again=True), MOVES[3])

    stands = carried(said("1.2.1.1", Rating.NOT_RELEVANT), moves=moves)
    judged = carried(said("1.2.1.1"), moves=again)

    assert [one.requirement for one in stands.standing] == ["2.1.1.2"]
    assert stands.standing[0].rationale == "why 1.2.1.1"
    assert judged.standing == ()
    assert judged.answers[-1].background == (said("1.2.1.1"),)
