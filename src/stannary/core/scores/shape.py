"""A score in the JSON shape that outsiders rely on (contracts, section 1)."""

from stannary.core.kernel import share_text
from stannary.core.scores.outcomes import LevelOutcome, NextLevel, Score, Tally


def score_as_dict(score: Score) -> dict[str, object]:
    """Give a score as JSON values, keys in the order of the contract.

    Points and shares are text, exact where 12 decimals suffice and else rounded half to even;
    counts are whole numbers. `share` is None when nothing is rated. `level` has a `ceiling` only
    while it is pending. `next_level` is None at the top and when there can be no level.
    """
    return {
        "standard": score.edition_id,
        "as_of": score.as_of.isoformat(),
        "level": _level(score.level),
        "principles": [_tally(tally) for tally in score.principles],
        "chapters": [_tally(tally) for tally in score.chapters],
        "critical": {
            "relevant": score.critical.relevant,
            "at_least_substantially": score.critical.at_least_substantially,
            "fully": score.critical.fully,
            "pending": score.critical.pending,
            "unmet": list(score.critical.unmet),
        },
        "next_level": None if score.next_level is None else _next(score.next_level),
        "findings": [finding.as_dict() for finding in score.findings],
    }


def _level(level: LevelOutcome) -> dict[str, object]:
    shape: dict[str, object] = {"code": level.code, "state": level.state, "floor": level.floor}
    if level.state == "pending":
        shape["ceiling"] = level.ceiling
    return shape


def _tally(tally: Tally) -> dict[str, object]:
    return {
        "id": tally.id,
        "points": share_text(tally.points),
        "possible": share_text(tally.possible),
        "share": None if tally.share is None else share_text(tally.share),
        "rated": tally.rated,
        "not_relevant": tally.not_relevant,
        "pending": tally.pending,
    }


def _next(following: NextLevel) -> dict[str, object]:
    return {
        "code": following.code,
        "points_needed": [
            {"principle": principle, "points": share_text(points)}
            for principle, points in following.points_needed
        ],
        "critical_needed": list(following.critical_needed),
    }
