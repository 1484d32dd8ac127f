"""What the pages of findings show, and the table that leaves the house."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.utils.translation import get_language

from stannary.core.corrections import Grade, NoteKind
from stannary.core.cycle import Action, Role
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition, Requirement
from stannary.web.assessments import words as rating_words
from stannary.web.corrections import forms, queries, words
from stannary.web.corrections.forms import Trouble
from stannary.web.corrections.models import FindingStep
from stannary.web.corrections.queries import Draft, Findings, Found, Stood
from stannary.web.cycle import words as cycle_words
from stannary.web.cycle.models import Engagement
from stannary.web.evidence import queries as evidence
from stannary.web.evidence.queries import Item
from stannary.web.parties.models import Person
from stannary.web.project.problems import finding_shape
from stannary.web.standards import queries as standards

AnyFound = TypeVar("AnyFound", bound=Stood)
STANDINGS = ("waiting", "overdue", "escalated", "retest", "closed")
DRAFTS = 10
"""How many verdicts are offered at once; the rest on demand."""

_FIRST = (
    NoteKind.PLAN,
    NoteKind.HAND_IN,
    NoteKind.PROPOSE,
    NoteKind.CLOSE,
    NoteKind.CONFIRM,
)
"""Steps that lead on, whose forms are open; others open on demand."""

COLUMNS = (
    "number",
    "engagement",
    "site",
    "requirement",
    "critical",
    "grade",
    "grade_now",
    "state",
    "text",
    "raised_by",
    "raised_on",
    "due",
    "overdue_since",
    "escalated_on",
    "root_cause",
    "action",
    "owner",
    "plan_due",
    "closed_on",
    "to_retest",
    "carried",
    "illustrative",
)
"""Of the table that leaves the house, for people of the engagement."""


def chosen(those: Iterable[AnyFound], asked: Mapping[str, str]) -> list[AnyFound]:
    """Keep the findings that fit every filter given, what is due first in front.

    Args:
        those: Of an engagement, or of all.
        asked: "standing" (`STANDINGS`), "grade", "requirement" (or the beginning of its id).
    """
    start = asked.get("requirement", "").strip().rstrip(".")
    found = [
        one
        for one in those
        if asked.get("grade", "") in ("", str(one.grade))
        and _stands(one, asked.get("standing", ""))
        and (not start or f"{one.core.requirement}.".startswith(f"{start}."))
    ]
    return sorted(found, key=lambda one: (not one.is_waiting, _due(one), int(one.core.id)))


def _due(one: Stood) -> str:
    return one.core.due.isoformat() if one.core.due else "9999"


def _stands(one: Stood, standing: str) -> bool:
    fits = {
        "waiting": one.is_waiting,
        "overdue": one.overdue_since is not None,
        "escalated": one.core.escalated_on is not None,
        "retest": one.is_to_retest,
        "closed": one.core.closed_on is not None,
    }
    return fits.get(standing, True)


def counts(those: Iterable[Stood]) -> dict[str, int]:
    """Count findings by how they stand."""
    every = list(those)
    return {name: sum(_stands(one, name) for one in every) for name in STANDINGS}


def lines(those: Iterable[Found]) -> list[dict[str, Any]]:
    """Give findings as lists show them; each edition is looked up once."""
    every = list(those)
    language = get_language() or "en"
    here = {name: standards.localised(name, language) for name in {one.edition.id for one in every}}
    return [
        {
            "found": one,
            "row": one.row,
            "requirement": here[one.edition.id].requirement_by_id.get(one.row.requirement_id),
            "grade": words.GRADES[one.grade],
            "raised_as": words.GRADES[one.core.grade],
            "state": words.STATES[one.core.state],
        }
        for one in every
    ]


def requirement(edition: Edition, name: str) -> Requirement | None:
    """Give a requirement in the reader's language."""
    localised = standards.localised(edition.id, get_language() or "en")
    return localised.requirement_by_id.get(name)


def listed(found: Findings, asked: Mapping[str, str], trouble: Trouble | None) -> dict[str, Any]:
    """Give what the page of an engagement's findings shows beside its table."""
    may_raise = found.held.may(Action.RAISE_FINDING)
    drafts = queries.drafts(found.held) if may_raise else ()
    shown = drafts if asked.get("drafts") == "all" else drafts[:DRAFTS]
    return {
        "held": found.held,
        "row": found.held.row,
        "counts": counts(found.found),
        "all": len(found.found),
        "reads_own": found.held.may(Action.READ_FINDINGS),
        "may_raise": may_raise,
        "drafts": [_draft(found.held.edition, one) for one in shown],
        "drafts_all": len(drafts),
        "grades": forms.grades(),
        "trouble": trouble,
        "trouble_findings": [finding_shape(one) for one in trouble.findings] if trouble else [],
    }


