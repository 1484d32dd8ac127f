"""What the sides of an engagement say of each requirement: three verdicts, objections, rulings.

Nothing is overwritten: what the site says stays beside what the auditors say, and a final verdict
beside both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext, gettext_lazy

from stannary.core.assessments.verdicts import Difference, Side, ThreeVerdicts
from stannary.core.cycle import Action, ActKind
from stannary.web.assessments import queries, records, words
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.records import Newest
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.parties.models import Person
from stannary.web.project.templatetags.stannary import day

DIFFERENCES: Mapping[Difference, tuple[str, object]] = {
    Difference.AGREED: ("=", gettext_lazy("the same")),
    Difference.HIGHER: ("↑", gettext_lazy("the site rates itself higher")),
    Difference.LOWER: ("↓", gettext_lazy("the site rates itself lower")),
    Difference.RELEVANCE: ("≠", gettext_lazy("one says not relevant")),
    Difference.OPEN: ("…", gettext_lazy("not both have rated")),
}
"""A sign and words for each difference, so that nothing hangs on colour."""

APART = frozenset({Difference.HIGHER, Difference.LOWER, Difference.RELEVANCE})

SIDES: Mapping[Side, object] = {
    Side.SITE: gettext_lazy("Site"),
    Side.AUDITOR: gettext_lazy("Auditor"),
    Side.FINAL: gettext_lazy("Final"),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """What was objected to a requirement's rating, and the ruling; None while it is open."""

    record: ActRecord
    ruling: ActRecord | None


@dataclass(frozen=True, slots=True)
class Voices:
    """Everything that the sides say, by requirement.

    Attributes:
        said: Newest record of each side; the site's are left out for who may not read them.
        objections: In the order raised.
    """

    said: Mapping[str, Mapping[Side, Newest]] = field(default_factory=dict)
    objections: Mapping[str, tuple[Objection, ...]] = field(default_factory=dict)

    def three(self, requirement_id: str) -> ThreeVerdicts:
        """Give the verdicts on one requirement."""
        said = self.said.get(requirement_id, {})
        site, auditor, final = (
            records.verdict(said[side]) if side in said else None for side in SIDES
        )
        return ThreeVerdicts(requirement_id, site, auditor, final)


def voices(actor: Person, those: Assessment) -> Voices:
    """Gather what the sides of an audit's engagement say; three queries more than the rights."""
    engagement = those.engagement
    if engagement is None or those.kind == Assessment.Kind.SELF:
        return Voices()
    own = queries.self_assessment(engagement)
    readable = own is not None and queries.may_do(actor, those, Action.READ_SELF_ASSESSMENT)
    sheets = [those, own] if readable and own is not None else [those]
    said: dict[str, dict[Side, Newest]] = {}
    for found in queries.sided_records(sheets).values():
        for name, sides in found.items():
            said.setdefault(name, {}).update(sides)
    return Voices(said, objections(engagement))


def objections(engagement: Engagement) -> dict[str, tuple[Objection, ...]]:
    """Give the objections of an engagement by requirement, each with its ruling."""
    kinds = (ActKind.OBJECT, ActKind.RULE_ON_OBJECTION)
    acts = list(engagement.acts.filter(kind__in=kinds).select_related("by").order_by("number"))
    rulings = {one.refers_to: one for one in acts if one.kind == ActKind.RULE_ON_OBJECTION}
    found: dict[str, tuple[Objection, ...]] = {}
    for one in acts:
        if one.kind == ActKind.OBJECT:
            there = found.get(one.refers_to, ())
            ruling = rulings.get(str(one.number))
            found[one.refers_to] = (*there, Objection(one, ruling))
    return found


def beside_rows(all_said: Voices, shown: Mapping[str, Newest]) -> dict[str, str]:
    """Say beside the rows of the rating page what other sides say; HTML by requirement.

    Args:
        all_said: What the sides say.
        shown: The records that the rows show: what they say is not said again.
    """
    found = {}
    for name in {*all_said.said, *all_said.objections}:
        said = all_said.said.get(name, {})
        there = shown.get(name)
        lines = [
            f'<p class="small voice"><b>{escape(str(title))}:</b> {_line(said[side])}</p>'
            for side, title in SIDES.items()
            if side in said and (there is None or said[side].id != there.id)
        ]
        lines += [_objected(one) for one in all_said.objections.get(name, ())]
        found[name] = "".join(lines)
    return found


def _line(one: Newest) -> str:
    reason = f"<br>{escape(one.rationale)}" if one.rationale else ""
    return (
        f"<strong>{escape(words.rating_word(one.rating))}</strong>, {escape(who_when(one))}{reason}"
    )


def who_when(one: Newest) -> str:
    """Say who gave a verdict, and on which day."""
    return gettext("%(who)s on %(on)s") % {"who": one.assessor, "on": day(one.at)}


def _objected(one: Objection) -> str:
    parts = [_act(gettext("Objection"), one.record)]
    if one.ruling is not None:
        parts.append(_act(gettext("Ruling"), one.ruling))
    else:
        text = escape(gettext("Nobody has ruled on it yet."))
        parts.append(f'<p class="small voice"><span class="tag">{text}</span></p>')
    return "".join(parts)


def _act(title: str, record: ActRecord) -> str:
    who = record.by.get_full_name() or record.by.username
    facts = gettext("%(who)s on %(on)s") % {"who": who, "on": day(record.on)}
    return (
        f'<p class="small voice"><b>{escape(title)} {record.number}:</b> {escape(facts)}'
        f"<br>{escape(record.reason)}</p>"
    )


def objected_html(those: tuple[Objection, ...]) -> str:
    """Show objections and rulings of one requirement."""
    return "".join(map(_objected, those))
