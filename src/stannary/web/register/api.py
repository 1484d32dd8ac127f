"""The register for programs: sums, the proof, and what was suspended."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from stannary.web.custody.books import queries as books
from stannary.web.custody.books import shapes
from stannary.web.custody.books.api import TotalsOut
from stannary.web.register import downloads, queries

router = Router(tags=["register"])


class RegisterSuspensionOut(Schema):
    """A time in which a certificate or an achievement gives nothing."""

    kind: str = Field(description="certificate or achievement.", examples=["certificate"])
    id: str = Field(description="Number or identifier.", examples=["EXAMPLE-COC-2"])
    whose: str = Field(
        description="Name of the entity or the mine.", examples=["Example South Mining"]
    )
    status: str = Field(description="suspended or withdrawn.", examples=["suspended"])
    since: str = Field(description="First day.", examples=["2026-09-01"])
    until: str = Field(
        description="First day on which it counts again; empty: not known.", examples=[""]
    )
    reason: str = Field(description="In words.", examples=["Books were not handed in."])
    illustrative: bool = Field(description="True: made up.", examples=[True])


class EntityProofOut(Schema):
    """What an entity may say is what came in less what went, as far as it lets this be told."""

    entity: str = Field(
        description="Its name; empty: all together whose quantities are not told one by one.",
        examples=["Example Refining"],
    )
    kind: str = Field(description="mined or recycled.", examples=["mined"])
    terms: dict[str, str] | None = Field(
        description="Each term in milligrams; null: not told.", examples=[{"received": "875000000"}]
    )
    lots_mg: str | None = Field(
        description="Carried by lots it holds; null: not told.", examples=["875000000"]
    )
    accounts_mg: str | None = Field(description="In its accounts; null: not told.", examples=["0"])
    credits_mg: str | None = Field(
        description="Its credits in force; null: not told.", examples=["0"]
    )
    holds: bool = Field(description="Whether no more may be said than came in.", examples=[True])


class ProofOut(Schema):
    """That nowhere more may be said than came in."""

    entered_mg: str = Field(description="Produced with an attestation.", examples=["1337000000"])
    sayable_mg: str = Field(
        description="May still be said, or was by using up.", examples=["1274000000"]
    )
    holds: bool = Field(description="Whether all of it holds.", examples=[True])
    entities: list[EntityProofOut] = Field(description="Entity by entity.")


class RegisterOut(Schema):
    """The register in sums; lists have addresses of their own."""

    on: str = Field(description="Day.", examples=["2026-11-22"])
    claims_in_force: int = Field(description="How many.", examples=[1])
    credits: TotalsOut = Field(description="What became of all credits.")
    proof: ProofOut | None = Field(description="Null: nothing is booked.")
    suspensions: list[RegisterSuspensionOut] = Field(description="Newest first.")


@router.get("", response=RegisterOut, summary="The register in sums")
def register(request: HttpRequest) -> dict[str, Any]:
    """Give sums as of today, the proof with its terms, and every suspension."""
    today = timezone.localdate()
    proof, _kept_on = books.proof_as_allowed()
    return {
        "on": today.isoformat(),
        "claims_in_force": queries.claims_in_force(today).count(),
        "credits": shapes.totals(books.totals(today), today),
        "proof": proof,
        "suspensions": list(downloads.rows()),
    }
