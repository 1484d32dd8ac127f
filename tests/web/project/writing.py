"""A write of the API, sent and answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.test import Client

from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.claims.models import Claim
from stannary.web.custody.models import Movement
from stannary.web.parties.models import Person
from stannary.web.publications.models import PublishedResult

SignIn = Callable[[Person], Client]
OPEN_MINING = "stannary/open-mining/0.1"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
ROW = {
    "event": "E-N",
    "at": "2026-03-21T08:00:00Z",
    "kind": "purchase",
    "site": "plant",
    "entity": "Example Cells",
    "lot": "L-N",
    "side": "out",
    "material": "lithium carbonate",
    "mass_mg": "1000",
    "content_mg": "188",
}
CSV = ",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n"


@dataclass(frozen=True)
class Write:
    """A write of the API, how it is called, and by whom."""

    address: str
    body: Any
    who: str
    wrong: str
    other: Any
    status: int = 201

    def made(self) -> int:
        """Count what it makes."""
        model = {
            "/api/v1/assessments": Assessment,
            "/api/v1/results": PublishedResult,
            "/api/v1/movements": Movement,
            "/api/v1/claims": Claim,
        }.get(self.address, RatingRecord)
        return int(model._default_manager.count())


def post(client: Client, address: str, body: Any, key: str | None = None) -> HttpResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/csv" if isinstance(body, str) else "application/json"
    answer: HttpResponse = client.post(address, text, content_type=kind, headers=headers)  # type: ignore[assignment]
    return answer


def said(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__name__ != "Session"]
    return {model._meta.label: model._default_manager.count() for model in models}