def _draft(edition: Edition, one: Draft) -> dict[str, Any]:
    return {
        "draft": one,
        "requirement": requirement(edition, one.verdict.requirement),
        "rating": rating_words.rating_word(one.verdict.rating),
        "grades": [(code, word, code == str(one.grade)) for code, word in forms.grades()],
    }


def one_finding(
    found: Findings, one: Found, actor: Person, trouble: Trouble | None
) -> dict[str, Any]:
    """Give everything that the page of a finding shows."""
    held = found.held
    steps = found.steps(one, actor)
    evidence_open = _evidence(actor, {step.engagement_id: step.engagement for step in one.steps})
    at_form = trouble is not None and trouble.part in set(map(str, steps))
    barred = one.core.state == "proposed" and held.may(Action.CLOSE_FINDING)
    return {
        "held": held,
        "row": held.row,
        **lines([one])[0],
        "one": one,
        "plan": one.core.correction,
        "steps": [_step(step, evidence_open) for step in reversed(one.steps)],
        "seen": len(one.steps),
        "forms": [_form(one, kind, trouble if at_form else None) for kind in steps],
        "somebody_else_closes": barred and NoteKind.CLOSE not in steps,
        "items": _items(actor, held.row) if NoteKind.HAND_IN in steps else [],
        "trouble": trouble,
        "trouble_shown": trouble is not None and not at_form,
        "trouble_findings": [finding_shape(one) for one in trouble.findings] if trouble else [],
    }


def _form(one: Found, kind: NoteKind, trouble: Trouble | None) -> dict[str, Any]:
    hit = trouble if trouble is not None and trouble.part == kind else None
    plan = one.core.correction if kind is NoteKind.PLAN else None
    typed = {
        "root_cause": plan.root_cause if plan else "",
        "action": plan.action if plan else "",
        "owner": plan.owner if plan else "",
        "due": plan.due.isoformat() if plan else "",
    }
    return {
        "kind": str(kind),
        "label": words.STEPS[kind][0],
        "help": words.EXPLAINED[kind],
        "first": kind in _FIRST and not (kind is NoteKind.PLAN and plan),
        "typed": hit.typed if hit else typed,
        "findings": [finding_shape(each) for each in hit.findings] if hit else [],
        "latest": one.core.due,
    }


def _step(step: FindingStep, evidence_open: Mapping[Any, Mapping[Any, Item]]) -> dict[str, Any]:
    there = evidence_open.get(step.engagement_id, {})
    given = [one.version for one in step.evidence.all()]
    return {
        "step": step,
        "what": words.STEPS[NoteKind(step.kind)][1],
        "role": cycle_words.ROLES[Role(step.role)],
        "evidence": [version for version in given if version.item in there],
        "closed_evidence": sum(version.item not in there for version in given),
    }


def _evidence(actor: Person, those: Mapping[Any, Engagement]) -> dict[Any, dict[Any, Item]]:
    """Give by engagement and item the evidence that somebody reads."""
    found: dict[Any, dict[Any, Item]] = {}
    for name in those:
        try:
            there = evidence.evidence(actor=actor, engagement_id=name)
        except RefusalError:
            continue
        found[name] = {item.id: item for item in there.items}
    return found


def _items(actor: Person, row: Engagement) -> list[Item]:
    """Give the evidence with which a correction may be handed in, newest first."""
    return list(_evidence(actor, {row.pk: row}).get(row.pk, {}).values())


def table(those: Iterable[Found]) -> Iterable[dict[str, object]]:
    """Give the rows of `COLUMNS`."""
    for one in those:
        yield shape(one)


def shape(one: Found) -> dict[str, Any]:
    """Give what is said of a finding in tables and by the API."""
    row, core = one.row, one.core
    plan = core.correction
    requirement_of = one.edition.requirement_by_id[row.requirement_id]
    dates = {
        "due": core.due,
        "overdue_since": one.overdue_since,
        "escalated_on": core.escalated_on,
        "plan_due": plan.due if plan else None,
        "closed_on": core.closed_on,
    }
    return {
        "number": row.number,
        "engagement": str(row.engagement_id),
        "site": row.site.slug,
        "requirement": row.requirement_id,
        "critical": requirement_of.critical,
        "grade": str(Grade(row.grade)),
        "grade_now": str(one.grade),
        "state": str(core.state),
        "text": row.text,
        "raised_by": row.raised_by.get_full_name() or row.raised_by.username,
        "raised_on": row.on.isoformat(),
        "root_cause": plan.root_cause if plan else "",
        "action": plan.action if plan else "",
        "owner": plan.owner if plan else "",
        **{name: day.isoformat() if day else None for name, day in dates.items()},
        "to_retest": one.is_to_retest,
        "carried": one.is_carried,
        "illustrative": row.site.illustrative,
    }
