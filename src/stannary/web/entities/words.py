"""How what is stored of entities reads, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from stannary.web.entities.models import EntityRecord


def kinds(those: Iterable[str]) -> str:
    """Give what an entity does, in words."""
    return ", ".join(str(EntityRecord.Kind(one).label) for one in those)


def status(word: str) -> str:
    """Give the status of a certificate, in words; "" says that there is none."""
    return {
        "not_yet": _("not yet in force"),
        "in_force": _("in force"),
        "suspended": _("suspended"),
        "withdrawn": _("withdrawn"),
        "expired": _("expired"),
    }.get(str(word), _("no certificate"))


def due(word: str) -> str:
    """Give how surveillance stands, in words."""
    return {
        "nothing": _("nothing more before the certificate ends"),
        "ahead": _("ahead"),
        "due": _("due soon"),
        "overdue": _("overdue"),
    }.get(str(word), _("its pack does not say how often"))


def method(word: str) -> str:
    """Give a method of mass balance, in words; "" is what the pack names first."""
    return {
        "credit": _("Credit method"),
        "rolling_average": _("Rolling average"),
    }.get(str(word), _("The first method that the pack allows"))


def model(word: str) -> str:
    """Give a chain of custody model, in words."""
    return {
        "identity_preserved": _("Identity preserved"),
        "segregated": _("Segregated"),
        "controlled_blending": _("Controlled blending"),
        "mass_balance": _("Mass balance"),
        "book_and_claim": _("Book and claim"),
    }.get(str(word), _("not named"))
