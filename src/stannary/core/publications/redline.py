"""What differs between two results: level, scores, and every verdict, old and new side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stannary.core.assessments.comparison import Change, Comparison
from stannary.core.publications.results import PublishedResult, PublishedVerdict

_FIELDS = ("title", "critical", "rating", "reason", "evidence", "site", "ruling")


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The share of a principle or a chapter in both results.

    Attributes:
        id: Of the principle or the chapter.
        before: As published, 0 to 1 as text; None where nothing was rated, or it was not there.
        after: The same of the newer result.
    """

    id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict that differs.

    Attributes:
        requirement: Of the newer result; of the older one where it is no more.
        before: As it was; None where nothing can be compared with it.
        after: As it is; None where the requirement is no more.
        change: How the ratings stand to each other.
        fields: What differs: "rating", "reason", "evidence", "site", "ruling", "title".
    """

    requirement: str
    before: PublishedVerdict | None
    after: PublishedVerdict | None
    change: Change
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Redline:
    """Two results of a site.

    Attributes:
        before: The older one.
        after: The newer one.
        principles: Every principle of both, in the newer one's order.
        chapters: Every chapter of both, the same.
        verdicts: Those that differ, in the newer result's order, then those that are no more.
        same: How many requirements are judged as before.
    """

    before: PublishedResult
    after: PublishedResult
    principles: tuple[ScoreChange, ...]
    chapters: tuple[ScoreChange, ...]
    verdicts: tuple[VerdictChange, ...]
    same: int

    @property
    def level_changed(self) -> bool:
        """Tell whether the level, or what is known of it, is another one."""
        one, other = self.before, self.after
        return (one.level_state, one.level, one.floor) != (
            other.level_state,
            other.level,
            other.floor,
        )

    def count(self, change: Change) -> int:
        """Count the verdicts that differ in this way."""
        return sum(one.change is change for one in self.verdicts)


def redline(before: PublishedResult, after: PublishedResult, comparison: Comparison) -> Redline:
    """Lay two results beside each other.

    Args:
        before: The older one.
        after: The newer one.
        comparison: Of their ratings, from `core.assessments.comparison.compare`; it also says
            which requirement of the older edition one of the newer edition goes back to.
    """
    old = {one.requirement: one for one in before.verdicts}
    new = {one.requirement: one for one in after.verdicts}
    rows, same, met = [], 0, set()
    for row in comparison.rows:
        met.add(row.origin)
        was = old.get(row.origin) if row.origin is not None else None
        now = new.get(row.requirement)
        fields = tuple(_different(was, now))
        if fields:
            rows.append(VerdictChange(row.requirement, was, now, row.change, fields))
        else:
            same += 1
    rows += [
        VerdictChange(name, was, None, Change.NOT_COMPARABLE, _FIELDS[2:4])
        for name, was in old.items()
        if name not in met and name not in new
    ]
    return Redline(
        before=before,
        after=after,
        principles=_shares(before, after, "principles"),
        chapters=_shares(before, after, "chapters"),
        verdicts=tuple(rows),
        same=same,
    )


def redline_as_dict(those: Redline) -> dict[str, object]:
    """Give a redline as JSON values."""
    return {
        "before": _head(those.before),
        "after": _head(those.after),
        "level_changed": those.level_changed,
        "principles": [_share(one) for one in those.principles],
        "chapters": [_share(one) for one in those.chapters],
        "same": those.same,
        "verdicts": [
            {
                "requirement": one.requirement,
                "change": str(one.change),
                "fields": list(one.fields),
                "before": _verdict(one.before),
                "after": _verdict(one.after),
            }
            for one in those.verdicts
        ],
    }


def _different(was: PublishedVerdict | None, now: PublishedVerdict | None) -> Iterator[str]:
    for name in _FIELDS:
        if was is None or now is None:
            if name in ("rating", "reason"):
                yield name
        elif getattr(was, name) != getattr(now, name):
            yield name


def _shares(before: PublishedResult, after: PublishedResult, part: str) -> tuple[ScoreChange, ...]:
    old, new = _by_id(before, part), _by_id(after, part)
    return tuple(ScoreChange(name, old.get(name), new.get(name)) for name in {**new, **old})


def _by_id(result: PublishedResult, part: str) -> dict[str, str | None]:
    found = result.score.get(part)
    rows = found if isinstance(found, list) else []
    return {str(one["id"]): one["share"] for one in rows}


def _head(result: PublishedResult) -> dict[str, object]:
    return {
        "id": result.id,
        "standard": result.standard,
        "published_on": result.published_on.isoformat(),
        "level_state": result.level_state,
        "level": result.level,
        "floor": result.floor,
    }


def _share(one: ScoreChange) -> dict[str, object]:
    return {"id": one.id, "before": one.before, "after": one.after}


def _verdict(verdict: PublishedVerdict | None) -> Mapping[str, object] | None:
    if verdict is None:
        return None
    site, ruling = verdict.site, verdict.ruling
    return {
        "rating": str(verdict.rating),
        "reason": verdict.reason,
        "evidence": list(verdict.evidence),
        "site": site and {"rating": str(site.rating), "reason": site.reason},
        "ruling": ruling and {"by": ruling.by, "reason": ruling.reason},
    }
