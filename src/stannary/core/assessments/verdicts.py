"""Three verdicts side by side: what the site says, what the auditor says, what counts in the end.

Nothing is overwritten: the site's word stays beside the auditor's, and a ruling on an objection
is a verdict of its own. What counts is the final verdict where there is one, else the auditor's.
The site's word never counts for a score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.assessments.ratings import RatingSheet, Verdict
from stannary.core.standards import SCORED, Edition, Rating


class Side(StrEnum):
    """Whose verdict it is."""

    SITE = "site"
    AUDITOR = "auditor"
    FINAL = "final"


class Difference(StrEnum):
    """How the site's verdict stands to the one that counts.

    AGREED: the same rating. HIGHER: the site rated itself better. LOWER: it rated itself worse.
    RELEVANCE: one of the two says that it is not relevant. OPEN: one of the two is not there.
    """

    AGREED = "agreed"
    HIGHER = "higher"
    LOWER = "lower"
    RELEVANCE = "relevance"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ThreeVerdicts:
    """The verdicts on one requirement; None where nothing was said."""

    requirement: str
    site: Verdict | None
    auditor: Verdict | None
    final: Verdict | None

    @property
    def counts(self) -> Verdict | None:
        """The verdict that a score rests on."""
        return self.final or self.auditor

    @property
    def difference(self) -> Difference:
        """How the site's verdict stands to the one that counts."""
        site = self.site.rating if self.site is not None else Rating.PENDING
        counts = self.counts.rating if self.counts is not None else Rating.PENDING
        if Rating.PENDING in (site, counts):
            return Difference.OPEN
        if site is counts:
            return Difference.AGREED
        if Rating.NOT_RELEVANT in (site, counts):
            return Difference.RELEVANCE
        better = SCORED.index(site) < SCORED.index(counts)
        return Difference.HIGHER if better else Difference.LOWER


def side_by_side(
    edition: Edition,
    *,
    site: Mapping[str, Verdict],
    auditor: Mapping[str, Verdict],
    final: Mapping[str, Verdict],
) -> tuple[ThreeVerdicts, ...]:
    """Lay the verdicts of all sides beside each other, one row for each requirement, in order."""
    return tuple(
        ThreeVerdicts(one.id, site.get(one.id), auditor.get(one.id), final.get(one.id))
        for one in edition.requirements
    )


def counting_sheet(edition: Edition, rows: tuple[ThreeVerdicts, ...]) -> RatingSheet:
    """Give the sheet that is scored: final where there is one, else the auditor's."""
    verdicts = {row.requirement: row.counts for row in rows if row.counts is not None}
    return RatingSheet(edition=edition, verdicts=verdicts)
