"""Credits of book and claim: booked once, held, transferred, reserved, and used up for somebody.

Rules: CUSTODY-070, CUSTODY-071, CUSTODY-088 to CUSTODY-092.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.sources import Source
from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import Finding, InvariantError, Place, add_months

UNITS_MG = {"gram": 10**3, "kilogram": 10**6, "tonne": 10**9}
"""Words for a unit of credit, and the milligrams of the contained element that one stands for."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Credits of one origin in one hand; a part that is passed on is a credit of its own.

    Attributes:
        id: Permanent.
        holder: The entity that holds it.
        source: Mine, attestation and day of production; the level follows from them.
        material: Of the lot that it was booked from.
        unit_mg: Milligrams of contained element to a unit.
        booked_on: When its first ancestor was booked; a transfer makes nothing younger.
        expires_on: First day on which it can no longer be used.
        quantity_mg: When it was made.
        left_mg: Neither passed on nor used up, reserved or not.
        reserved_mg: Of that, promised to somebody.
        parent: The credit that it was split from; "" if it was booked.
        expired: Whether what is left of it has expired.
    """

    id: str
    holder: str
    source: Source
    material: str
    unit_mg: int
    booked_on: datetime.date
    expires_on: datetime.date
    quantity_mg: int
    left_mg: int
    reserved_mg: int = 0
    parent: str = ""
    expired: bool = False

    @property
    def available_mg(self) -> int:
        """What may be passed on, reserved or used up now."""
        return 0 if self.expired else self.left_mg - self.reserved_mg


@dataclass(frozen=True, slots=True)
class Retirement:
    """Credits that were used up for somebody, for good.

    Attributes:
        beneficiary: For whom.
        period: What it is used for, in words of whoever retires: "2026"; "" for none.
    """

    event: str
    on: datetime.date
    credit: str
    holder: str
    source: Source
    quantity_mg: int
    beneficiary: str
    period: str = ""


@dataclass(slots=True)
class Credits:
    """All credits while acts are replayed in the order of time.

    Every act gives findings; with a finding nothing has changed. `day` never steps back.
    """

    by_id: dict[str, Credit] = field(default_factory=dict)
    retired: list[Retirement] = field(default_factory=list)
    _soonest: datetime.date = field(default=datetime.date.max, compare=False)
    _counted: int = field(default=0, compare=False)

    def book(
        self,
        credit_id: str,
        *,
        holder: str,
        source: Source,
        material: str,
        quantity_mg: int,
        day: datetime.date,
        allowed: CustodyRules,
        place: Place | None = None,
    ) -> tuple[Finding, ...]:
        """Make credits for attested mass; whether that mass is there, the caller has seen to.

        Args:
            credit_id: Of the new credit.
            holder: The entity that books.
            source: Mine, attestation and day of production.
            material: Of the lot that it is booked from.
            quantity_mg: Whole units.
            day: From which its life counts.
            allowed: The constants of the pack on the day: unit and life.
            place: For messages.

        Raises:
            RefusalError: CUSTODY-070 or CUSTODY-071 if the pack does not know unit or life.
        """
        unit_mg = UNITS_MG[allowed.word("credit_unit", tuple(UNITS_MG))]
        expires_on = add_months(day, allowed.whole("credit_life_months"))
        found = [*_whole(quantity_mg, unit_mg, credit_id, place), *self._new(credit_id, place)]
        if not found:
            self.by_id[credit_id] = Credit(
                id=credit_id,
                holder=holder,
                source=source,
                material=material,
                unit_mg=unit_mg,
                booked_on=day,
                expires_on=expires_on,
                quantity_mg=quantity_mg,
                left_mg=quantity_mg,
            )
        return tuple(found)

    def transfer(
        self,
        credit_id: str,
        parts: Sequence[tuple[str, str, int]],
        *,
        actor: str,
        day: datetime.date,
        place: Place | None = None,
    ) -> tuple[Finding, ...]:
        """Pass credits on, in one part or several.

        Args:
            credit_id: Of the credit that is passed on.
            day: On which it is.
            place: For messages.
            parts: New credit, its holder, and milligrams; those of all parts are taken together.
            actor: Who passes on.
        """
        quantity_mg = sum(mg for _, _, mg in parts)
        found = list(self._usable(credit_id, quantity_mg, actor, day, place))
        for new_id, _, mg in parts:
            found += self._new(new_id, place)
            if credit_id in self.by_id:
                found += _whole(mg, self.by_id[credit_id].unit_mg, new_id, place)
        names = [new_id for new_id, _, _ in parts]
        found += [_made_twice(name, place) for name in sorted(set(names)) if names.count(name) > 1]
        if not found:
            old = self.by_id[credit_id]
            self.by_id[credit_id] = replace(old, left_mg=old.left_mg - quantity_mg)
            for new_id, holder, mg in parts:
                self.by_id[new_id] = replace(
                    old,
                    id=new_id,
                    holder=holder,
                    quantity_mg=mg,
                    left_mg=mg,
                    reserved_mg=0,
                    parent=credit_id,
                )
        return tuple(found)

    def retire(
        self,
        credit_id: str,
        quantity_mg: int,
        *,
        actor: str,
        beneficiary: str,
        day: datetime.date,
        event: str = "",
        period: str = "",
        place: Place | None = None,
    ) -> tuple[Finding, ...]:
        """Use credits up for a beneficiary, once and for good."""
        found = list(self._usable(credit_id, quantity_mg, actor, day, place))
        if credit_id in self.by_id:
            found += _whole(quantity_mg, self.by_id[credit_id].unit_mg, credit_id, place)
        if not beneficiary:
            facts = {"event": event, "credit": credit_id}
            found.append(Finding(rules.RETIREMENT_NAMES_ITS_BENEFICIARY, facts, place))
        if not found:
            old = self.by_id[credit_id]
            self.by_id[credit_id] = replace(old, left_mg=old.left_mg - quantity_mg)
            self.retired.append(
                Retirement(
                    event, day, credit_id, actor, old.source, quantity_mg, beneficiary, period
                )
            )
        return tuple(found)

    def reserve(
        self, credit_id: str, quantity_mg: int, *, actor: str, day: datetime.date
    ) -> tuple[Finding, ...]:
        """Promise credits, so that they cannot be used otherwise until they are released."""
        found = self._usable(credit_id, quantity_mg, actor, day, None)
        if credit_id in self.by_id:
            found += _whole(quantity_mg, self.by_id[credit_id].unit_mg, credit_id, None)
        if not found:
            old = self.by_id[credit_id]
            self.by_id[credit_id] = replace(old, reserved_mg=old.reserved_mg + quantity_mg)
        return found

    def release(self, credit_id: str, quantity_mg: int) -> None:
        """Give back what was promised.

        Raises:
            InvariantError: If less was promised.
        """
        old = self.by_id[credit_id]
        if not 0 <= quantity_mg <= old.reserved_mg:
            raise InvariantError(f"{quantity_mg} mg released of {old.reserved_mg} mg")
        self.by_id[credit_id] = replace(old, reserved_mg=old.reserved_mg - quantity_mg)

    def expire(self, day: datetime.date) -> tuple[Credit, ...]:
        """Let everything expire whose day has come, and give it; what is reserved expires too."""
        new = islice(reversed(self.by_id.values()), len(self.by_id) - self._counted)
        self._soonest = min((self._soonest, *(one.expires_on for one in new if not one.expired)))
        self._counted = len(self.by_id)
        if day < self._soonest:
            return ()
        ended = tuple(
            one for one in self.by_id.values() if one.expires_on <= day and not one.expired
        )
        for one in ended:
            self.by_id[one.id] = replace(one, expired=True)
        waiting = (one.expires_on for one in self.by_id.values() if not one.expired)
        self._soonest = min(waiting, default=datetime.date.max)
        return ended

    def _usable(
        self,
        credit_id: str,
        quantity_mg: int,
        actor: str,
        day: datetime.date,
        place: Place | None,
    ) -> tuple[Finding, ...]:
        credit = self.by_id.get(credit_id)
        if credit is None or credit.holder != actor:
            # somebody else's and nobody's look alike
            facts = {"credit": credit_id, "entity": actor}
            return (Finding(rules.CREDIT_IS_HELD, facts, place),)
        if credit.expired or day >= credit.expires_on:
            facts = {"credit": credit_id, "expires_on": credit.expires_on.isoformat()}
            facts["on"] = day.isoformat()
            return (Finding(rules.CREDIT_IS_NOT_EXPIRED, facts, place),)
        there = credit.left_mg - credit.reserved_mg
        if quantity_mg > there:
            facts = {"credit": credit_id, "left": f"{there} mg", "used": f"{quantity_mg} mg"}
            facts["reserved"] = f"{credit.reserved_mg} mg"
            return (Finding(rules.CREDIT_IS_USED_ONCE, facts, place),)
        return ()

    def _new(self, credit_id: str, place: Place | None) -> tuple[Finding, ...]:
        return (_made_twice(credit_id, place),) if credit_id in self.by_id else ()


def _made_twice(credit_id: str, place: Place | None) -> Finding:
    return Finding(rules.CREDIT_IS_USED_ONCE, {"credit": credit_id, "made": "twice"}, place)


def _whole(
    quantity_mg: int, unit_mg: int, credit_id: str, place: Place | None
) -> tuple[Finding, ...]:
    if quantity_mg > 0 and not quantity_mg % unit_mg:
        return ()
    facts = {"credit": credit_id, "quantity": f"{quantity_mg} mg", "unit": f"{unit_mg} mg"}
    return (Finding(rules.CREDITS_ARE_WHOLE_UNITS, facts, place),)
