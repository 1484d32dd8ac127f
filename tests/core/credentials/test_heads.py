"""What every credential says of itself, and what is none."""

import datetime

import pytest

from stannary.core.credentials import Json, read_head
from stannary.core.credentials.rules import PAYLOAD_IS_CREDENTIAL
from stannary.core.credentials.tokens import VCDM_CONTEXT
from stannary.core.kernel import Place, RefusalError

PAYLOAD: dict[str, Json] = {
    "@context": [VCDM_CONTEXT, "https://example.org/more"],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "ExampleCredential"],
    "issuer": {"id": "did:web:example.org", "name": "Example"},
    "validFrom": "2026-03-09T10:00:00+01:00",
    "validUntil": "2027-03-09T00:00:00.5Z",
    "credentialSubject": {},
}


def changed(**change: Json) -> dict[str, Json]:
    return {**PAYLOAD, **change}


def without(name: str) -> dict[str, Json]:
    return {key: value for key, value in PAYLOAD.items() if key != name}


def test_a_head_is_read() -> None:
    head = read_head(PAYLOAD)

    assert (head.id, head.issuer, head.issuer_name) == (
        "urn:uuid:1",
        "did:web:example.org",
        "Example",
    )
    assert head.types == ("VerifiableCredential", "ExampleCredential")
    assert head.valid_from == datetime.datetime(2026, 3, 9, 9, tzinfo=datetime.UTC)
    assert head.valid_until is not None
    assert not head.has_status


@pytest.mark.parametrize(
    "payload",
    [
        without("id"),
        without("validFrom"),
        without("validUntil"),
        changed(type="VerifiableCredential"),
        changed(issuer="did:web:example.org"),
        changed(issuer={"id": "https://example.org", "name": {"en": "Example"}}),
        changed(issuer={"id": "https://example.org", "name": ""}),
        changed(iss="did:web:example.org"),
        changed(credentialSubject=[{}, {}]),
        changed(credentialStatus={}),
    ],
)
def test_other_forms_of_the_standard_are_read(payload: dict[str, Json]) -> None:
    assert read_head(payload).has_status == ("credentialStatus" in payload)


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (without("@context"), "@context"),
        ({**PAYLOAD, "@context": VCDM_CONTEXT}, "@context"),
        ({**PAYLOAD, "@context": []}, "@context"),
        ({**PAYLOAD, "@context": ["https://www.w3.org/2018/credentials/v1"]}, "@context"),
        (changed(vc={}), "vc"),
        (changed(vp={}), "vp"),
        (without("type"), "type"),
        (changed(type="Other"), "type"),
        (changed(type=["Other"]), "type"),
        (changed(type=[1]), "type"),
        (without("issuer"), "issuer"),
        (changed(issuer=""), "issuer"),
        (changed(issuer={}), "issuer.id"),
        (changed(issuer={"id": 5}), "issuer.id"),
        (changed(issuer="x" * 2001), "issuer"),
        (changed(iss="did:web:other.example"), "iss"),
        (without("credentialSubject"), "credentialSubject"),
        (changed(credentialSubject="L-1"), "credentialSubject"),
        (changed(id=5), "id"),
        (changed(validFrom="2026-03-09"), "validFrom"),
        (changed(validFrom="2026-03-09T10:00:00"), "validFrom"),
        (changed(validFrom="2026-02-30T10:00:00Z"), "validFrom"),
        (changed(validUntil=1), "validUntil"),
    ],
)
def test_what_is_no_credential_is_refused_with_its_place(
    payload: dict[str, Json], where: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_head(payload, at=Place("a.jwt"))
    finding = refusal.value.findings[0]
    assert finding.rule is PAYLOAD_IS_CREDENTIAL  # CREDENTIAL-006
    assert (finding.facts["where"], finding.at) == (where, Place("a.jwt"))
