"""The constants of an edition as tables: value, unit, since when, source, how sure, looked up when."""

import datetime
from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stannary.core.custody import ASKED
from stannary.core.kernel import DatedValue, Parameter, as_fraction
from stannary.core.standards import Rating
from stannary.web.parties.wording import source_html
from stannary.web.project import html
from stannary.web.project.templatetags.stannary import day, mark
from stannary.web.standards.pages import Book, share_words

RATINGS = {
    Rating.FULLY: gettext_lazy("fully met"),
    Rating.SUBSTANTIALLY: gettext_lazy("substantially met"),
    Rating.PARTIALLY: gettext_lazy("partially met"),
    Rating.NOT_MET: gettext_lazy("not met"),
}
MODELS = {
    "identity_preserved": gettext_lazy("identity preserved"),
    "segregated": gettext_lazy("segregated"),
    "controlled_blending": gettext_lazy("controlled blending"),
    "mass_balance": gettext_lazy("mass balance"),
    "book_and_claim": gettext_lazy("book and claim"),
}
Row = tuple[object, ...]


def _tag(text: str) -> SafeString:
    return format_html(' <span class="tag">{}</span>', text)


def _shown(text: object, dated: DatedValue) -> SafeString:
    """Show a value; one that nobody has read says that it is unknown or only stands in."""
    if dated.value is None:
        return format_html('<span class="unk">{}</span>', _("unknown"))
    tag = _tag(_("placeholder")) if dated.mark.is_placeholder else ""
    return format_html("<strong>{}</strong>{}", text, tag)


def _about(book: Book, dated: DatedValue) -> tuple[object, ...]:
    """Give the columns that every value has: since, source, how sure, looked up on."""
    since = day(dated.valid_from or book.original.in_force_from)
    source = source_html(dated.source)
    if book.language != book.original.language:
        source = format_html('<span lang="{}">{}</span>', book.original.language, source)
    return since, source, mark(dated.mark)["meaning"], day(dated.as_of)


def tests(book: Book) -> SafeString:
    """Build the rows of the tests that each level makes."""
    rows: list[Row] = []
    for one, shown in zip(book.original.levels, book.shown.levels, strict=True):
        title = book.text(shown.title, one.title)
        before = len(rows)
        for name, test in (
            (_("Points in each principle, at least"), one.min_principle_share),
            (_("Each relevant critical requirement, at least"), one.critical_at_least),
            (_("Each relevant requirement, at least"), one.all_at_least),
        ):
            values = test.values if test is not None else ()
            rows += [
                (title, name, _shown(_test_words(dated), dated), *_about(book, dated))
                for dated in values
            ]
        if len(rows) == before:
            rows.append(
                (title, _("No test: that results are public is enough"), "", "", "", "", "")
            )
    return html.rows(rows)


def _test_words(dated: DatedValue) -> object:
    text = str(dated.value)
    if text in set(Rating):
        return RATINGS.get(Rating(text), text)
    return "" if dated.value is None else share_words(as_fraction(dated.value, name="share"))


def points(book: Book) -> SafeString:
    """Build the rows of the rating scale."""
    rows: list[Row] = []
    for one, shown in zip(book.original.ratings, book.shown.ratings, strict=True):
        title = book.text(shown.title, one.title)
        rows += [
            (title, _shown(dated.value, dated), *_about(book, dated)) for dated in one.points.values
        ]
    return html.rows(rows, numeric=frozenset({1}))


def constants(book: Book, today: datetime.date) -> SafeString:
    """Build the rows of the other constants: every value with its days, the one in force marked.

    Those of a custody pack say whether a program asks them; what is told to people only changes nothing.
    """
    rows: list[Row] = []
    of_custody = book.original.kind == "custody"
    for name, parameter in book.original.parameters.items():
        what = format_html(
            '{}<br><code class="small">{}</code>', book.foreign(parameter.summary), name
        )
        for dated in parameter.values:
            shown = _shown(_with_unit(dated.value, parameter.unit), dated)
            if len(parameter.values) > 1 and dated == parameter.on(today):
                shown = format_html("{}{}", shown, _tag(_("in force")))
            asked = _("programs") if name in ASKED else _for_people(name)
            rows.append((what, shown, *([asked] if of_custody else []), *_about(book, dated)))
    return html.rows(rows)


def _for_people(name: str) -> str:
    """Say that a constant is told to people only, and why where that is known."""
    why = {
        "record_retention_years": _("nothing that is booked is ever deleted here"),
        "loss_handling": _("programs have one rule: a loss takes the same share of everything"),
        "recycled_share_arithmetic": _("programs have one rule: recycled material is kept apart"),
    }.get(name)
    return _("people only: %(why)s") % {"why": why} if why else _("people only")


def _with_unit(value: object, unit: str) -> str:
    """Say a value with its unit in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and unit in ("day", "month", "year"):
        words = {
            "day": ngettext("%(n)s day", "%(n)s days", value),
            "month": ngettext("%(n)s month", "%(n)s months", value),
            "year": ngettext("%(n)s year", "%(n)s years", value),
        }
        return words[unit] % {"n": value}
    return str(value)


def claims(book: Book) -> list[dict[str, object]]:
    """Give the words that a custody pack allows, in the reader's language where it has them."""
    found: list[dict[str, object]] = []
    for one in book.original.claims:
        language = book.language if book.language in one.words else book.original.language
        found.append(
            {
                "code": one.code,
                "title": book.foreign(one.title),
                "words": _with_gaps(one.words[language]),
                "language": language,
                "models": ", ".join(str(MODELS.get(model, model)) for model in one.models),
                "share": _least(one.min_share),
            }
        )
    return found


def _with_gaps(words: str) -> SafeString:
    """Escape words and set their gaps apart."""
    text = str(conditional_escape(words))
    for gap, name in (
        ("share", _("share")),
        ("element", _("element")),
        ("lot", _("lot")),
        ("level", _("level")),
    ):
        text = text.replace(f"{{{gap}}}", f"<var>{conditional_escape(name)}</var>")
    return mark_safe(text)  # noqa: S308 - words and names are escaped above


def _least(share: Parameter) -> str:
    values: Iterable[DatedValue] = share.values
    shares = [
        share_words(as_fraction(one.value, name="share")) for one in values if one.value is not None
    ]
    return shares[-1] if shares else _("unknown")
