"""What every credential of version 2.0 has: context, type, issuer, subject, dates.

Rules: CREDENTIAL-006.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from stannary.core.credentials import rules
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import VCDM_CONTEXT
from stannary.core.kernel import Place

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_HEADINGS_ONLY = ("vc", "vp")
"""Members that older forms wrapped the credential in; two credentials in one would be one too many."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a credential says of itself.

    Attributes:
        id: None where it has none.
        types: With "VerifiableCredential".
        issuer: Its id, most often a DID.
        issuer_name: As the issuer calls itself; None where it does not. Nobody vouches for it.
        valid_from: First instant at which it is valid; None: no beginning is named.
        valid_until: First instant at which it is no longer valid; None: no end is named.
        has_status: Whether it names a list in which it may be withdrawn.
    """

    id: str | None
    types: tuple[str, ...]
    issuer: str
    issuer_name: str | None
    valid_from: datetime.datetime | None
    valid_until: datetime.datetime | None
    has_status: bool


def read_head(payload: Mapping[str, Json], *, at: Place | None = None) -> Head:
    """Read what a credential says of itself, and check that it is one.

    Raises:
        RefusalError: CREDENTIAL-006.
    """
    fields = Fields(payload, rules.PAYLOAD_IS_CREDENTIAL, "", at)
    contexts = payload.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != VCDM_CONTEXT:
        fields.stop("@context", f"does not begin with {VCDM_CONTEXT}")
    for wrapper in _HEADINGS_ONLY:
        if wrapper in payload:
            fields.stop(wrapper, "a credential inside a credential")
    one_type = isinstance(payload.get("type"), str)
    types = (fields.text("type"),) if one_type else fields.texts("type")
    if "VerifiableCredential" not in types:
        fields.stop("type", "not a VerifiableCredential")
    if not isinstance(payload.get("credentialSubject"), dict | list):
        fields.stop("credentialSubject", "missing")
    issuer, name = _issuer(fields)
    if payload.get("iss", issuer) != issuer:
        fields.stop("iss", "not the issuer")
    return Head(
        id=fields.text_or_none("id"),
        types=types,
        issuer=issuer,
        issuer_name=name,
        valid_from=_instant(fields, "validFrom"),
        valid_until=_instant(fields, "validUntil"),
        has_status="credentialStatus" in payload,
    )


def _issuer(fields: Fields) -> tuple[str, str | None]:
    if isinstance(fields.content.get("issuer"), str):
        return fields.text("issuer"), None
    issuer = fields.object("issuer")
    name = issuer.content.get("name")
    # a name in several languages is an object: then the id has to do
    return issuer.text("id"), issuer.text("name") if isinstance(name, str) and name else None


def _instant(fields: Fields, name: str) -> datetime.datetime | None:
    text = fields.text_or_none(name)
    if text is None:
        return None
    try:
        instant = datetime.datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        instant = None
    return instant or fields.stop(name, "not an instant with its offset")
