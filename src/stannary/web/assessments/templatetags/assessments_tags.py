"""How an assessment is shown: its level, the bars of its principles."""

from fractions import Fraction
from typing import Any

from django import template
from django.utils.safestring import SafeString

from stannary.core.cycle import Action
from stannary.core.kernel import share_text
from stannary.core.scores import LevelOutcome
from stannary.web.assessments import words
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import READS
from stannary.web.cycle.queries import Held

register = template.Library()


@register.filter
def outcome(level: LevelOutcome) -> SafeString:
    """Show a level, determined, pending or none."""
    return words.outcome_html(level)


@register.filter
def outcome_words(level: LevelOutcome) -> str:
    """Say a level in plain words."""
    return words.outcome_text(level)


@register.filter
def rating_word(rating: str) -> str:
    """Give the short word of a rating."""
    return words.rating_word(rating)


@register.filter
def points(value: Fraction) -> str:
    """Show points, exact where twelve decimals suffice."""
    return words.number(share_text(value))


@register.inclusion_tag("assessments/of_engagement.html")
def engagement_assessments(held: Held) -> dict[str, Any]:
    """Link the assessments of an engagement that somebody in it may read now."""
    rows = Assessment.objects.filter(engagement=held.row).order_by("pk")
    found = [x for x in rows if held.may(READS.get(x.kind, Action.READ_AUDIT_RATINGS))]
    return {"found": found}
