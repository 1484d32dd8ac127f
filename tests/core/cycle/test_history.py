from core.cycle.made_up import ONE, START, act
from stannary.core.cycle import ActKind, last


def test_the_newest_act_of_the_kinds_asked_for_is_found() -> None:
    acts = [
        act(ActKind.APPLY),
        act(ActKind.RETURN_APPLICATION, START + ONE),
        act(ActKind.APPLY, START + 2 * ONE),
    ]

    assert last(acts, ActKind.APPLY) is acts[2]
    assert last(acts, ActKind.RETURN_APPLICATION, ActKind.APPLY) is acts[2]
    assert last(acts, ActKind.PUBLISH) is None
