"""Under which pack, and by which method of mass balance, the books of an entity are kept on a day.

The certificate decides: it names a pack, and may name one of the methods that this pack allows. The
one that began last governs until another begins, also while it is suspended and after it ended: what
is booked then counts towards nothing, and is kept by the same rules. Before the first certificate, and
without any, it is the pack of the register, and the first method that it allows.

Rules: CUSTODY-070, CUSTODY-071, CUSTODY-107, CUSTODY-108.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.accounts import Method, RulesOn
from stannary.core.custody.accounting.certificates import CustodyCertificate
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Model
from stannary.core.kernel import Finding

PackOn = Callable[[str, datetime.date], CustodyRules]
"""The constants of a pack, by its id and by day."""

METHODS = "mass_balance_methods"
EVER = datetime.date.min
"""Before every certificate."""


@dataclass(frozen=True, slots=True)
class Governance:
    """Answers by entity and day; certificates outside of what was given govern nothing.

    Attributes:
        rules_on: The constants of the register's pack by day: they govern without a certificate.
        pack_on: Those of every pack that a certificate may name; None: the register's governs all,
            and only certificates under it count.
        held: Entity to its certificates, in the order in which they begin.
        forced: A method for all accounts, whatever certificates name; None: as they say.
        other: Whether, for comparison, accounts are kept by another method that the pack allows,
            where there is one.
        asked: Whether certificates are looked at.
    """

    rules_on: RulesOn
    pack_on: PackOn | None = None
    held: Mapping[str, tuple[CustodyCertificate, ...]] = field(default_factory=dict)
    forced: Method | None = None
    other: bool = False
    asked: bool = False

    @classmethod
    def of(
        cls,
        certificates: Iterable[CustodyCertificate] | None,
        *,
        rules_on: RulesOn,
        pack_on: PackOn | None = None,
        method: Method | None = None,
        other: bool = False,
    ) -> "Governance":
        """Govern by certificates.

        Args:
            certificates: Of any entities; None: nobody's are looked at.
            rules_on: The constants of the register's pack by day.
            pack_on: Those of other packs; None: certificates under these count for nothing.
            method: For all accounts; None: as certificates say.
            other: Whether to keep accounts by the method that does not count, for comparison.
        """
        held: dict[str, list[CustodyCertificate]] = {}
        for one in sorted(certificates or (), key=lambda one: (one.valid_from, one.id)):
            held.setdefault(one.entity, []).append(one)
        by_entity = {entity: tuple(those) for entity, those in held.items()}
        return cls(rules_on, pack_on, by_entity, method, other, certificates is not None)

    def rules(self, entity: str, day: datetime.date) -> CustodyRules:
        """Give the constants by which an entity keeps its books on a day."""
        allowed = self.rules_on(day)
        if self.pack_on is None:
            return allowed
        pack = self._pack(entity, day)
        return allowed if pack == allowed.pack else self.pack_on(pack, day)

    def method(self, entity: str, day: datetime.date) -> Method:
        """Give the method of mass balance by which an account that opens on a day is kept.

        Raises:
            RefusalError: CUSTODY-070 if the pack knows no method. CUSTODY-071 if it does not allow
                the one that is wanted.
        """
        allowed = self.rules(entity, day)
        return self._chosen(allowed, self._named(entity, day, allowed.pack))

    def certificate(self, entity: str, day: datetime.date) -> str:
        """Give the id of the certificate that governs; "" where the register's pack does."""
        begun = self._begun(entity, day)
        return begun[-1].id if begun and self.pack_on is not None else ""

    def since(self, entity: str, day: datetime.date) -> datetime.date:
        """Give the first day from which on the same pack and method governed until a day.

        Returns:
            The first day of the calendar, if nothing else ever governed before.

        Raises:
            RefusalError: As `method`.
        """
        allowed, method, found = self.rules(entity, day), self.method(entity, day), day
        begun = {one.valid_from for one in self._begun(entity, day)}
        for begin in sorted({EVER, *begun}, reverse=True):
            named = self._named(entity, begin, allowed.pack)
            same = self._pack(entity, begin) == allowed.pack
            if not same or self._chosen(allowed, named) is not method:
                return found
            found = begin
        return found

    def _pack(self, entity: str, day: datetime.date) -> str:
        """Give the id of the pack that governs on a day."""
        begun = self._begun(entity, day)
        return begun[-1].pack if begun and self.pack_on is not None else self.rules_on(day).pack

    def _begun(self, entity: str, day: datetime.date) -> tuple[CustodyCertificate, ...]:
        """Give certificates that were ever in force by a day, in the order in which they began."""
        return tuple(
            one
            for one in self.held.get(entity, ())
            if one.valid_from <= day and one.valid_from < one.ends_on
        )

    def _named(self, entity: str, day: datetime.date, pack: str) -> Method | None:
        """Give the method that the newest certificate under a pack names that covers mass balance."""
        covering = [
            one
            for one in self._begun(entity, day)
            if one.pack == pack and Model.MASS_BALANCE in one.scope.models
        ]
        return covering[-1].mass_balance_method if covering else None

    def _chosen(self, allowed: CustodyRules, named: Method | None) -> Method:
        """Give the method under a pack, if certificates name one or none."""
        known = tuple(map(Method, allowed.words(METHODS, tuple(Method))))
        wanted = self.forced or named or known[0]
        allowed.words(METHODS, (wanted,) if wanted not in known else known)
        others = [one for one in known if one is not wanted] if self.other else []
        return others[0] if others else wanted


