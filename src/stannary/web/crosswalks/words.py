"""Relations and states in words, short for tables and whole for explanations."""

from django.utils.translation import gettext_lazy as _

from stannary.core.crosswalks import GapState, NeedState, Relation
from stannary.core.standards import Rating

RELATIONS = {
    Relation.EQUAL: _("the same"),
    Relation.SUBSET: _("a part of it"),
    Relation.SUPERSET: _("all of it, and more"),
    Relation.INTERSECTS: _("partly the same"),
    Relation.NONE: _("examined: none"),
}
"""What the clause on the left asks of that on the right."""

NEEDS = {
    NeedState.COVERED: _("covered"),
    NeedState.REST: _("ask the rest"),
    NeedState.PERHAPS: _("perhaps"),
    NeedState.ASK: _("ask whole"),
    NeedState.UNEXAMINED: _("not examined"),
}
NEEDS_WHOLE = {
    NeedState.COVERED: _("A judgement says that evidence for the lead shows all of it."),
    NeedState.REST: _("A part is shown, and the rest is left to ask."),
    NeedState.PERHAPS: _("A part of its chapter or section is shown, and no judgement says which."),
    NeedState.ASK: _("Somebody read the whole of the lead and found nothing like it."),
    NeedState.UNEXAMINED: _("Nobody has looked, or only at some clauses."),
}
GAPS = {
    GapState.SHOWN: _("shown"),
    GapState.PARTLY: _("partly shown"),
    GapState.GAP: _("gap"),
    GapState.NOT_RATED: _("not rated"),
    GapState.PERHAPS: _("perhaps"),
    GapState.ASK: _("ask whole"),
    GapState.UNEXAMINED: _("not examined"),
}
GAPS_WHOLE = {
    GapState.SHOWN: _("What covers it whole is fully met."),
    GapState.PARTLY: _("What covers it is met in part, or only a part is covered."),
    GapState.GAP: _("What would cover it is not met."),
    GapState.NOT_RATED: _("What would cover it is pending, or not relevant at this site."),
    GapState.PERHAPS: _("A part of its chapter or section is shown, and no judgement says which."),
    GapState.ASK: _("Somebody read the whole of the other standard and found nothing like it."),
    GapState.UNEXAMINED: _("Nobody has looked, or only at some clauses."),
}
RATINGS = {
    Rating.FULLY: _("fully met"),
    Rating.SUBSTANTIALLY: _("substantially met"),
    Rating.PARTIALLY: _("partially met"),
    Rating.NOT_MET: _("not met"),
    Rating.NOT_RELEVANT: _("not relevant"),
    Rating.PENDING: _("pending"),
}
