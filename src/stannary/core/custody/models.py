"""Chain of custody models: what a lot may be called, given what it is made of.

Rules: CUSTODY-014, CUSTODY-015, CUSTODY-016.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stannary.core.custody import rules
from stannary.core.custody.events import Event
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Kind, Model, Row, weakest
from stannary.core.kernel import Finding


@dataclass(frozen=True, slots=True)
class Makeup:
    """What the rules of the models need to know of a lot's origins; of constant size.

    Attributes:
        site: The first site of origin; None if no part is mined.
        other_site: A second one; None if there is at most one.
        unattested: A site whose material names no attestation; None if all name one.
        outside: "recycle" or "purchase" if a part is recycled or of unknown origin, else None.
    """

    site: str | None = None
    other_site: str | None = None
    unattested: str | None = None
    outside: str | None = None

    def with_(self, other: "Makeup") -> "Makeup":
        """Give the makeup of a mix."""
        sites = [
            site
            for site in (self.site, other.site, self.other_site, other.other_site)
            if site is not None
        ]
        return Makeup(
            site=sites[0] if sites else None,
            other_site=next((site for site in sites if site != sites[0]), None),
            unattested=self.unattested or other.unattested,
            outside=self.outside or other.outside,
        )


@dataclass(slots=True)
class Models:
    """The model of every lot after its last move, its origins, and what was wrong on the way.

    Attributes:
        current: As named where the lot was made or moved; None when it was not.
        ceilings: The strongest that may be named for it from now on: the weakest that was named on
            its way, also where it was left out at last.
        makeups: What it is made of.
        findings: Each with the index of its event.
    """

    current: dict[str, Model | None] = field(default_factory=dict)
    ceilings: dict[str, Model | None] = field(default_factory=dict)
    makeups: dict[str, Makeup] = field(default_factory=dict)
    findings: list[tuple[int, Finding]] = field(default_factory=list)


def check_models(
    events: Sequence[Event],
    maker: Mapping[str, int],
    allowed: CustodyRules,
    before: Models | None = None,
) -> Models:
    """Check the models named in a sequence of events.

    A row that names no model is not checked and changes nothing: what is made without one keeps the
    weakest that was named on its way, so that leaving it out once raises nothing. A move may lower
    the model of a lot for good; a use may lower it for the part used.

    Args:
        events: In the order of replay.
        maker: Lot id to the index of the event that made it.
        allowed: Whether a model may rise.
        before: What events before these left; it is changed.
    """
    models = Models() if before is None else before
    makeups, ceilings = models.makeups, models.ceilings
    for index, event in enumerate(events):
        if event.kind.is_credit:
            continue
        findings = [
            *_taken(event.inputs, ceilings, makeups),
            *_taken(event.moves, ceilings, makeups),
        ]
        for row in event.moves:
            if row.lot in models.current:
                models.current[row.lot] = weakest((models.current[row.lot], row.model))
                ceilings[row.lot] = weakest((ceilings[row.lot], row.model))
        mixed = Makeup()
        used: list[Model | None] = []
        for row in event.inputs:
            mixed = mixed.with_(makeups.get(row.lot, Makeup()))
            used += [ceilings.get(row.lot), row.model]
        for row in event.outputs:
            if maker[row.lot] == index:
                makeup = _source(row) if event.kind.is_source else mixed
                findings += [*_rise(row, weakest(used)), *_origins(row, makeup)]
                models.current[row.lot] = row.model
                ceilings[row.lot] = row.model or weakest(used)
                makeups[row.lot] = makeup
        models.findings.extend(
            (index, finding)
            for finding in findings
            if finding.rule is not rules.MODEL_NEVER_RISES or not allowed.model_upgrade_allowed
        )
    return models


def _taken(
    rows: Sequence[Row], ceilings: Mapping[str, Model | None], makeups: Mapping[str, Makeup]
) -> Iterator[Finding]:
    for row in rows:
        if row.lot in ceilings:
            yield from _rise(row, ceilings[row.lot])
            yield from _origins(row, makeups[row.lot])


def _source(row: Row) -> Makeup:
    if row.kind is not Kind.PRODUCE:
        return Makeup(outside=row.kind)
    return Makeup(site=row.site, unattested=None if row.attestation else row.site)


def _rise(row: Row, before: Model | None) -> Iterator[Finding]:
    if row.model is not None and before is not None and row.model.rank < before.rank:
        facts = {"lot": row.lot, "event": row.event, "model": str(row.model), "before": str(before)}
        yield Finding(rules.MODEL_NEVER_RISES, facts, row.place_of("model"))


def _origins(row: Row, makeup: Makeup) -> Iterator[Finding]:
    facts = {"lot": row.lot, "event": row.event}
    place = row.place_of("model")
    if row.model is Model.IDENTITY_PRESERVED:
        if makeup.other_site is not None:
            sites = f"{makeup.site}, {makeup.other_site}"
            yield Finding(rules.IDENTITY_HAS_ONE_SITE, {**facts, "sites": sites}, place)
        if makeup.outside is not None:
            part = {**facts, "part_from": makeup.outside}
            yield Finding(rules.IDENTITY_HAS_ONE_SITE, part, place)
    if row.model is Model.SEGREGATED:
        if makeup.unattested is not None:
            site = {**facts, "site": makeup.unattested}
            yield Finding(rules.SEGREGATED_IS_ATTESTED, site, place)
        if makeup.outside is not None:
            part = {**facts, "part_from": makeup.outside}
            yield Finding(rules.SEGREGATED_IS_ATTESTED, part, place)
