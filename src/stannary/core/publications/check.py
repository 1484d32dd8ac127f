"""Does a published result hold? Recomputed from its verdicts, without trusting who published it.

Rules: PUBLICATION-001 to PUBLICATION-017, RATING-001 to RATING-009.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice, takewhile, zip_longest

from stannary.core.assessments import RatingSheet, Verdict, check_verdicts, rating_sheet
from stannary.core.kernel import Finding, RefusalError
from stannary.core.publications import rules
from stannary.core.publications.results import (
    PublishedResult,
    check_statements,
    derived_steps,
    same_json,
)
from stannary.core.publications.shape import result_from_dict, steps_as_list
from stannary.core.publications.statements import check_references
from stannary.core.scores import score, score_as_dict
from stannary.core.standards import Edition

DIFFERENCES_MAX = 20
"""How many differences of a score are named; who changed one number changed several."""
_ABSENT = object()


def check_result(
    content: Mapping[str, object], edition: Edition, *, pack_sha256: str | None = None
) -> tuple[Finding, ...]:
    """Recompute a result from its verdicts and compare everything that it says.

    The wording of the derivation is part of the forms "stannary/published-result/1" and "…/2" and
    is compared as well: a later wording needs a later form.

    Args:
        content: The result as JSON values, as `result_as_dict` gave it.
        edition: The edition that it names, in its own language.
        pack_sha256: Content hash of the edition's pack; None: it is not compared.

    Returns:
        Every finding; none means that it holds. Where it cannot be read (PUBLICATION-006) or is of
        another edition (PUBLICATION-010) or its verdicts are not sound (RATING-001 to RATING-009),
        nothing is recomputed.
    """
    try:
        result = result_from_dict(content)
    except RefusalError as refusal:
        return refusal.findings
    findings = [*_check_edition(result, edition, pack_sha256), *check_statements(result)]
    if result.standard != edition.id:
        return tuple(findings)
    findings.extend(_check_requirements(result, edition))
    if result.about is not None:
        findings.extend(check_references(result.about, edition))
    verdicts = [
        Verdict(x.requirement, x.rating, rationale=x.reason, evidence=x.evidence)
        for x in result.verdicts
    ]
    unsound = check_verdicts(edition, verdicts)
    if unsound:
        return (*findings, *unsound)
    findings.extend(_recompute(result, rating_sheet(edition, verdicts)))
    return tuple(findings)


def _check_edition(
    result: PublishedResult, edition: Edition, pack_sha256: str | None
) -> Iterator[Finding]:
    if result.standard != edition.id:
        facts = {"names": result.standard[:80], "checked_with": edition.id}
        yield Finding(rules.EDITION_IS_THE_ONE_NAMED, facts)
    elif pack_sha256 is not None and pack_sha256 != result.pack_sha256:
        facts = {"states": result.pack_sha256[:64], "pack_sha256": pack_sha256}
        yield Finding(rules.EDITION_IS_THE_ONE_NAMED, facts)


def _check_requirements(result: PublishedResult, edition: Edition) -> Iterator[Finding]:
    listed = [verdict.requirement for verdict in result.verdicts]
    expected = [requirement.id for requirement in edition.requirements]
    if listed != expected:
        missing = [name for name in expected if name not in set(listed)]
        facts = {"listed": str(len(listed)), "in_edition": str(len(expected))}
        if missing:
            facts["first_missing"] = missing[0]
        yield Finding(rules.EVERY_REQUIREMENT_IS_SHOWN, facts)
    for verdict in result.verdicts:
        requirement = edition.requirement_by_id.get(verdict.requirement)
        if requirement is None:
            continue
        if verdict.title != requirement.title or verdict.critical != requirement.critical:
            wrong = "critical" if verdict.title == requirement.title else "title"
            facts = {"requirement": verdict.requirement, "wrong": wrong}
            yield Finding(rules.EVERY_REQUIREMENT_IS_SHOWN, facts)


def _recompute(result: PublishedResult, sheet: RatingSheet) -> Iterator[Finding]:
    computed = score(sheet, as_of=result.as_of)
    steps = steps_as_list(derived_steps(computed, sheet))
    differences = chain(
        _differences("score", dict(result.score), score_as_dict(computed)),
        _differences("derivation", steps_as_list(result.derivation), steps),
    )
    for where, published, recomputed in islice(differences, DIFFERENCES_MAX):
        facts = {"where": where, "published": published, "recomputed": recomputed}
        yield Finding(rules.SCORE_FOLLOWS_FROM_RATINGS, facts)


def _differences(path: str, published: object, computed: object) -> Iterator[tuple[str, str, str]]:
    """Name where two JSON values differ, and how, in the order of the second."""
    if isinstance(published, dict) and isinstance(computed, dict):
        for key in [*computed, *(key for key in published if key not in computed)]:
            there, here = published.get(key, _ABSENT), computed.get(key, _ABSENT)
            yield from _differences(f"{path}.{key}", there, here)
    elif isinstance(published, list) and isinstance(computed, list):
        pairs = zip_longest(published, computed, fillvalue=_ABSENT)
        for n, (there, here) in enumerate(pairs):
            yield from _differences(f"{path}[{n}]", there, here)
    elif not same_json(published, computed):
        there, here = _shown(published), _shown(computed)
        if there == here:  # one a text, the other a number
            there, here = repr(published), repr(computed)
        same = takewhile(lambda pair: pair[0] == pair[1], zip(there, here, strict=False))
        start = max(0, sum(1 for _ in same) - 30)
        yield path[:80], there[start : start + 80], here[start : start + 80]


def _shown(value: object) -> str:
    if value is _ABSENT:
        return "(absent)"
    return value if isinstance(value, str) else repr(value)
