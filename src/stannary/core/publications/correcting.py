"""A correction: another result under its own id, that says what was wrong in the one before.

Rules: PUBLICATION-001 to PUBLICATION-017.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import RefusalError
from stannary.core.publications.about import About, Earlier, Kind, Notice, StepDates, Teammate
from stannary.core.publications.dates import PUBLICATION, STEPS
from stannary.core.publications.results import (
    PublishedResult,
    check_statements,
    derived_steps,
    published_verdicts,
    same_json,
)
from stannary.core.publications.shape import result_as_dict
from stannary.core.publications.statements import check_references
from stannary.core.scores import score, score_as_dict

_ALWAYS = ("type", "id", "kind", "published_on", "earlier", "notice", "verdicts")
"""Keys that every correction has another value of, and `verdicts`, told by requirement."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a correction takes from the register as it stands now.

    Attributes:
        site_name: Name of the site.
        firm: The audit firm.
        lead_auditor: Its lead auditor.
        about: Scope, team, dates, and what else form 2 says.
    """

    site_name: str
    firm: str
    lead_auditor: str
    about: About


def correct(
    base: PublishedResult,
    sheet: RatingSheet,
    *,
    base_sha256: str,
    result_id: str,
    published_on: datetime.date,
    reason: str,
    names: Names | None = None,
) -> PublishedResult:
    """Make the correction of a published result, which stays as it is.

    It is scored as of the same day as the result that it corrects, so that nothing but the
    correction moves the score. A verdict that changed no longer rests on a ruling.

    Args:
        base: What is corrected.
        sheet: All verdicts as they should have been, under the same edition.
        base_sha256: Content hash of what is corrected.
        result_id: Permanent id, new.
        published_on: The day of release.
        reason: Why it is corrected.
        names: What else should have been said; None: as it was.

    Raises:
        RefusalError: With every finding of what a result must hold, as `publish` has them;
            PUBLICATION-011 without a reason, or if nothing changes.
    """
    candidate = _candidate(base, sheet, names)
    about = replace(
        candidate.about or About(Kind.CORRECTION),
        kind=Kind.CORRECTION,
        dates=_with_release(_dates(candidate), base.first_published_on),
        earlier=Earlier(base.id, base_sha256),
        notice=None,
    )
    candidate = replace(candidate, id=result_id, published_on=published_on, about=about)
    changed = changed_between(result_as_dict(base), result_as_dict(candidate))
    corrected = replace(candidate, about=replace(about, notice=Notice(reason, changed)))
    findings = (*check_statements(corrected), *check_references(about, sheet.edition))
    if findings:
        raise RefusalError(*findings)
    return corrected


def _candidate(base: PublishedResult, sheet: RatingSheet, names: Names | None) -> PublishedResult:
    """Give the result as it should have been, under the id of what it corrects."""
    computed = score(sheet, as_of=base.as_of)
    before = {one.requirement: one for one in base.verdicts}
    rulings = {
        name: one.ruling
        for name, one in before.items()
        if one.ruling is not None
        and (one.rating, one.reason) == (sheet.rating(name), _reason(sheet, name))
    }
    about = names.about if names is not None else base.about
    lead = Teammate("lead_auditor", base.lead_auditor)
    return replace(
        base,
        site_name=names.site_name if names is not None else base.site_name,
        firm=names.firm if names is not None else base.firm,
        lead_auditor=names.lead_auditor if names is not None else base.lead_auditor,
        verdicts=published_verdicts(
            sheet,
            {name: one.site for name, one in before.items() if one.site is not None},
            rulings,
        ),
        score=score_as_dict(computed),
        derivation=derived_steps(computed, sheet),
        about=about or About(Kind.AUDIT, team=(lead,)),
    )


def changed_between(earlier: Mapping[str, object], later: Mapping[str, object]) -> tuple[str, ...]:
    """Name what differs between two results, as `result_as_dict` gives them.

    Returns:
        Keys of the form in its order, then the requirements whose verdicts differ. What only a
        later form has is no difference; neither are id, kind, day of release, and the step of the
        first release, which differ by themselves.
    """
    keys = [
        key
        for key in earlier
        if key not in _ALWAYS and not same_json(_without_release(earlier[key]), _value(later, key))
    ]
    now = _by_requirement(later)
    rows = [
        name
        for name, verdict in _by_requirement(earlier).items()
        if name not in now
        or any(not same_json(verdict[key], now[name].get(key)) for key in verdict)
    ]
    return (*keys, *rows)


def _dates(result: PublishedResult) -> tuple[StepDates, ...]:
    return result.about.dates if result.about is not None else ()


def _reason(sheet: RatingSheet, name: str) -> str:
    verdict = sheet.verdicts.get(name)
    return "" if verdict is None else verdict.rationale


def _with_release(dates: tuple[StepDates, ...], day: datetime.date) -> tuple[StepDates, ...]:
    """Say when the audit was released first, in the place of that step, where it is not said."""
    if any(one.step == PUBLICATION for one in dates):
        return dates
    order = {name: place for place, name in enumerate(STEPS)}
    there = order[PUBLICATION]
    first = tuple(one for one in dates if order.get(one.step, len(order)) < there)
    rest = tuple(one for one in dates if order.get(one.step, len(order)) > there)
    return (*first, StepDates(PUBLICATION, day, day), *rest)


def _value(content: Mapping[str, object], key: str) -> object:
    return _without_release(content.get(key))


def _without_release(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [x for x in value if not (isinstance(x, Mapping) and x.get("step") == PUBLICATION)]


def _by_requirement(content: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    verdicts = content["verdicts"]
    rows = verdicts if isinstance(verdicts, list) else []
    return {str(one["requirement"]): one for one in rows}
