"""What is kept of lots, accounts and credits, as texts of the database and back."""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stannary.core.custody import (
    AccountKey,
    AccountState,
    Amounts,
    BalancePeriod,
    Credit,
    EntityProof,
    Holdings,
    Kind,
    Lot,
    LotState,
    Makeup,
    Method,
    Model,
    Proof,
    Seen,
    Source,
    SourceKind,
    Term,
    Told,
    Whereabouts,
    key_of,
)
from stannary.core.kernel import Finding
from stannary.formats.canonical import sha256_hex


def _text(shape: object) -> str:
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _amounts(amounts: Amounts) -> list[list[Any]]:
    return [
        [one.produced_on.isoformat(), one.site, one.attestation, str(one.kind), mg]
        for one, mg in sorted(amounts.items())
    ]


def _amounts_from(shape: Iterable[Sequence[Any]]) -> dict[Source, int]:
    return {
        Source(_day(day), site, attestation, SourceKind(kind)): mg
        for day, site, attestation, kind, mg in shape
    }


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _model(text: str) -> Model | None:
    return Model(text) if text else None


def lot_text(state: LotState) -> str:
    """Write what is kept of a lot."""
    seen = state.seen
    lot, where, makeup = seen.lot, seen.where, seen.makeup
    return _text(
        [
            [
                lot.event_id, lot.at.isoformat(), lot.site, lot.entity, lot.material, lot.mass_mg,
                lot.content_mg, str(lot.model or ""), lot.attestation, str(lot.kind),
                *([lot.element] if lot.element else []),
            ],
            [
                seen.left_mass_mg, seen.left_content_mg, str(seen.model or ""),
                str(seen.ceiling or ""),
            ],
            [where.entity, where.site, where.since.isoformat(), where.in_transit],
            [makeup.site, makeup.other_site, makeup.unattested, makeup.outside],
            _amounts(state.carried),
            _amounts(state.given),
            *([dict(sorted(state.weighed.items()))] if state.weighed else []),
        ]
    )  # fmt: skip


def lot_from(name: str, text: str) -> LotState:
    """Read what `lot_text` wrote."""
    made, left, where, makeup, carried, given, *weighed = json.loads(text)
    event, at, site, entity, material, mass_mg, content_mg, model, attestation, kind, *named = made
    lot = Lot(
        name, event, _time(at), site, entity, material, mass_mg, content_mg, _model(model),
        attestation, Kind(kind), *named,
    )  # fmt: skip
    holder, place, since, in_transit = where
    there = Whereabouts(holder, place, _time(since), in_transit)
    models = (_model(left[2]), _model(left[3]))
    seen = Seen(lot, left[0], left[1], there, *models, Makeup(*makeup))
    amounts = (_amounts_from(carried), _amounts_from(given))
    return LotState(seen, *amounts, weighed[0] if weighed else {})


def account_text(state: AccountState) -> str:
    """Write what is kept of an account in which nothing waits; shares are for findings nobody asks for."""
    period = state.period
    return _text(
        [
            [*state.key, str(state.method)],
            None if period is None else _period(period),
            [[*_period(one), _amounts(amounts)] for one, amounts in state.buckets],
            _amounts(state.opening),
            _amounts(state.entered),
            _amounts(state.given),
            [state.content_in_mg, state.content_left_mg],
            {str(kind): mg for kind, mg in sorted(state.lapsed_mg.items())},
        ]
    )


def _period(one: BalancePeriod) -> list[str]:
    return [one.valid_from.isoformat(), one.valid_until.isoformat()]


def account_from(text: str) -> AccountState:
    """Read what `account_text` wrote."""
    whose, period, buckets, opening, entered, given, content, lapsed = json.loads(text)
    *key, method = whose
    return AccountState(
        key=AccountKey(*key),
        method=Method(method),
        period=None if period is None else BalancePeriod(*map(_day, period)),
        buckets=tuple(
            (BalancePeriod(_day(begin), _day(end)), _amounts_from(amounts))
            for begin, end, amounts in buckets
        ),
        opening=_amounts_from(opening),
        entered=_amounts_from(entered),
        given=_amounts_from(given),
        content_in_mg=content[0],
        content_left_mg=content[1],
        waiting=(),
        shares=(),
        lapsed_mg={SourceKind(kind): mg for kind, mg in lapsed.items()},
    )


def account_key_text(key: Sequence[str]) -> str:
    """Give a digest for entity, boundary, material and element: together they are too long for an index."""
    return sha256_hex(_text(list(key_of(AccountKey(*key))[1:])).encode())


def told_text(told: Told) -> str:
    """Write what an account contributes to the proof, and what periods that ended left to say."""
    return _text(
        [
            {str(kind): mg for kind, mg in told.balance_mg.items()},
            {str(kind): mg for kind, mg in sorted(told.lapsed_mg.items())},
            [finding_key(one) for one in told.ends],
        ]
    )


def told_from(text: str) -> Told:
    """Read what an account contributed to the proof."""
    balance, lapsed, _ = json.loads(text)
    return Told(
        statements=(),
        balance_mg={SourceKind(kind): mg for kind, mg in balance.items()},
        lapsed_mg={SourceKind(kind): mg for kind, mg in lapsed.items()},
        acts=(),
        ends=(),
    )


def ends_from(text: str) -> list[list[Any]]:
    """Give what periods that ended left to say, as `finding_key` writes it."""
    ends: list[list[Any]] = json.loads(text)[2]
    return ends


def finding_key(one: Finding) -> list[Any]:
    """Give what tells a finding from others: its code and facts, in order."""
    return [one.code, [[name, str(value)] for name, value in sorted(one.facts.items())]]


def credit_text(credit: Credit) -> str:
    """Write what is kept of a credit; whether it has expired follows from the days."""
    source = credit.source
    return _text(
        [
            credit.holder, source.produced_on.isoformat(), source.site, source.attestation,
            str(source.kind), credit.material, credit.unit_mg, credit.booked_on.isoformat(),
            credit.expires_on.isoformat(), credit.quantity_mg, credit.left_mg, credit.reserved_mg,
            credit.parent,
        ]
    )  # fmt: skip


def credit_from(name: str, text: str, latest: datetime.date | None) -> Credit:
    """Read what `credit_text` wrote.

    Args:
        name: Its id.
        text: What was written.
        latest: The day of the latest event; what expires by then has expired.
    """
    (
        holder, produced_on, site, attestation, kind, material, unit_mg, booked_on, expires_on,
        quantity_mg, left_mg, reserved_mg, parent,
    ) = json.loads(text)  # fmt: skip
    return Credit(
        id=name,
        holder=holder,
        source=Source(_day(produced_on), site, attestation, SourceKind(kind)),
        material=material,
        unit_mg=unit_mg,
        booked_on=_day(booked_on),
        expires_on=_day(expires_on),
        quantity_mg=quantity_mg,
        left_mg=left_mg,
        reserved_mg=reserved_mg,
        parent=parent,
        expired=latest is not None and _day(expires_on) <= latest,
    )


def proof_from(shape: Mapping[str, Any]) -> Proof:
    """Read a proof that is stored with the book."""
    return Proof(
        entities=tuple(
            EntityProof(
                one["entity"],
                SourceKind(one["kind"]),
                {Term(term): int(mg) for term, mg in one["terms"].items()},
                Holdings(int(one["lots_mg"]), int(one["accounts_mg"]), int(one["credits_mg"])),
            )
            for one in shape["entities"]
        ),
        entered_mg=int(shape["entered_mg"]),
        sayable_mg=int(shape["sayable_mg"]),
    )
