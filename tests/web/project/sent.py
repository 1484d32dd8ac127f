"""What is sent to each address that changes something, and who may send it."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stannary.web.independence import demo as independence
from stannary.web.transactions import demo as transactions
from web.project.asked import ENGAGEMENT, NEXT_MINING, NORTH, NOTE, OPEN_MINING, For

RATING: dict[str, object] = {
    "requirement": "1.4.2.3",
    "rating": "fully",
    "rationale": "",
    "evidence": [],
    "seen": None,
}
OPENING = {
    "site": "example-north-mine",
    "edition": "irma/mining/1.0",
    "firm": "example-assurance",
}
JUDGEMENT = {"chapter": "3.5", "judged": "refused", "reason": "The road is patrolled."}
CERTIFICATE = {
    "kind": "manufacturer",
    "sites": ["example-cell-plant"],
    "materials": "lithium carbonate",
    "models": ["segregated"],
    "valid_from": "2026-01-01",
    "valid_until": "2027-01-01",
    "issuer": "example-scheme",
}
PILOT = {
    **CERTIFICATE,
    "pilot": "on",
    "number": "EXAMPLE-PILOT",
    "valid_from": "2098-01-01",
    "valid_until": "2099-01-01",
}
VISIT = {"on": "2026-06-01", "outcome": "conforms", "note": "Books agree."}
TOLL = {
    "contractor": "Example Toll Milling",
    "site": "example-mill",
    "valid_from": "2026-01-01",
    "reference": "Contract 7, illustrative",
    "valid_until": "2027-01-01",
}
FACTOR = {
    "material": "spodumene concentrate",
    "product": "lithium carbonate",
    "process": "acid roast",
    "element": "lithium",
    "factor": "0.9",
    "source": "Made up.",
    "valid_from": "2026-01-01",
}
WITHDRAWN = {"on": "2026-06-01", "reason": "Measured anew."}
PERMIT = {
    "title": "Permit",
    "covers_from": "2025",
    "requirements": "1.1.1.1",
    "visibility": "confidential",
    "link": "https://example.org/permit",
}
FINDING = {"requirement": "1.1.1.1", "grade": "minor", "text": "A register has gaps."}
HEARD = {"group": "workers", "channel": "interview", "topic": "Dust.", "said_from": "2026-09"}
BECAME = {"disposition": "verdict", "reason": "It was measured.", "seen": 0}
TODAY = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
SOON = TODAY + datetime.timedelta(days=30)
MORE_TIME = {"step": "extend", "seen": "0", "text": "A part is late.", "until": "2030-01-01"}
MOVEMENTS = (
    "event,at,kind,site,entity,lot,side,material,mass_mg\n"
    "E-N,2026-03-21T08:00:00Z,purchase,plant,Example Cells,L-N,out,lithium carbonate,1000\n"
)
FROM_EXAMPLES = ("{assessment}", "{operator}", "{file_sha256}", "{other_file_sha256}")
OFFER = {"lot": "L-2041", "buyer": "example-trading-house"}
MARCH = {"begin": "2026-03-01", "end": "2026-03-31"}
STATEMENT = "transaction,account,at,quantity_kg\nT1,tin,2026-03-02,1\n"
CLAIM_IN = {
    "lot": "L-2041",
    "wording": "BLEND-SHARE-AT-LEVEL",
    "standard": OPEN_MINING,
    "level": "OPEN-75",
    "share": "3/8",
    "element": "lithium",
}
SITE_CLAIM_IN = {
    "on": "2026-03-21",
    "material": "lithium carbonate",
    "wording": "SITE-SHARE-AT-LEVEL",
    "standard": OPEN_MINING,
    "level": "OPEN-75",
    "share": "3/8",
    "element": "lithium",
}
STORE = {"name": "Store", "kind": "warehouse", "country": "DK"}
CLAIM = {
    "wording": "BLEND-SHARE-AT-LEVEL",
    "level": f"{OPEN_MINING}|OPEN-75",
    "share": "37.5",
    "element": "lithium",
    "months": "12",
}
SITE_CLAIM = {
    **CLAIM,
    "period": "2026-01-01",
    "material": "lithium carbonate",
    "wording": "SITE-SHARE-AT-LEVEL",
}
APPLYING = {
    "standards": "stannary/open-mining",
    "countries": "Iceland",
    "any_material": "on",
    "statement": "Because.",
}
FIGURES = {
    "operator": "{operator}",
    "year_ended_on": "2025-12-31",
    "from_operator": "1",
    "in_all": "100",
    "currency": "EUR",
}
SUSPENDING = {"act": "suspend", "suspend-since": "2026-06-01", "suspend-reason": "It went badly."}
COMPETENCE = {"act": "add", "kind": "tailings", "since": "2026-01-01", "source": "A school."}
CORRECTED = {"requirement": "1.1.1.2", "rating": "partially", "reason": "Seen again."}
CORRECTING = {
    "reason": "Why.",
    "requirement": "1.1.1.2",
    "rating": "fully",
    "why": "Seen again.",
    "confirm": "yes",
}


@dataclass(frozen=True)
class Write:
    """Something that is sent, and who may send it."""

    address: str
    sent: Mapping[str, object] | str
    may: For
    json: bool = False


WRITES = (
    Write(
        "/assessments/{assessment}/rate/",
        {"chapter": "1.4", "rating-1.4.2.3": "fully", "seen-1.4.2.3": ""},
        For.FIRM,
    ),
    Write(
        "/assessments/{assessment}/rate/1.4.2.3/",
        {**RATING, "evidence": ""},
        For.FIRM_API,
        json=True,
    ),
    Write("/api/v1/assessments/{assessment}/ratings", RATING, For.FIRM_API, json=True),
    Write(
        "/api/v1/assessments/{assessment}/notes",
        {**NOTE, "id": "8e03978e-40d5-43e8-bc93-6894a57f9325"},
        For.FIRM_API,
        json=True,
    ),
    Write("/assessments/{assessment}/carry-over/", {"to": NEXT_MINING}, For.FIRM),
    Write(
        "/api/v1/assessments/{published}/carry-over",
        {"edition": NEXT_MINING},
        For.FIRM_API,
        json=True,
    ),
    Write("/results/publish/{assessment}/", {"confirm": "yes"}, For.FIRM),
    Write("/results/{result}/correct/", CORRECTING, For.SECRETARIAT),
    Write(
        "/api/v1/results/{correction}/corrections",
        {"reason": "Why.", "verdicts": [CORRECTED], "confirm": True},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/firms/example-assurance/apply/", APPLYING, For.FIRM),
    Write("/firms/example-assurance/inside/", FIGURES, For.INSIDE),
    Write(
        "/independence/applications/{application}/",
        {"act": "refuse", "refuse-reason": "No."},
        For.SECRETARIAT,
    ),
    Write("/independence/approvals/{approval}/", SUSPENDING, For.SECRETARIAT),
    Write("/independence/people/{auditor}/", COMPETENCE, For.SECRETARIAT),
    Write(
        "/independence/interests/{interest}/",
        {"act": "clear", "reason": "It is small."},
        For.SECRETARIAT,
    ),
    Write(f"/independence/declarations/{independence.SOUTH}/", {"whole": "on"}, For.ASKED),
    Write(
        "/sites/example-ridge/units/",
        {"act": "save", "name": "Camp", "kind": "camp", "in_scope": "on"},
        For.SITE_USER,
    ),
    Write("/facilities/new/", {**STORE, "organisation": "example-cells"}, For.OWNER),
    Write(
        "/facilities/example-cell-plant/change/",
        {**STORE, "name": "Plant", "seen": "1"},
        For.CELLS,
    ),
    Write(
        "/api/v1/facilities",
        {**STORE, "name": "Store 2", "organisation": "example-cells"},
        For.CELLS_API,
        json=True,
    ),
    Write(
        "/api/v1/facilities/example-cell-plant/changes",
        {**STORE, "name": "Cell Plant", "seen": 2},
        For.CELLS_API,
        json=True,
    ),
    Write(
        "/certificates/",
        {"act": "record", "organisation": "example-minerals", "kind": "mine"},
        For.SECRETARIAT,
    ),
    Write("/certificates/to/example-cells/", {"act": "issue", **PILOT}, For.SECRETARIAT),
    Write(
        "/api/v1/certificates/EXAMPLE-PILOT/pilot-end",
        {"on": "2098-06-01", "reason": "A year of books."},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write(
        "/certificates/EXAMPLE-COC-1/",
        {
            "act": "agree",
            **{f"agree-{name}": value for name, value in TOLL.items()},
        },
        For.SECRETARIAT,
    ),
    Write(
        "/api/v1/entities/example-cells/certificates",
        {**CERTIFICATE, "materials": ["lithium carbonate"]},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/surveillance/EXAMPLE-COC-1/", VISIT, For.SECRETARIAT),
    Write("/api/v1/certificates/EXAMPLE-COC-3/surveillance", VISIT, For.SECRETARIAT_API, json=True),
    Write("/api/v1/certificates/EXAMPLE-COC-1/agreements", TOLL, For.SECRETARIAT_API, json=True),
    Write(
        "/api/v1/certificates/EXAMPLE-COC-1/changes",
        {"status": "suspended", "on": "2027-06-01", "reason": "No books."},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/conversion-factors/new/", {**FACTOR, "entity": "example-cells"}, For.HOLDER),
    Write("/api/v1/conversion-factors", FACTOR, For.SECRETARIAT_API, json=True),
    Write("/conversion-factors/{factor}/", {"act": "approve"}, For.SECRETARIAT),
    Write("/conversion-factors/{factor}/", {"act": "withdraw", **WITHDRAWN}, For.SECRETARIAT),
    Write(
        "/api/v1/conversion-factors/{other_factor}/approvals", {}, For.SECRETARIAT_API, json=True
    ),
    Write(
        "/api/v1/conversion-factors/{other_factor}/withdrawals",
        WITHDRAWN,
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/workspace/example-cells/", {"shown": "name"}, For.HOLDER),
    Write("/claims/new/L-2041/", CLAIM, For.HOLDER),
    Write("/claims/new-of-site/example-cell-plant/", SITE_CLAIM, For.HOLDER),
    Write("/api/v1/facilities/example-cell-plant/claims", SITE_CLAIM_IN, For.HOLDER, json=True),
    Write("/api/v1/assessments", OPENING, For.FIRM_API, json=True),
    Write(
        "/api/v1/results", {"assessment": "{assessment}", "confirm": True}, For.FIRM_API, json=True
    ),
    Write(f"/engagements/{ENGAGEMENT}/evidence/new/", PERMIT, For.EVIDENCE_ADDED),
    Write(f"/engagements/{ENGAGEMENT}/input/record/", HEARD, For.ENGAGED),
    Write(f"/api/v1/engagements/{ENGAGEMENT}/input", HEARD, For.ENGAGED_API, json=True),
    Write(f"/engagements/{ENGAGEMENT}/input/1/decide/", BECAME, For.ENGAGED),
    Write(
        f"/api/v1/engagements/{ENGAGEMENT}/input/1/decisions",
        {**BECAME, "seen": 1},
        For.ENGAGED_API,
        json=True,
    ),
    Write(f"/engagements/{ENGAGEMENT}/findings/raise/", FINDING, For.ENGAGED),
    Write(f"/engagements/{NORTH}/findings/1/step/", MORE_TIME, For.ENGAGED),
    Write(f"/api/v1/engagements/{ENGAGEMENT}/findings", FINDING, For.ENGAGED_API, json=True),
    Write(
        f"/api/v1/engagements/{NORTH}/findings/1/steps",
        {"kind": "extend", **MORE_TIME, "seen": 1, "until": "2031-01-01"},
        For.ENGAGED_API,
        json=True,
    ),
    Write(f"/engagements/{ENGAGEMENT}/relevance/judge/", JUDGEMENT, For.ENGAGED),
    Write(f"/engagements/{ENGAGEMENT}/act/", {"act": "finish_stage_1", "seen": "8"}, For.ENGAGED),
    Write(
        "/transactions/offer/",
        {**OFFER, "mass_kg": "1", "until": SOON.date().isoformat()},
        For.HOLDER,
    ),
    Write(
        "/api/v1/transactions",
        {**OFFER, "quantity_mg": "1000", "expires_at": SOON.isoformat()},
        For.HOLDER,
        json=True,
    ),
    Write(
        f"/transactions/{transactions.OPEN}/step/",
        {"step": "withdraw", "seen": "1", "reason": "made up"},
        For.TRADER,
    ),
    Write(
        f"/api/v1/transactions/{transactions.OTHER}/steps",
        {"kind": "withdraw", "seen": 1, "reason": "made up"},
        For.HOLDER,
        json=True,
    ),
    Write(
        "/transactions/offer/",
        {"lot": "CR-2", "buyer": "example-refining", "mass_kg": "1", "until": "2027-01-01"},
        For.HOLDER,
    ),
    Write("/credits/CR-2/retire/", {"beneficiary": "Product 7", "mass_kg": "1"}, For.HOLDER),
    Write(
        "/api/v1/credits/CR-2/retirements",
        {"beneficiary": "Product 7", "quantity_mg": "1000000"},
        For.HOLDER,
        json=True,
    ),
    Write(
        "/restatements/book/",
        {"lot": "event:E-24", "content_kg": "9", "reason": "made up"},
        For.HOLDER,
    ),
    Write(
        "/api/v1/restatements",
        {"record": "event:E-24", "content_mg": "8000000", "reason": "made up"},
        For.HOLDER,
        json=True,
    ),
    Write(
        "/transactions/reconciliation/example-cells/",
        {"with": "example-refining", **MARCH, "file": "{statement}"},
        For.HOLDER,
    ),
    Write(
        "/api/v1/transactions/reconciliations/example-cells",
        {"counterparty": "example-trading-house", **MARCH, "file": "{statement}"},
        For.HOLDER,
    ),
    Write(
        "/transactions/periods/example-cells/",
        {"begin": "2026-02-01", "end": "2026-02-28"},
        For.HOLDER,
    ),
    Write(
        "/transactions/periods/example-cells/2026-02-28/step/",
        {"step": "return", "reason": "made up"},
        For.HOLDER,
    ),
    Write(
        "/api/v1/transactions/periods/example-cells",
        {"begin": "2026-02-01", "end": "2026-02-28"},
        For.HOLDER,
        json=True,
    ),
    Write(
        "/api/v1/transactions/periods/example-cells/2026-02-28/steps",
        {"kind": "return", "reason": "made up"},
        For.HOLDER,
        json=True,
    ),
    Write("/stock/example-cells/files/", {"file": "{upload} E-UP-1"}, For.HOLDER),
    Write(
        "/stock/example-cells/movement/loss/",
        {
            "lot": "L-2041",
            "mass_kg": "1",
            "event": "E-L",
            "on": "2026-03-21T08:00",
            "offset": "+00:00",
        },
        For.HOLDER,
    ),
    Write("/stock/example-cells/files/{file}/again/", {}, For.HOLDER),
    Write("/stock/example-cells/files/{file}/book/", {"sha256": "{file_sha256}"}, For.HOLDER),
    Write("/api/v1/stock/example-cells/files", {"file": "{upload} E-UP-2"}, For.HOLDER),
    Write("/api/v1/stock/example-cells/files/{other_file}/check", {}, For.HOLDER, json=True),
    Write(
        "/api/v1/stock/example-cells/files/{other_file}/booking",
        {"sha256": "{other_file_sha256}"},
        For.HOLDER,
        json=True,
    ),
    Write("/claims/{claim}/withdraw/", {"reason": "It was weighed wrongly."}, For.HOLDER),
    Write(
        "/api/v1/claims/{other_claim}/withdrawal",
        {"reason": "It was weighed wrongly."},
        For.HOLDER,
        json=True,
    ),
    Write("/api/v1/movements", MOVEMENTS, For.HOLDER),
    Write("/api/v1/claims", CLAIM_IN, For.HOLDER, json=True),
)
"""Every act that changes something, but signing in and out."""


def filled(write: Write, examples: Mapping[str, object]) -> Write:
    """Put the ids of the demonstration into what is sent."""
    if isinstance(write.sent, str):
        return write
    sent = {
        name: examples[str(value).strip("{}")] if value in FROM_EXAMPLES else value
        for name, value in write.sent.items()
    }
    if str(sent.get("file", "")).startswith("{upload} "):
        event = str(sent["file"]).removeprefix("{upload} ")
        sent["file"] = SimpleUploadedFile("a.csv", movements_of(event).encode())
    if sent.get("file") == "{statement}":
        sent["file"] = SimpleUploadedFile("a.csv", STATEMENT.encode())
    return replace(write, sent=sent)


def movements_of(event: str) -> str:
    """Give a file of one movement, with an event and a lot of their own."""
    return MOVEMENTS.replace("E-N", event).replace("L-N", f"L-{event}")


def send(browser: Client, address: str, write: Write) -> int:
    if isinstance(write.sent, str):
        answer = browser.post(address, write.sent, content_type="text/csv")
    elif write.json:
        answer = browser.post(
            address, json.dumps(dict(write.sent)), content_type="application/json"
        )
    else:
        answer = browser.post(address, dict(write.sent))
    return int(answer.status_code)
