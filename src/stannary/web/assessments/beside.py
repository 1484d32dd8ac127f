"""What stands beside the rows of the rating page: old answers, and doubts about a translation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from django.urls import reverse
from django.utils.translation import get_language, gettext

from stannary.core.standards import Edition, TranslationState, translation_states
from stannary.web.assessments import words
from stannary.web.assessments.carried import Background
from stannary.web.assessments.records import Newest
from stannary.web.project.templatetags.stannary import day


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said beside rows, as HTML by requirement; most rows have nothing.

    Attributes:
        answers: Old answers, folded.
        doubts: That the translation is older than the original, or that there is none.
        foreign: Requirements whose text is in the original language, not in the reader's.
        language: The original language.
        older: Short title of the older edition; empty if nothing was carried over.
        voices: What other sides say, objections and rulings, as HTML by requirement.
        evidence: What the engagement holds, as HTML by requirement.
        to_add: Address at which more evidence is handed in; empty for who may not.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    language: str = ""
    older: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    to_add: str = ""


def beside(
    edition: Edition,
    background: Background | None,
    voices: Mapping[str, str] | None = None,
    evidence: tuple[Mapping[str, str], str] = ({}, ""),
) -> Beside:
    """Gather what is said beside the rows of an edition in the reader's language.

    Args:
        edition: As it was written, or in the reader's language: translations are looked up in it.
        background: What the assessment was carried over from, if it was.
        voices: What other sides say, by requirement.
        evidence: What the engagement holds by requirement, and where more is handed in.
    """
    language = get_language() or "en"
    states = {
        name: state
        for name, state in translation_states(edition, language).items()
        if state in (TranslationState.STALE, TranslationState.MISSING)
    }
    base = reverse("standards:edition", args=[edition.publisher, edition.standard, edition.edition])
    answers = background.answers if background else {}
    older = background.older if background else None
    return Beside(
        answers={name: _answers(older, said) for name, said in answers.items() if older},
        doubts={name: _doubt(base, name, state) for name, state in states.items()},
        foreign=frozenset(x for x in states if states[x] is TranslationState.MISSING),
        language=edition.language,
        older=older.short_title if older else "",
        voices=voices or {},
        evidence=evidence[0],
        to_add=evidence[1],
    )


def _doubt(base: str, name: str, state: TranslationState) -> str:
    if state is TranslationState.MISSING:
        text = escape(gettext("Not translated: what stands here is the original."))
        return f'<p class="small">{text}</p>'
    text = escape(gettext("The original was changed after this translation."))
    link = escape(gettext("Read the original"))
    return (
        f'<p class="small stale"><span class="tag">{text}</span> '
        f'<a href="{escape(base)}{escape(name)}/#original">{link}</a></p>'
    )


def _answers(older: Edition, said: tuple[Newest, ...]) -> str:
    """Fold old answers under a line that says what they were."""
    facts = {
        "edition": older.short_title,
        "answers": ", ".join(f"{one.requirement} {words.rating_word(one.rating)}" for one in said),
    }
    summary = escape(gettext("Under %(edition)s: %(answers)s") % facts)
    base = reverse("standards:edition", args=[older.publisher, older.standard, older.edition])
    return (
        f'<details class="background"><summary>{summary}</summary>'
        f"{''.join(_answer(base, older, one) for one in said)}</details>"
    )


def _answer(base: str, older: Edition, one: Newest) -> str:
    title = escape(older.requirement_by_id[one.requirement].title)
    lang = f' lang="{escape(older.language)}"' if older.language != get_language() else ""
    reason = f"<p>{escape(one.rationale)}</p>" if one.rationale else ""
    links = "".join(f"<p>{escape(link)}</p>" for link in one.evidence)
    return (
        f'<p><a href="{escape(base)}{escape(one.requirement)}/"{lang}>{escape(one.requirement)} {title}</a></p>'
        f"{reason}{links}<p>{escape(said_by(one))}</p>"
    )


def said_by(one: Newest) -> str:
    """Say who gave an answer, and when."""
    facts = {"rating": words.rating_word(one.rating), "who": one.assessor, "on": day(one.at)}
    return gettext("“%(rating)s”, by %(who)s on %(on)s") % facts


def carried_over(older: str, one: Newest) -> str:
    """Say that an answer was carried over, by whom and when it was given."""
    facts = {"edition": older, "who": one.assessor, "on": day(one.at)}
    text = gettext("Carried over from %(edition)s: judged by %(who)s on %(on)s.") % facts
    return f'<p class="small">{escape(text)}</p>'
