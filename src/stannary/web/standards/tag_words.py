"""What a tag means, in the reader's language, and where its scheme can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.core.standards import is_tag

SCHEMES = {
    "sdg": gettext_lazy("Targets of the Sustainable Development Goals"),
    "ungp": gettext_lazy("UN Guiding Principles on Business and Human Rights"),
    "gistm": gettext_lazy("Global Industry Standard on Tailings Management"),
    "untp": gettext_lazy("Conformity topics of the UN Transparency Protocol"),
}
"""The schemes of tags in the order shown."""

GOALS = (
    gettext_lazy("No poverty"),
    gettext_lazy("Zero hunger"),
    gettext_lazy("Good health and well-being"),
    gettext_lazy("Quality education"),
    gettext_lazy("Gender equality"),
    gettext_lazy("Clean water and sanitation"),
    gettext_lazy("Affordable and clean energy"),
    gettext_lazy("Decent work and economic growth"),
    gettext_lazy("Industry, innovation and infrastructure"),
    gettext_lazy("Reduced inequalities"),
    gettext_lazy("Sustainable cities and communities"),
    gettext_lazy("Responsible consumption and production"),
    gettext_lazy("Climate action"),
    gettext_lazy("Life below water"),
    gettext_lazy("Life on land"),
    gettext_lazy("Peace, justice and strong institutions"),
    gettext_lazy("Partnerships for the goals"),
)
"""Names of the Goals, A/RES/70/1; the short form under which the UN shows them."""

DUTIES = {
    10: gettext_lazy("the duty of states to protect"),
    24: gettext_lazy("the responsibility of companies to respect"),
    31: gettext_lazy("access to remedy"),
}
"""Last principle of each of the three pillars of the Guiding Principles, A/HRC/17/31."""

TOPICS = {
    1: gettext_lazy("affected communities"),
    3: gettext_lazy("knowledge base"),
    7: gettext_lazy("design, construction, operation and monitoring"),
    12: gettext_lazy("management and governance"),
    14: gettext_lazy("emergency response"),
    15: gettext_lazy("disclosure"),
}
"""Last principle of each of the six topics of the tailings standard, 2020."""

READ = {
    "sdg": "https://sdgs.un.org/goals/goal{number}",
    "ungp": "https://www.ohchr.org/en/publications/reference-publications/guiding-principles-business-and-human-rights",
    "gistm": "https://globaltailingsreview.org/global-industry-standard/",
    "untp": "https://untp.unece.org/",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in words.

    Attributes:
        code: "sdg:8.8".
        scheme: Name of what it is from.
        title: Its own name, short enough for a label.
        meaning: What it is about, in a sentence.
        read: Where its text can be read.
    """

    code: str
    scheme: str
    title: str
    meaning: str
    read: str


def explain(code: str) -> Tag | None:
    """Say what a tag means; None for what is no tag (STANDARD-018)."""
    if not is_tag(code):
        return None
    scheme, _sep, rest = code.partition(":")
    number = rest.partition(".")[0]
    facts: dict[str, object] = {"code": rest, "number": number}
    if scheme == "sdg":
        title = _("SDG target %(code)s")
        meaning = _("Target %(code)s of Sustainable Development Goal %(number)s, “%(about)s”.")
        facts["about"] = GOALS[int(number) - 1]
    elif scheme == "ungp":
        title = _("UN Guiding Principle %(code)s")
        meaning = _("Principle %(code)s of 31, on %(about)s.")
        facts["about"] = _up_to(DUTIES, int(number))
    elif scheme == "gistm":
        title = _("GISTM principle %(code)s")
        meaning = _("Principle %(code)s of 15, under the topic “%(about)s”.")
        facts["about"] = _up_to(TOPICS, int(number))
    else:
        title = _("UNTP topic: %(about)s")
        meaning = _(
            "Topic “%(about)s”, by which credentials of the protocol say what was assessed."
        )
        facts["about"] = rest.replace("-", " ")
    read = READ[scheme].format(number=number)
    return Tag(code, str(SCHEMES[scheme]), title % facts, meaning % facts, read)


def _up_to(parts: Mapping[int, Promise], number: int) -> Promise:
    return next(said for last, said in parts.items() if number <= last)


def order(code: str) -> tuple[int, tuple[int, ...], str]:
    """Order tags by scheme, then by number."""
    scheme, _sep, rest = code.partition(":")
    numbers = tuple(int(part) for part in rest.split(".") if part.isdigit())
    return list(SCHEMES).index(scheme), numbers, rest
