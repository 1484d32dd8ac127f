"""What an assessor says of each requirement, and the sheet that gathers it.

Rules: RATING-001 to RATING-009.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stannary.core.assessments import rules
from stannary.core.kernel import Finding, Place, RefusalError, Rule, refuse
from stannary.core.standards import Edition, Rating

RATIONALE_MAX = 10_000
EVIDENCE_MAX = 50
LINK_MAX = 2_000
ASSESSOR_MAX = 200

_LINK = re.compile(r"https?://[^\s/?#@\\]+([/?#]\S*)?", re.IGNORECASE)
_BREAKS = "\t\n\r"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one requirement at one site.

    Attributes:
        requirement: Id of the requirement.
        rating: How well it is met, or that it is not relevant or pending.
        rationale: Why, in words; empty when nothing was written.
        evidence: Links, in the order given.
        assessor: Who rated; empty when it is not said.
        at: Where in a file it was read; None when there is no file.
    """

    requirement: str
    rating: Rating
    rationale: str = ""
    evidence: tuple[str, ...] = ()
    assessor: str = ""
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class RatingSheet:
    """The verdicts on one site under one edition, checked; made by `rating_sheet`.

    Attributes:
        edition: Whose requirements are rated.
        verdicts: By requirement, in the edition's order; a requirement that nobody spoke of is
            left out.
    """

    edition: Edition
    verdicts: Mapping[str, Verdict]

    def rating(self, requirement_id: str) -> Rating:
        """Give the rating of a requirement; `PENDING` where nothing is said."""
        verdict = self.verdicts.get(requirement_id)
        return Rating.PENDING if verdict is None else verdict.rating


def parse_rating(word: str, *, at: Place | None = None) -> Rating:
    """Read one of the six words of a rating.

    Raises:
        RefusalError: RATING-003 for any other word, also for capitals and for no word.

    Example:
        >>> parse_rating("not_met")
        <Rating.NOT_MET: 'not_met'>
    """
    try:
        return Rating(word)
    except ValueError:
        refuse(rules.RATING_IS_KNOWN, at=at, rating=word[:40] or "(empty)")


def check_verdicts(edition: Edition, verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """Check verdicts against an edition and return every finding; none means that they are sound.

    Findings come in the order of the verdicts, and for each in the order of the rules.
    A requirement without a verdict is no finding: it is pending.
    """
    findings: list[Finding] = []
    seen: dict[str, Verdict] = {}
    for verdict in verdicts:
        findings.extend(_check_requirement(edition, verdict, seen))
        findings.extend(_check_texts(verdict))
        seen.setdefault(verdict.requirement, verdict)
    return tuple(findings)


def rating_sheet(edition: Edition, verdicts: Iterable[Verdict]) -> RatingSheet:
    """Gather verdicts into a sheet that can be scored.

    Raises:
        RefusalError: With all findings of `check_verdicts`, RATING-001 to RATING-009.
    """
    given = tuple(verdicts)
    findings = check_verdicts(edition, given)
    if findings:
        raise RefusalError(*findings)
    by_id = {verdict.requirement: verdict for verdict in given}
    ordered = {
        requirement.id: by_id[requirement.id]
        for requirement in edition.requirements
        if requirement.id in by_id
    }
    return RatingSheet(edition=edition, verdicts=ordered)


def is_plain(text: str) -> bool:
    r"""Tell whether a text can be stored, signed and shown everywhere.

    Tabs and line breaks are allowed, other control characters and lone surrogates are not.

    Example:
        >>> is_plain("Two tanks\nwithout bunds"), is_plain("bell\a")
        (True, False)
    """
    return text.isprintable() or not any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in _BREAKS
        for character in text
    )


def _check_requirement(
    edition: Edition, verdict: Verdict, seen: Mapping[str, Verdict]
) -> Iterator[Finding]:
    if verdict.requirement not in edition.requirement_by_id:
        facts = {"requirement": verdict.requirement[:40] or "(empty)", "edition": edition.id}
        yield Finding(rules.REQUIREMENT_IS_KNOWN, facts, verdict.at)
    earlier = seen.get(verdict.requirement)
    if earlier is not None:
        facts = {"requirement": verdict.requirement[:40] or "(empty)"}
        if earlier.at is not None:
            facts["first"] = str(earlier.at)
        yield Finding(rules.REQUIREMENT_IS_RATED_ONCE, facts, verdict.at)


def _check_texts(verdict: Verdict) -> Iterator[Finding]:
    def finding(rule: Rule, column: str, **facts: str) -> Finding:
        at = verdict.at
        if at is not None:
            at = Place(at.file, at.line, column)
        return Finding(rule, {"requirement": verdict.requirement[:40], **facts}, at)

    if verdict.rating is Rating.NOT_RELEVANT and not verdict.rationale.strip():
        yield finding(rules.NOT_RELEVANT_HAS_A_REASON, "rationale")
    if len(verdict.rationale) > RATIONALE_MAX:
        length = str(len(verdict.rationale))
        yield finding(rules.RATIONALE_IS_BOUNDED, "rationale", characters=length)
    if len(verdict.evidence) > EVIDENCE_MAX:
        yield finding(rules.EVIDENCE_IS_BOUNDED, "evidence", links=str(len(verdict.evidence)))
    for link in verdict.evidence:
        if len(link) > LINK_MAX:
            yield finding(rules.EVIDENCE_IS_BOUNDED, "evidence", characters=str(len(link)))
        elif not _LINK.fullmatch(link):
            shown = link[:80] if is_plain(link) else ascii(link[:80])
            yield finding(rules.EVIDENCE_IS_A_WEB_LINK, "evidence", link=shown or "(empty)")
    if len(verdict.assessor) > ASSESSOR_MAX:
        yield finding(rules.ASSESSOR_IS_BOUNDED, "assessor", characters=str(len(verdict.assessor)))
    texts = {"rationale": (verdict.rationale,), "evidence": verdict.evidence}
    for column, those in {**texts, "assessor": (verdict.assessor,)}.items():
        if not all(is_plain(text) for text in those):
            yield finding(rules.TEXT_IS_PLAIN, column, text=column)
