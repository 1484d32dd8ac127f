"""What pages and programs are shown of what a correction touches."""

from typing import Any

from stannary.core.restatements import (
    BalanceOfAccount,
    ClaimEffect,
    CreditEffect,
    Effects,
    KeptEffects,
    Notice,
    Remedy,
)
from stannary.web.claims import of_sites
from stannary.web.custody.views import share_text
from stannary.web.project.problems import finding_shape, why
from stannary.web.restatements import words
from stannary.web.restatements.queries import Told

SHOWN = 200


def shown(told: Told) -> dict[str, Any]:
    """Give effects as the page says them; a sale and a claim are called after what they are about."""
    found, kept = told.effects, told.kept
    findings = _findings(told)
    return {
        "effects": found,
        "nothing": not (found.lots or findings or (kept and (kept.credits or kept.accounts))),
        "touched": [
            {
                "one": one,
                "covered": share_text(one.after.covered),
                "remedies": _remedies(one.remedies),
            }
            for one in found.lots[:SHOWN]
        ],
        "sales": [{"one": one, "remedies": _remedies(one.remedies)} for one in found.sales],
        "backed": [
            {"one": one, "remedies": _remedies(one.remedies)}
            for one in found.credits
            if kept is None or one.credits.id not in {each.id for each in kept.credits}
        ],
        "unkept": kept is None,
        "credits": _credits(kept),
        "uses": kept.uses[:SHOWN] if kept else (),
        "accounts": _accounts(kept),
        "claims": [
            {
                "one": one,
                "id": one.made.claim.id.removeprefix("urn:uuid:"),
                "subject": of_sites.subject(one.made.claim),
                "why": why(one.findings),
                "claimed": share_text(one.made.claim.share),
                "before": share_text(one.supported_before),
                "after": share_text(one.supported_after),
                "remedies": _remedies(one.remedies),
            }
            for one in found.claims
        ],
        "told": _people(found, kept),
        "new": [finding_shape(one) for one in findings[:SHOWN]],
    }


def _remedies(those: tuple[Remedy, ...]) -> list[Any]:
    return [words.REMEDIES[one] for one in those]


def _credits(kept: KeptEffects | None) -> list[dict[str, Any]]:
    those = kept.credits[:SHOWN] if kept else ()
    return [{"one": one, "remedies": _remedies(one.remedies)} for one in those]


def _accounts(kept: KeptEffects | None) -> list[dict[str, Any]]:
    those = kept.accounts[:SHOWN] if kept else ()
    return [{"one": one, "remedies": _remedies(one.remedies)} for one in those]


def _findings(told: Told) -> list[Any]:
    """Give what would not hold: of both comparisons, each once."""
    found: dict[Any, Any] = {}
    for one in (*told.effects.findings, *(told.kept.findings if told.kept else ())):
        found.setdefault((one.code, tuple(one.facts.items())), one)
    return list(found.values())


def _people(found: Effects, kept: KeptEffects | None) -> list[dict[str, Any]]:
    lot_of = {one.transaction.terms.id: one.transaction.terms.item for one in found.sales}
    lot_of |= {one.made.claim.id: of_sites.subject(one.made.claim) for one in found.claims}
    about: dict[tuple[str, str], set[str]] = {}
    for one in _notices(found, kept):
        names = {lot_of.get(name, name) for name in one.about}
        about.setdefault((one.entity, one.role), set()).update(names)
    return [
        {
            "who": who,
            "role": words.ROLES[role],
            "about": sorted(names)[:8],
            "more": max(0, len(names) - 8),
        }
        for (who, role), names in sorted(about.items())
    ]


def _notices(found: Effects, kept: KeptEffects | None) -> tuple[Notice, ...]:
    return (*found.notices, *(kept.notices if kept else ()))


def shape(told: Told) -> dict[str, Any]:
    """Give what is touched as programs read it."""
    found, kept = told.effects, told.kept
    return {
        "lots": [
            {
                "lot": one.lot,
                "holder": one.holder,
                "left_before_mg": str(one.before.left.content_mg),
                "left_after_mg": str(one.after.left.content_mg),
                "missing_mg": str(one.missing_mg),
                "remedies": [str(each) for each in one.remedies],
            }
            for one in found.lots
        ],
        "sales": [
            {
                "transaction": one.transaction.terms.id,
                "lot": one.transaction.terms.item,
                "missing_mg": str(one.missing_mg),
                "remedies": [str(each) for each in one.remedies],
            }
            for one in found.sales
        ],
        "credits": [_credit_shape(one) for one in (kept.credits if kept else ())],
        "accounts": [_account_shape(one) for one in (kept.accounts if kept else ())],
        "claims": [_claim_shape(one) for one in found.claims],
        "told": [
            {"entity": one.entity, "role": one.role, "about": list(one.about)}
            for one in _notices(found, kept)
        ],
        "findings": [one.code for one in _findings(told)],
        "against": [{"code": one.code, "message": one.message} for one in told.against],
    }


def _claim_shape(one: ClaimEffect) -> dict[str, Any]:
    claim = one.made.claim
    on = claim.blending
    return {
        "claim": claim.id,
        "lot": claim.lot,
        "facility": on.facility if on else None,
        "material": on.material if on else None,
        "period": str(on.period) if on else None,
        "made_by": claim.made_by,
        "holds": one.holds,
        "because": list(dict.fromkeys(each.code for each in one.findings)),
        "remedies": [str(each) for each in one.remedies],
    }


def _credit_shape(one: CreditEffect) -> dict[str, Any]:
    return {
        "credit": one.id,
        "holder": one.holder,
        "before_mg": str(one.before_mg),
        "after_mg": str(one.after_mg),
        "passed_on_mg": str(one.passed_on_mg),
        "remedies": [str(each) for each in one.remedies],
    }


def _account_shape(one: BalanceOfAccount) -> dict[str, str]:
    return {
        "entity": one.entity,
        "account": one.account,
        "period": one.period,
        "before_mg": str(one.before_mg),
        "after_mg": str(one.after_mg),
    }
