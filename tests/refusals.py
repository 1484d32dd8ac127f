"""What tests ask of an act that may be refused."""

from collections.abc import Callable

from stannary.core.kernel import RefusalError


def refused_by(act: Callable[[], object]) -> str | None:
    """Give the code of the rule that stopped an act, or None if nothing did."""
    try:
        act()
    except RefusalError as refusal:
        return refusal.rule.code
    return None
