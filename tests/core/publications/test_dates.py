"""Steps of an engagement with their days."""

import datetime

from stannary.core.cycle import Act, ActKind, Role
from stannary.core.publications import StepDates
from stannary.core.publications.dates import STEPS, steps_of


def day(number: int) -> datetime.date:
    return datetime.date(2026, 1, number)


def acts(*those: tuple[ActKind, int]) -> list[Act]:
    return [
        Act(str(n), kind, Role.SITE_USER, "somebody", day(number))
        for n, (kind, number) in enumerate(those, start=1)
    ]


def test_a_step_lasts_from_its_first_act_to_its_last() -> None:
    assert steps_of(
        acts(
            (ActKind.APPLY, 1),
            (ActKind.RETURN_APPLICATION, 2),
            (ActKind.APPLY, 3),
            (ActKind.ACCEPT_APPLICATION, 4),
            (ActKind.SIGN_AGREEMENT, 5),
            (ActKind.ANNOUNCE_VISIT, 6),
            (ActKind.ANNOUNCE_VISIT, 8),
            (ActKind.BEGIN_STAGE_2, 9),
            (ActKind.FINISH_STAGE_2, 10),
            (ActKind.SUBMIT_DRAFT, 11),
            (ActKind.CLOSE_REVIEW, 12),
        )
    ) == (
        StepDates("application", day(1), day(4)),
        StepDates("agreement", day(5), day(5)),
        StepDates("visit_announced", day(6), day(8)),
        StepDates("stage_2", day(9), day(10)),
        StepDates("draft", day(11), day(11)),
        StepDates("review", day(11), day(12)),
    )


def test_a_step_that_has_not_ended_is_left_out() -> None:
    assert steps_of(acts((ActKind.APPLY, 1), (ActKind.ANNOUNCE, 2))) == (
        StepDates("announcement", day(2), day(2)),
    )
    assert steps_of(()) == ()


def test_each_settlement_and_surveillance_stands_for_itself() -> None:
    found = steps_of(
        acts(
            (ActKind.PUBLISH, 1),
            (ActKind.SETTLE_PENDING, 2),
            (ActKind.BEGIN_SURVEILLANCE, 3),
            (ActKind.FINISH_SURVEILLANCE, 4),
            (ActKind.SETTLE_PENDING, 5),
            (ActKind.BEGIN_SURVEILLANCE, 6),
            (ActKind.FINISH_SURVEILLANCE, 7),
        )
    )

    assert [(one.step, one.began_on.day, one.ended_on.day) for one in found] == [
        ("publication", 1, 1),
        ("settlement", 2, 2),
        ("settlement", 5, 5),
        ("surveillance", 3, 4),
        ("surveillance", 6, 7),
    ]


def test_every_step_has_one_name() -> None:
    assert len(set(STEPS)) == len(STEPS) == 14
