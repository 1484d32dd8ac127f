"""A published result: who rated which site, every verdict with its reason, the score, and why.

It holds everything public and nothing else, and never changes once it is published. Its score and
derivation can be recomputed from its verdicts by anybody who has the edition: `check_result`.

Rules: PUBLICATION-001 to PUBLICATION-008, PUBLICATION-016, PUBLICATION-017.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import Finding, RefusalError
from stannary.core.publications import rules
from stannary.core.publications.about import About, Ruling, SiteWord
from stannary.core.publications.dates import PUBLICATION
from stannary.core.publications.statements import (
    NAME_MAX,
    check_about,
    check_references,
    is_name,
    is_text,
)
from stannary.core.scores import Score, derivation, score_as_dict, step_text
from stannary.core.scores import score as score_sheet
from stannary.core.standards import SCORED, Rating

RESULT_TYPE = "stannary/published-result/1"
"""Written before results said what was assessed, by whom and when; read and checked for ever."""
RESULT_TYPE_2 = "stannary/published-result/2"

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublishedVerdict:
    """What a result says of one requirement.

    Attributes:
        requirement: Id.
        title: As the edition words it, in the edition's language.
        critical: Whether the edition calls it critical.
        rating: One of the six; pending when it was not rated.
        reason: Why; never empty unless it is fully met or pending.
        evidence: Links, in the order given.
        site: How the site rated itself; None where it did not, and in form 1.
        ruling: That a ruling made the verdict what it is; None where none did, and in form 1.
    """

    requirement: str
    title: str
    critical: bool
    rating: Rating
    reason: str
    evidence: tuple[str, ...]
    site: SiteWord | None = None
    ruling: Ruling | None = None


@dataclass(frozen=True, slots=True)
class DerivedStep:
    """One step of the derivation as it was published.

    Attributes:
        code: Of the rule applied.
        text: The step in English.
        facts: What the text says, by name.
    """

    code: str
    text: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublishedResult:
    """The result of one assessment as it was made public.

    Attributes:
        id: Permanent; stands for exactly this content (PUBLICATION-003).
        site_id: Permanent id of the site.
        site_name: Name of the site on the day of publication.
        illustrative: True where site and result are made up to show how things work.
        standard: Id of the edition: "stannary/open-mining/0.1".
        pack_sha256: Content hash of the edition's pack, 64 hexadecimal digits.
        as_of: The day whose points and thresholds were used.
        published_on: The day of public release.
        firm: The audit firm.
        lead_auditor: Its lead auditor.
        verdicts: One for each requirement of the edition, in its order.
        score: As `score_as_dict` gives it.
        derivation: Steps in order.
        about: What form 2 says more; None in form 1.
    """

    id: str
    site_id: str
    site_name: str
    illustrative: bool
    standard: str
    pack_sha256: str
    as_of: datetime.date
    published_on: datetime.date
    firm: str
    lead_auditor: str
    verdicts: tuple[PublishedVerdict, ...]
    score: Mapping[str, object]
    derivation: tuple[DerivedStep, ...]
    about: About | None = None

    @property
    def type(self) -> str:
        """The name of the form that it has."""
        return RESULT_TYPE if self.about is None else RESULT_TYPE_2

    @property
    def first_published_on(self) -> datetime.date:
        """The day on which the audit's result was released, from which clocks are counted.

        A settlement, a surveillance and a correction come later and begin no clock anew.
        """
        for step in self.about.dates if self.about is not None else ():
            if step.step == PUBLICATION:
                return step.began_on
        return self.published_on

    @property
    def level_state(self) -> str:
        """Tell whether the level is "determined", "pending" or "none"."""
        return str(self._level().get("state"))

    @property
    def level(self) -> str | None:
        """Code of the level; None unless it is determined."""
        return self._code("code")

    @property
    def floor(self) -> str | None:
        """Code of the level that is certain while the level is pending; None when none is."""
        return self._code("floor")

    def _level(self) -> Mapping[str, object]:
        level = self.score.get("level")
        return level if isinstance(level, Mapping) else {}

    def _code(self, key: str) -> str | None:
        code = self._level().get(key)
        return code if isinstance(code, str) else None


def publish(
    *,
    result_id: str,
    site_id: str,
    site_name: str,
    illustrative: bool,
    sheet: RatingSheet,
    score: Score,
    firm: str,
    lead_auditor: str,
    published_on: datetime.date,
    pack_sha256: str,
    about: About | None = None,
    site: Mapping[str, SiteWord] = MappingProxyType({}),
    rulings: Mapping[str, Ruling] = MappingProxyType({}),
) -> PublishedResult:
    """Make a result public; it never changes from then on.

    Its level may be pending, or none: a report may be public without a level, never the reverse.

    Args:
        result_id: Permanent id, new.
        site_id: Permanent id of the site.
        site_name: Name of the site.
        illustrative: Whether site and result are made up.
        sheet: The ratings, under the edition in its own language.
        score: What `score` gives for the sheet.
        firm: The audit firm.
        lead_auditor: Its lead auditor.
        published_on: The day of release; not before the day as of which it was scored.
        pack_sha256: Content hash of the edition's pack, 64 hexadecimal digits.
        about: What else form 2 says; None: form 1, which has not the two below either.
        site: By requirement how the site rated itself.
        rulings: By requirement which ruling made the verdict what it is.

    Raises:
        RefusalError: With every finding: PUBLICATION-001 where a reason is missing, -002 without
            firm or lead auditor, -004 if nothing is rated, -005 for another score, -006 for an odd
            hash, -007 if it is too early, -008 for odd names, -011 to -017 for what form 2 says.
    """
    result = PublishedResult(
        id=result_id,
        site_id=site_id,
        site_name=site_name,
        illustrative=illustrative,
        standard=sheet.edition.id,
        pack_sha256=pack_sha256,
        as_of=score.as_of,
        published_on=published_on,
        firm=firm,
        lead_auditor=lead_auditor,
        verdicts=published_verdicts(sheet, site, rulings),
        score=score_as_dict(score),
        derivation=derived_steps(score, sheet),
        about=about,
    )
    findings = tuple(_check_drafted(result, sheet, score))
    if findings:
        raise RefusalError(*findings)
    return result


def _check_drafted(result: PublishedResult, sheet: RatingSheet, score: Score) -> Iterator[Finding]:
    yield from check_statements(result)
    if result.about is not None:
        yield from check_references(result.about, sheet.edition)
    if score != score_sheet(sheet, as_of=score.as_of):
        yield Finding(rules.SCORE_FOLLOWS_FROM_RATINGS, {"result": result.id[:NAME_MAX]})


def derived_steps(score: Score, sheet: RatingSheet) -> tuple[DerivedStep, ...]:
    """Give the derivation of a score as it is published, in English."""
    return tuple(
        DerivedStep(code=step.code, text=step_text(step), facts=dict(step.facts))
        for step in derivation(score, sheet.edition)
    )


def check_statements(result: PublishedResult) -> Iterator[Finding]:
    """Check what a result says by itself, without its edition."""
    for verdict in result.verdicts:
        if verdict.rating not in (Rating.FULLY, Rating.PENDING) and not verdict.reason.strip():
            facts = {"requirement": verdict.requirement, "rating": str(verdict.rating)}
            yield Finding(rules.RATINGS_HAVE_REASONS, facts)
    for name, text in (("firm", result.firm), ("lead_auditor", result.lead_auditor)):
        if not text.strip():
            yield Finding(rules.WHO_ASSESSED_IS_NAMED, {"missing": name})
        elif not is_name(text):
            yield Finding(rules.NAMES_ARE_PLAIN, {"name": name})
    if not any(verdict.rating in SCORED for verdict in result.verdicts):
        yield Finding(rules.SOMETHING_IS_RATED, {"requirements": str(len(result.verdicts))})
    if not _HASH.fullmatch(result.pack_sha256):
        facts = {"key": "pack_sha256", "problem": "not 64 hexadecimal digits"}
        yield Finding(rules.RESULT_HAS_ITS_FORM, facts)
    if result.published_on < result.as_of:
        facts = {"published_on": result.published_on.isoformat(), "as_of": result.as_of.isoformat()}
        yield Finding(rules.PUBLISHED_AFTER_ASSESSED, facts)
    names = {"id": result.id, "site id": result.site_id, "site name": result.site_name}
    for name, text in names.items():
        if not is_name(text):
            yield Finding(rules.NAMES_ARE_PLAIN, {"name": name})
    if result.about is not None:
        yield from check_about(
            result.about, lead_auditor=result.lead_auditor, published_on=result.published_on
        )
        yield from _check_words(result.verdicts)


def _check_words(verdicts: Iterable[PublishedVerdict]) -> Iterator[Finding]:
    """Check what the site and a ruling say of requirements."""
    for verdict in verdicts:
        texts = {}
        if verdict.site is not None:
            texts["site"] = verdict.site.reason
        if verdict.ruling is not None:
            texts["ruling"] = verdict.ruling.reason
            if not verdict.ruling.reason.strip() or not is_name(verdict.ruling.by):
                facts = {"requirement": verdict.requirement, "missing": "ruling"}
                yield Finding(rules.WHAT_DECIDED_HAS_A_REASON, facts)
        for name, text in texts.items():
            if not is_text(text):
                facts = {"text": f"{name} of {verdict.requirement}"}
                yield Finding(rules.TEXTS_ARE_PLAIN, facts)


def check_unchanged(
    earlier: Mapping[str, object], later: Mapping[str, object]
) -> tuple[Finding, ...]:
    """Compare two results that bear one id, as `result_as_dict` gives them.

    Returns:
        PUBLICATION-003 for each key at the top whose content differs; none when the ids differ.
    """
    if earlier.get("id") != later.get("id"):
        return ()
    changed = [
        key
        for key in sorted(earlier.keys() | later.keys())
        if (key in earlier) != (key in later) or not same_json(earlier.get(key), later.get(key))
    ]
    facts = [{"result": str(later.get("id"))[:NAME_MAX], "changed": key} for key in changed]
    return tuple(Finding(rules.RESULTS_ARE_NEVER_CHANGED, those) for those in facts)


def same_json(one: object, other: object) -> bool:
    """Tell whether two JSON values are the same, true and 1 and 1.0 being different.

    Example:
        >>> same_json({"a": [1, "x"]}, {"a": [1, "x"]}), same_json({"a": 1}, {"a": True})
        (True, False)
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return type(one) is type(other) and one == other


def published_verdicts(
    sheet: RatingSheet, site: Mapping[str, SiteWord], rulings: Mapping[str, Ruling]
) -> tuple[PublishedVerdict, ...]:
    """Give the verdicts of a sheet as they are published, one for each requirement, in order."""
    found = []
    for requirement in sheet.edition.requirements:
        verdict = sheet.verdicts.get(requirement.id)
        found.append(
            PublishedVerdict(
                requirement=requirement.id,
                title=requirement.title,
                critical=requirement.critical,
                rating=sheet.rating(requirement.id),
                reason="" if verdict is None else verdict.rationale,
                evidence=() if verdict is None else verdict.evidence,
                site=site.get(requirement.id),
                ruling=rulings.get(requirement.id),
            )
        )
    return tuple(found)
