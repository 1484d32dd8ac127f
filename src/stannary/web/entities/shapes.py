"""Entities and certificates as plain shapes, for the API and for downloads."""

from typing import Any

from stannary.web.entities.models import CertificateStep
from stannary.web.entities.queries import Entity, Held

Shape = dict[str, Any]
COLUMNS = (
    "certificate", "entity", "name", "illustrative", "kind", "pack", "sites", "materials", "models",
    "valid_from", "valid_until", "pilot", "issuer", "status", "on", "reason", "full_from", "groups",
    "surveillance", "surveillance_due_on", "mass_balance_method",
)  # fmt: skip


def last_step(one: Held) -> CertificateStep | None:
    """Give the newest change of status."""
    return max(one.row.steps.all(), key=lambda step: step.on, default=None)


def row(one: Held, day: str) -> Shape:
    """Give a certificate as a row of the download, as it stands on a day."""
    step = last_step(one)
    return {
        "certificate": one.row.number,
        "entity": one.row.holder.slug,
        "name": one.row.holder.name,
        "illustrative": one.row.holder.illustrative,
        "kind": one.row.kind,
        "pack": one.row.pack,
        "sites": one.row.sites,
        "materials": "; ".join(one.row.materials.splitlines()),
        "models": one.row.models_covered,
        "valid_from": one.row.valid_from.isoformat(),
        "valid_until": one.row.valid_until.isoformat(),
        "pilot": one.row.pilot,
        "issuer": one.row.issuer.name,
        "status": str(one.status),
        "on": day,
        "reason": step.reason if step else "",
        "full_from": f"{one.certificate.full_from or ''}",
        "surveillance": "" if one.surveillance is None else str(one.surveillance.due),
        "surveillance_due_on": f"{(one.surveillance and one.surveillance.on) or ''}",
        "mass_balance_method": one.row.mass_balance_method,
        "groups": "; ".join(f"{each.name}: {each.sites}" for each in one.row.groups.all()),
    }


def certificate(one: Held) -> Shape:
    """Give a certificate with everything that was recorded of it."""
    return {
        "number": one.row.number,
        "entity": one.row.holder.slug,
        "kind": one.row.kind,
        "pack": one.row.pack,
        "mass_balance_method": one.row.mass_balance_method,
        "sites": one.row.sites.split(),
        "materials": one.row.materials.splitlines(),
        "models": one.row.models_covered.split(),
        "valid_from": one.row.valid_from,
        "valid_until": one.row.valid_until,
        "pilot": one.row.pilot,
        "full_from": one.certificate.full_from,
        "groups": [
            {"name": each.name, "sites": each.sites.split()} for each in one.row.groups.all()
        ],
        "surveillance": surveillance(one),
        "issuer": one.row.issuer.slug,
        "status": str(one.status),
        "changes": [
            {"on": step.on, "status": step.status, "reason": step.reason}
            for step in one.row.steps.all()
        ],
        "agreements": [
            {
                "contractor": made.contractor,
                "site": made.site,
                "valid_from": made.valid_from,
                "valid_until": made.valid_until,
                "reference": made.reference,
            }
            for made in one.row.agreements.all()
        ],
    }


def surveillance(one: Held) -> Shape | None:
    """Give what surveillance was done and what is to be done next; None: nobody says how often."""
    if one.surveillance is None:
        return None
    return {
        "due": str(one.surveillance.due),
        "due_on": one.surveillance.on,
        "done": [
            {"on": visit.on, "outcome": visit.outcome, "note": visit.note, "by": visit.office.slug}
            for visit in one.row.visits.all()
        ],
    }


def entity(one: Entity) -> Shape:
    """Give an entity with its certificates."""
    return {
        "id": one.organisation.slug,
        "name": one.organisation.name,
        "illustrative": one.organisation.illustrative,
        "kinds": list(one.kinds),
        "status": one.status or "none",
        "certificates": [certificate(each) for each in one.held],
        "address": f"/entities/{one.organisation.slug}/",
    }
