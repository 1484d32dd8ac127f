from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from stannary.core.verification import report_as_dict
from stannary.web.verification.checking import check
from stannary.web.verification.views import today

router = Router(tags=["verification"])


class CheckIn(Schema):
    """A file to check, as text."""

    text: str = Field(
        min_length=1,
        max_length=20_000_000,
        description="A claim file, result file, credential, log proof or receipt of a total.",
    )


class StepOut(Schema):
    """One step of the check."""

    number: int = Field(description="From 1, in the order in which the steps are taken.")
    name: str = Field(description="Permanent name of the step.")
    outcome: str = Field(description="pass, fail or not_checked")
    title: str = Field(description="What the step asks, for people.")
    reason: str = Field(description="Why it came out so, for people.")
    where: str | None = Field(description="What in the file it is about; null for no place.")


class ReportOut(Schema):
    """What a check found."""

    file: str = Field(description="Name of what was handed in.")
    kind: str = Field(
        description="claim_file, result_file, credential, plain_credential, log_proof or total_receipt"
    )
    on: str = Field(description="The day for which it was checked.")
    holds: bool = Field(description="True: a signature was checked, and no step failed.")
    summary: str = Field(description="How the check came out, in one line.")
    statement: dict[str, Any] | None = Field(
        description="What was signed, by whom, for how long; null: unreadable."
    )
    steps: list[StepOut] = Field(description="All steps, in order.")
    findings: list[dict[str, Any]] = Field(
        description="Rules that are not kept, each with its place."
    )


@router.post("", response=ReportOut, summary="Check a file; nothing is stored")
def check_file(request: HttpRequest, body: CheckIn) -> dict[str, object]:
    """Check a file with this register's keys as what is trusted."""
    return report_as_dict(check(body.text.encode(), name="text", on=today()))
