"""How the tests of the check call it, and the files that they check."""

import datetime
import json
from typing import Any

from formats import claim_files as case
from stannary.core.credentials import Json
from stannary.core.verification import LaterLog, Outcome, Report, Step, StepName, Trust, verify_file
from stannary.formats.claim_file import parse_checkable
from stannary.signing import Signatures, key_from_seed


def check(
    text: str,
    *,
    trust: Trust | None = None,
    on: datetime.date = case.CHECKED_ON,
    packs: Any = None,
    hashes: Any = None,
    later: LaterLog | None = None,
) -> Report:
    """Check a text as a reader does who knows the issuer and the log."""
    return verify_file(
        parse_checkable(text.encode("utf-8"), "x.claim.json"),
        trust=case.trust() if trust is None else trust,
        on=on,
        crypto=Signatures(),
        packs=case.packs() if packs is None else packs,
        pack_hashes=case.pack_hashes() if hashes is None else hashes,
        later=later,
    )


def outcomes(report: Report) -> dict[str, str]:
    """Outcome by step."""
    return {str(step.name): str(step.outcome) for step in report.steps}


def failing(report: Report) -> dict[str, str]:
    """Where each failing step failed."""
    return {str(step.name): step.where for step in report.failed}


def step(report: Report, name: StepName, outcome: Outcome) -> Step:
    """Give a step that must have come out so."""
    found = report.step(name)
    assert found.outcome is outcome, found.reason
    return found


def changed(text: str, **change: Any) -> str:
    """Change members of a file at the top; None takes one out."""
    content = json.loads(text)
    content.update(change)
    return json.dumps({key: value for key, value in content.items() if value is not None})


def loaded(text: str) -> Any:
    """The JSON of a file."""
    return json.loads(text)


FILE = case.claim_file()
RESULT_FILE = case.result_file()
TOKEN: str = loaded(FILE)["credential"]["id"].partition(",")[2]
PASS, FAIL, NOT_CHECKED = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_CHECKED
STRANGER = key_from_seed(b"a stranger's key, 32 bytes long.", "key-2026")


def enveloped(token: str) -> dict[str, Json]:
    """A credential as a file encloses it."""
    return {**loaded(FILE)["credential"], "id": f"data:application/vc+jwt,{token}"}
