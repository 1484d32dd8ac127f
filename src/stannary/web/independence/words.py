"""How scopes, states and competences are named, in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stannary.core.independence import EVERYWHERE, Standing
from stannary.web.parties import reference

SHOWN = 8
"""How many countries a list names before it counts the others."""

STATES = {
    "in_force": gettext_lazy("in force"),
    "suspended": gettext_lazy("suspended"),
    "not_yet": gettext_lazy("not yet in force"),
    "ended": gettext_lazy("ended"),
}
"""How an approval stands on a day."""

STANDINGS = {
    Standing.NOT_YET: gettext_lazy("not yet"),
    Standing.HOLDS: gettext_lazy("holds"),
    Standing.ENDS_SOON: gettext_lazy("ends soon"),
    Standing.EXPIRED: gettext_lazy("expired"),
}

COMPETENCES = {
    "standard_training": gettext_lazy("training in the standard"),
    "lead_auditor": gettext_lazy("leading an audit"),
    "interviewing": gettext_lazy("interviewing people who may be affected"),
    "reviewing": gettext_lazy("reviewing reports"),
    "tailings": gettext_lazy("tailings facilities"),
}
"""Names of the competences that the packs shipped here ask for, and of some others."""

ROLES = {
    "lead_auditor": gettext_lazy("lead auditor"),
    "auditor": gettext_lazy("auditor"),
    "reviewer": gettext_lazy("reviewer"),
}


def competence_name(kind: str) -> str:
    """Name a competence; one that is not known here keeps the word of its pack."""
    return str(COMPETENCES.get(kind, kind.replace("_", " ")))


def countries_text(keys: str, *, shown: int = SHOWN) -> str:
    """Name the countries of a scope: some of them, and how many others."""
    if keys == EVERYWHERE:
        return _("any country")
    return _some(sorted(map(reference.country_name, keys.split())), shown)


def materials_text(keys: str) -> str:
    """Name the materials of a scope."""
    if keys == EVERYWHERE:
        return _("any material")
    return _some(sorted(map(reference.material_name, keys.split())), 100)


def _some(names: Sequence[str], shown: int) -> str:
    first = ", ".join(names[:shown])
    if len(names) <= shown:
        return first
    rest = len(names) - shown
    said = ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", rest)
    return said % {"names": first, "count": rest}
