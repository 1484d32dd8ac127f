"""Certificates and conversion factors in a TOML file, as `stannary balance --register` reads it.

Rules: CUSTODY-075, CUSTODY-077, CUSTODY-102, CUSTODY-103, CUSTODY-095, CUSTODY-096, KERNEL-004.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from stannary.core.custody import (
    Agreement,
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
from stannary.core.custody.accounting import rules
from stannary.core.kernel import Finding, RefusalError, as_fraction
from stannary.core.standards.rules import KEYS_ARE_KNOWN, PACK_IS_READABLE
from stannary.formats.toml_tables import Table, read_table

_OURS = {
    PACK_IS_READABLE: rules.REGISTER_IS_READABLE,
    KEYS_ARE_KNOWN: rules.REGISTER_HAS_ITS_KEYS,
}
_NEVER = datetime.date.min
_Built = TypeVar("_Built")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Register:
    """What a register holds.

    Attributes:
        certificates: None when the file has none: then nobody's are looked at.
    """

    certificates: tuple[CustodyCertificate, ...] | None
    factors: tuple[ConversionFactor, ...]


def read_register(path: str | Path) -> Register:
    """Read certificates and conversion factors.

    Raises:
        RefusalError: With everything that is wrong: CUSTODY-095 if the file cannot be read,
            CUSTODY-096 or KERNEL-004 for keys and values, CUSTODY-075 or CUSTODY-077 for a
            certificate or a factor that cannot be.
    """
    findings: list[Finding] = []
    table = read_table(Path(path), name=str(path), findings=findings)
    register = Register(None, ())
    if table is not None:
        certificates = [_certificate(entry) for entry in table.tables("certificate")]
        factors = [_factor(entry) for entry in table.tables("factor")]
        register = Register(
            tuple(one for one in certificates if one is not None) if certificates else None,
            tuple(one for one in factors if one is not None),
        )
        table.close()
    if findings:
        raise RefusalError(*(replace(one, rule=_OURS.get(one.rule, one.rule)) for one in findings))
    return register


def _certificate(table: Table) -> CustodyCertificate | None:
    scope = CertificateScope(
        sites=frozenset(table.texts("sites")),
        materials=frozenset(table.texts("materials")),
        models=frozenset(
            one
            for one in (_known(table, "models", name, Model) for name in table.texts("models"))
            if one is not None
        ),
        agreements=tuple(_agreement(entry) for entry in table.tables("agreement")),
        groups=tuple(_group(entry) for entry in table.tables("group")),
    )
    changes = tuple(_change(entry) for entry in table.tables("change"))
    fields = {name: table.text(name) for name in ("id", "entity", "pack")}
    kind = _known(table, "kind", table.text("kind"), EntityKind) or EntityKind.MINE
    valid_from, valid_until = _day(table, "valid_from"), _day(table, "valid_until")
    pilot = table.flag("pilot") if table.has("pilot") else False
    full_from = table.day("full_from", needed=False)
    method = table.text("mass_balance_method", needed=False)
    named = _known(table, "mass_balance_method", method, Method) if method else None
    table.close()
    return _built(
        table,
        lambda: CustodyCertificate(
            id=fields["id"],
            entity=fields["entity"],
            pack=fields["pack"],
            kind=kind,
            scope=scope,
            valid_from=valid_from,
            valid_until=valid_until,
            pilot=pilot,
            changes=changes,
            full_from=full_from,
            mass_balance_method=named,
        ),
    )


def _agreement(table: Table) -> Agreement:
    agreement = Agreement(
        contractor=table.text("contractor"),
        site=table.text("site"),
        valid_from=_day(table, "valid_from"),
        valid_until=table.day("valid_until", needed=False),
        reference=table.text("reference"),
    )
    table.close()
    return agreement


def _group(table: Table) -> SiteGroup:
    group = SiteGroup(table.text("name"), frozenset(table.texts("sites")))
    table.close()
    return group


def _change(table: Table) -> CertificateChange:
    status = _known(table, "status", table.text("status"), CertificateStatus)
    change = CertificateChange(
        on=_day(table, "on"),
        status=status or CertificateStatus.SUSPENDED,
        reason=table.text("reason", needed=False),
    )
    table.close()
    return change


def _factor(table: Table) -> ConversionFactor | None:
    names = ("material", "product", "process", "element", "source", "approved_by")
    fields = {name: table.text(name) for name in names}
    text = table.text("factor")
    approved_on, valid_from = _day(table, "approved_on"), _day(table, "valid_from")
    valid_until = table.day("valid_until", needed=False)
    illustrative = table.flag("illustrative") if table.has("illustrative") else False
    table.close()

    def build() -> ConversionFactor:
        return ConversionFactor(
            **fields,
            factor=_fraction(table, text),
            approved_on=approved_on,
            valid_from=valid_from,
            valid_until=valid_until,
            illustrative=illustrative,
            at=table.at,
        )

    return _built(table, build)


def _fraction(table: Table, text: str) -> Fraction:
    return as_fraction(text, name="factor", at=table.place("factor"))


def _day(table: Table, key: str) -> datetime.date:
    return table.day(key) or _NEVER


def _known(table: Table, key: str, text: str, words: type[_Word]) -> _Word | None:
    try:
        return words(text)
    except ValueError:
        if text:
            table.wrong(key, text, kind=" or ".join(words))
        return None


def _built(table: Table, build: Callable[[], _Built]) -> _Built | None:
    """Build something, unless what was read of the file so far is wrong already."""
    if table.document.findings:
        return None
    try:
        return build()
    except RefusalError as refusal:
        found = (replace(one, at=one.at or table.at) for one in refusal.findings)
        table.document.findings.extend(found)
        return None
