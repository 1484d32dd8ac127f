"""An edition as an entry of a UNTP 0.7.0 conformity vocabulary catalogue.

The standard becomes a ConformityScheme with one profile, each requirement a Criterion whose address is
that of its page, so that credentials and catalogue speak of the same thing. Of endorsement it says the
least that the form allows, `endorsed_self`: a pack knows of no other.

Rules: STANDARD-010.
"""

from collections.abc import Iterator
from typing import Any

from stannary.core.kernel import refuse
from stannary.core.standards import Edition, Requirement
from stannary.core.standards.rules import EDITION_HAS_REQUIREMENTS

CONTEXT = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
TOPICS = "https://vocabulary.uncefact.org/conformity-topics/"
SPECIFICATION = "https://untp.unece.org/artefacts/schema/v0.7.0/cvc/ConformityScheme.json"

Json = dict[str, Any]


def scheme_of(edition: Edition, site: str) -> Json:
    """Give an edition as a ConformityScheme.

    Args:
        edition: Complete; an outline has no criteria that anybody could be held to.
        site: Where it is served, without a slash at the end: "https://example.org".

    Raises:
        RefusalError: STANDARD-010 for an edition that is not complete, or scores no site.
    """
    if not edition.requirements_complete or edition.kind != "assurance":
        refuse(EDITION_HAS_REQUIREMENTS, edition=edition.id)
    page = f"{site}/standards/{edition.id}/"
    scheme = {"id": f"{page}#scheme", "name": edition.title}
    return {
        "@context": [CONTEXT],
        "type": ["ConformityScheme"],
        **scheme,
        "description": edition.summary,
        "owner": {"id": f"{page}#publisher", "name": edition.publisher},
        "endorsementLevel": "endorsed_self",
        "schemeScoringFramework": {
            "name": "Achievement levels",
            "description": "Lowest first.",
            "score": [
                {"code": level.code, "rank": rank, "definition": level.summary}
                for rank, level in enumerate(edition.levels, start=1)
            ],
        },
        "documentation": page,
        "conformsTo": {"linkName": "UNTP 0.7.0", "linkURL": SPECIFICATION},
        "includedProfile": [_profile(edition, page, scheme)],
    }


def _profile(edition: Edition, page: str, scheme: Json) -> Json:
    return {
        "type": ["ConformityProfile"],
        "id": page,
        "name": edition.title,
        "description": edition.summary,
        "version": edition.edition,
        "validFrom": edition.in_force_from.isoformat(),
        "status": "active",
        "subjectType": "facility",
        "criterionScoringFramework": [
            {
                "name": "Ratings",
                "description": "Worst first.",
                "score": [
                    {"code": str(each.rating), "rank": rank, "definition": each.title}
                    for rank, each in enumerate(reversed(edition.ratings), start=1)
                ],
            }
        ],
        "documentation": page,
        "scheme": scheme,
        "criterion": list(_criteria(edition, page)),
    }


def _criteria(edition: Edition, page: str) -> Iterator[Json]:
    needed = [
        word
        for level in edition.levels
        if level.critical_at_least is not None
        and (word := level.critical_at_least.word_on(edition.in_force_from)) is not None
    ]
    metric = {"id": f"{page}#rating", "name": "Rating"}
    for requirement in edition.requirements:
        address = f"{page}{requirement.id}/"
        performance = {"metric": metric, "score": {"code": needed[0]}} if needed else None
        yield {
            "type": ["Criterion"],
            "id": address,
            "name": f"{requirement.id} {requirement.title}",
            "description": requirement.demand,
            "version": edition.edition,
            "status": "active",
            "documentation": address,
            "conformityTopic": list(_topics(requirement)),
            "tag": [*requirement.tags, *(["critical"] if requirement.critical else [])],
            "requiredPerformance": [performance] if performance and requirement.critical else [],
        }


def _topics(requirement: Requirement) -> Iterator[Json]:
    for tag in requirement.tags:
        scheme, _, code = tag.partition(":")
        if scheme == "untp":
            name = code.replace("-", " ").capitalize()
            yield {"type": ["ConformityTopic"], "id": TOPICS + code, "name": name}