def check_method(certificate: CustodyCertificate, allowed: CustodyRules) -> Iterator[Finding]:
    """Find a method that a certificate's pack does not allow, or that covers nothing (CUSTODY-107).

    Args:
        certificate: As it would be issued.
        allowed: The constants of its pack on its first day.

    Raises:
        RefusalError: CUSTODY-070 if it names a method and the pack knows none.
    """
    method = certificate.mass_balance_method
    if method is None:
        return
    facts = {"certificate": certificate.id[:200], "method": str(method)}
    if Model.MASS_BALANCE not in certificate.scope.models:
        yield Finding(rules.CERTIFICATE_NAMES_A_METHOD, {**facts, "model": "not mass_balance"})
    known = allowed.words(METHODS, tuple(Method))
    if method not in known:
        facts |= {"pack": allowed.pack, "allowed": ", ".join(known)}
        yield Finding(rules.CERTIFICATE_NAMES_A_METHOD, facts)


def check_one_scheme(
    certificate: CustodyCertificate, others: Iterable[CustodyCertificate], pack_on: PackOn
) -> Iterator[Finding]:
    """Find certificates of the same entity under another pack or method at the same time (CUSTODY-108).

    Args:
        certificate: As it would be issued.
        others: Of any entities.
        pack_on: The constants of every pack that they name.
    """
    method = _method_of(certificate, pack_on)
    for one in others:
        together = max(one.valid_from, certificate.valid_from) < min(
            one.ends_on, certificate.ends_on
        )
        if one.entity != certificate.entity or one.id == certificate.id or not together:
            continue
        theirs = _method_of(one, pack_on)
        differs = method is not None and theirs is not None and method != theirs
        if one.pack != certificate.pack or differs:
            yield Finding(
                rules.BOOKS_HAVE_ONE_SCHEME,
                {
                    "certificate": certificate.id[:200],
                    "other": one.id[:200],
                    "until": one.ends_on.isoformat(),
                    "pack": one.pack[:200],
                    "method": str(theirs or "none"),
                },
            )


def _method_of(one: CustodyCertificate, pack_on: PackOn) -> Method | None:
    """Give the method of a certificate; None if it does not cover mass balance, or its pack knows none."""
    if Model.MASS_BALANCE not in one.scope.models:
        return None
    allowed = pack_on(one.pack, one.valid_from)
    if one.mass_balance_method is not None or not allowed.knows(METHODS):
        return one.mass_balance_method
    return Method(allowed.words(METHODS, tuple(Method))[0])
