"""The books of a claim file, form 2: movements as CSV, and who might book, as JSON values, and back.

Rules: CREDENTIAL-003, CREDENTIAL-015, CUSTODY-075, CUSTODY-077, CUSTODY-097, CUSTODY-102,
CUSTODY-103.
"""

import datetime
import io
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

from stannary.core.credentials import Digest, Json
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.rules import FILE_HAS_ITS_FORM, SUBJECT_IS_KNOWN
from stannary.core.custody import (
    Agreement,
    BooksBehind,
    CertificateChange,
    CertificateScope,
    CertificateStatus,
    ConversionFactor,
    CustodyCertificate,
    EntityKind,
    Method,
    Model,
    SiteGroup,
)
from stannary.core.custody.accounting.behind import check_rows
from stannary.core.kernel import Place, RefusalError, as_fraction, refuse
from stannary.core.verification import EnclosedBooks
from stannary.formats.claim_file_digests import list_digest, movements_digest
from stannary.formats.movements import read_movements, write_movements_csv

_KEYS = ("method", "movements", "certificates", "factors")
_CERTIFICATE = (
    "id", "entity", "kind", "pack", "sites", "materials", "models", "agreements", "valid_from",
    "valid_until", "pilot", "changes",
)  # fmt: skip
_MAY_SAY = ("groups", "full_from", "mass_balance_method")
"""What a certificate says only where it has it, so that the others stay as they were, byte for byte."""
BY_CERTIFICATE = "by_certificate"
"""Instead of a method: each certificate names its pack, and may name a method."""
_GROUP = ("name", "sites")
_AGREEMENT = ("contractor", "site", "valid_from", "valid_until", "reference")
_CHANGE = ("on", "status", "reason")
_FACTOR = (
    "material", "product", "process", "element", "factor", "source", "approved_by", "approved_on",
    "valid_from", "valid_until", "illustrative",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


def books_as_dict(books: BooksBehind) -> dict[str, Json]:
    """Write the books behind a lot; days as YYYY-MM-DD, what is not known as null."""
    certificates = books.certificates
    return {
        "method": str(books.method or BY_CERTIFICATE),
        **({"pack": books.pack} if books.pack else {}),
        "movements": write_movements_csv(books.rows),
        "certificates": None
        if certificates is None
        else [_certificate(one) for one in certificates],
        "factors": [_factor(one) for one in books.factors],
    }


def books_digests(content: Mapping[str, Json]) -> tuple[Digest, Digest]:
    """Give the digests of the movements, line by line, and of everything else, item by item.

    The first item is the method, with the pack if one is named, then come certificates, then factors.

    Raises:
        RefusalError: KERNEL-006 if an item has no canonical form.
    """
    certificates, factors = content["certificates"], content["factors"]
    head: dict[str, Json] = {"method": content["method"], "certificates": certificates is not None}
    if "pack" in content:
        head["pack"] = content["pack"]
    items: list[Json] = [head]
    for those in (certificates, factors):
        items += those if isinstance(those, list) else []
    return movements_digest(str(content["movements"])), list_digest(items)


def books_from_dict(content: Mapping[str, Json], at: Place) -> EnclosedBooks:
    """Read the books of a claim file; what cannot be read is told in its findings.

    Args:
        content: As `books_as_dict` gave it.
        at: The file, for messages.

    Raises:
        RefusalError: CREDENTIAL-003 for another form, KERNEL-006 without a canonical one.
    """
    _check_form(content, at)
    movements, register = books_digests(content)
    try:
        return EnclosedBooks(movements, register, _books(content, at))
    except RefusalError as refusal:
        return EnclosedBooks(movements, register, None, refusal.findings)


def _check_form(content: Mapping[str, Json], at: Place) -> None:
    place = Place(at.file, None, "books")
    if set(content) - {"pack"} != set(_KEYS):
        refuse(FILE_HAS_ITS_FORM, at=place, needed=", ".join(_KEYS))
    certificates = content["certificates"]
    if not isinstance(content["movements"], str):
        refuse(FILE_HAS_ITS_FORM, at=place, problem="movements are not a text")
    for name, those in (
        ("certificates", [] if certificates is None else certificates),
        ("factors", content["factors"]),
    ):
        if not isinstance(those, list) or not all(isinstance(one, dict) for one in those):
            refuse(FILE_HAS_ITS_FORM, at=place, problem=f"{name} are not a list of objects")


def _books(content: Mapping[str, Json], at: Place) -> BooksBehind:
    text, name = str(content["movements"]), f"{at.file}, books"
    if not text.startswith("event,"):  # only CSV as we write it, no workbook in disguise
        refuse(FILE_HAS_ITS_FORM, at=Place(name, 1), begins_with=ascii(text[:20]))
    check_rows(text.count("\n") - 1)
    fields = Fields(dict(content), SUBJECT_IS_KNOWN, "books", at)
    has_certificates = content["certificates"] is not None
    return BooksBehind(
        rows=read_movements(io.BytesIO(text.encode("utf-8")), name),
        method=None if content["method"] == BY_CERTIFICATE else _word(fields, "method", Method),
        certificates=tuple(map(_read_certificate, fields.objects("certificates")))
        if has_certificates
        else None,
        factors=tuple(map(_read_factor, fields.objects("factors"))),
        pack=fields.text("pack") if "pack" in content else "",
    )


def _certificate(one: CustodyCertificate) -> dict[str, Json]:
    scope = one.scope
    agreements = [
        {
            "contractor": made.contractor,
            "site": made.site,
            "valid_from": made.valid_from.isoformat(),
            "valid_until": _until(made.valid_until),
            "reference": made.reference,
        }
        for made in scope.agreements
    ]
    changes = [
        {"on": change.on.isoformat(), "status": str(change.status), "reason": change.reason}
        for change in one.changes
    ]
    more: dict[str, Json] = {}
    if scope.groups:
        more["groups"] = [
            {"name": group.name, "sites": list[Json](sorted(group.sites))} for group in scope.groups
        ]
    if one.full_from is not None:
        more["full_from"] = one.full_from.isoformat()
    if one.mass_balance_method is not None:
        more["mass_balance_method"] = str(one.mass_balance_method)
    return {
        "id": one.id,
        "entity": one.entity,
        "kind": str(one.kind),
        "pack": one.pack,
        "sites": list[Json](sorted(scope.sites)),
        "materials": list[Json](sorted(scope.materials)),
        "models": [str(model) for model in Model if model in scope.models],
        "agreements": cast("list[Json]", agreements),
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "pilot": one.pilot,
        "changes": cast("list[Json]", changes),
        **more,
    }


def _read_certificate(fields: Fields) -> CustodyCertificate:
    _only(fields, (*_CERTIFICATE, *(name for name in _MAY_SAY if name in fields.content)))
    full_from = _day(fields, "full_from") if "full_from" in fields.content else None
    groups = fields.objects("groups") if "groups" in fields.content else ()
    models = frozenset(
        Model(name) if name in list(Model) else fields.stop("models", "not a model")
        for name in fields.texts("models")
    )
    return CustodyCertificate(
        id=fields.text("id"),
        entity=fields.text("entity"),
        kind=_word(fields, "kind", EntityKind),
        pack=fields.text("pack"),
        scope=CertificateScope(
            sites=frozenset(fields.texts("sites")),
            materials=frozenset(fields.texts("materials")),
            models=models,
            agreements=tuple(map(_read_agreement, fields.objects("agreements"))),
            groups=tuple(map(_read_group, groups)),
        ),
        valid_from=_day(fields, "valid_from"),
        valid_until=_day(fields, "valid_until"),
        pilot=_flag(fields, "pilot"),
        changes=tuple(map(_read_change, fields.objects("changes"))),
        full_from=full_from,
        mass_balance_method=_word(fields, "mass_balance_method", Method)
        if "mass_balance_method" in fields.content
        else None,
    )


def _read_group(fields: Fields) -> SiteGroup:
    _only(fields, _GROUP)
    return SiteGroup(fields.text("name"), frozenset(fields.texts("sites")))


def _read_agreement(fields: Fields) -> Agreement:
    _only(fields, _AGREEMENT)
    return Agreement(
        contractor=fields.text("contractor"),
        site=fields.text("site"),
        valid_from=_day(fields, "valid_from"),
        valid_until=_day_or_none(fields, "valid_until"),
        reference=_line(fields, "reference"),
    )


def _read_change(fields: Fields) -> CertificateChange:
    _only(fields, _CHANGE)
    return CertificateChange(
        on=_day(fields, "on"),
        status=_word(fields, "status", CertificateStatus),
        reason=_line(fields, "reason"),
    )


def _factor(one: ConversionFactor) -> dict[str, Json]:
    return {
        "material": one.material,
        "product": one.product,
        "process": one.process,
        "element": one.element,
        "factor": str(one.factor),
        "source": one.source,
        "approved_by": one.approved_by,
        "approved_on": one.approved_on.isoformat(),
        "valid_from": one.valid_from.isoformat(),
        "valid_until": _until(one.valid_until),
        "illustrative": one.illustrative,
    }


def _read_factor(fields: Fields) -> ConversionFactor:
    _only(fields, _FACTOR)
    return ConversionFactor(
        material=fields.text("material"),
        product=fields.text("product"),
        process=fields.text("process"),
        element=fields.text("element"),
        factor=as_fraction(fields.text("factor"), name="factor"),
        source=fields.text("source"),
        approved_by=fields.text("approved_by"),
        approved_on=_day(fields, "approved_on"),
        valid_from=_day(fields, "valid_from"),
        valid_until=_day_or_none(fields, "valid_until"),
        illustrative=_flag(fields, "illustrative"),
    )


def _only(fields: Fields, keys: tuple[str, ...]) -> None:
    if set(fields.content) != set(keys):
        fields.stop("", f"not exactly {', '.join(keys)}")


def _word(fields: Fields, name: str, words: type[_Word]) -> _Word:
    text = fields.text(name)
    if text not in list(words):
        fields.stop(name, "not one of " + ", ".join(words))
    return words(text)


def _line(fields: Fields, name: str) -> str:
    value = fields.content[name]
    return value if isinstance(value, str) else fields.stop(name, "not a text")


def _flag(fields: Fields, name: str) -> bool:
    value = fields.content[name]
    return value if isinstance(value, bool) else fields.stop(name, "neither true nor false")


def _until(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_or_none(fields: Fields, name: str) -> datetime.date | None:
    return None if fields.content[name] is None else _day(fields, name)


def _day(fields: Fields, name: str) -> datetime.date:
    text = fields.text(name)
    try:
        return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        fields.stop(name, "not a day written YYYY-MM-DD")
