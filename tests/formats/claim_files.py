"""One whole illustrative case, made as the program makes it: ratings, movements, claim, files.

Two mines that do not exist sell to works that do not exist; one part has an unknown origin.
Every key comes from a fixed seed, so the files come out the same each time.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache

from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.attestations import Achievement, achievement_from_result
from stannary.core.claims import Claim
from stannary.core.credentials import Json, log_entry
from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.publications import PublishedResult, publish
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.core.transparency_log import Tree, leaf_hash, make_proof, parse_vkey
from stannary.core.verification import Trust
from stannary.formats.canonical import canonical_bytes, pack_sha256
from stannary.formats.claim_file import (
    ClaimDraft,
    build_claim_file,
    build_result_file,
    draft_claim,
    draft_result,
)
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.result_bundle import build_bundle, pack_members
from stannary.formats.results import result_bytes
from stannary.signing import (
    did_document,
    key_from_seed,
    kid_for,
    note_signer,
    public_jwk,
    sign_vc_jwt,
)

STANDARD = "stannary/open-mining/0.1"
CUSTODY = "stannary/open-custody/0.1"
DID = "did:web:claims.example"
NAME = "Example Cells (illustrative)"
KEY = key_from_seed(b"illustrative issuer, 32 bytes...", "key-2026")
LOG = note_signer("log.example/open", key_from_seed(b"illustrative log, 32 bytes......"))
DOCUMENT = did_document(DID, public_jwk(KEY))
RELEASED = datetime.date(2026, 1, 15)
CHECKED_ON = datetime.date(2026, 11, 21)
CLAIM = Claim(
    id="urn:uuid:3c7a0d4e-7c6d-4a44-8a0e-2d7a7b0f3c11",
    lot="L-2041",
    wording="SHARE-AT-LEVEL",
    standard=STANDARD,
    level="OPEN-75",
    share=Fraction(3, 8),
    element="lithium",
    made_by="Example Cells",
    made_on=datetime.date(2026, 3, 9),
    valid_until=datetime.date(2027, 3, 9),
)


@cache
def packs() -> Mapping[str, Edition]:
    """The shipped packs by id."""
    return {name: load_pack(find_pack(name)) for name in (STANDARD, CUSTODY)}


@cache
def pack_hashes() -> Mapping[str, str]:
    """Content hashes of the shipped packs by id."""
    return {name: pack_sha256(find_pack(name)) for name in (STANDARD, CUSTODY)}


@cache
def result(site: str, rating: Rating) -> PublishedResult:
    """A published result of a made-up mine, every requirement rated alike."""
    edition = packs()[STANDARD]
    reason = "" if rating is Rating.FULLY else "Made up to show how a result looks."
    verdicts = [Verdict(one.id, rating, rationale=reason) for one in edition.requirements]
    sheet = rating_sheet(edition, verdicts)
    return publish(
        result_id=f"{site}-2026",
        site_id=site,
        site_name=f"{site.title()} (illustrative)",
        illustrative=True,
        sheet=sheet,
        score=score(sheet, as_of=RELEASED),
        firm="Example Audit",
        lead_auditor="A. Example",
        published_on=RELEASED,
        pack_sha256=pack_hashes()[STANDARD],
    )


def results() -> tuple[PublishedResult, ...]:
    """North at 75, South at transparency."""
    return (result("north", Rating.SUBSTANTIALLY), result("south", Rating.PARTIALLY))


def achievements() -> Mapping[str, Achievement]:
    """One of each mine."""
    edition = packs()[STANDARD]
    made = [achievement_from_result(one, edition) for one in results()]
    return {one.id: one for one in made}


def row(
    event: str,
    kind: Kind,
    lot: str,
    side: Side,
    mass_kg: int,
    *,
    site: str = "works",
    entity: str = "Example Works",
    attestation: str = "",
    note: str = "",
) -> Row:
    """A row of the chain; masses are lithium content, event E1 is at six, E2 at seven."""
    return Row(
        event=event,
        at=datetime.datetime(2026, 2, 1, 5 + int(event[1:]), tzinfo=datetime.UTC),
        kind=kind,
        lot=lot,
        side=side,
        material="concentrate",
        mass_mg=mass_kg * 16 * 10**6,
        content_mg=mass_kg * 10**6,
        model=Model.CONTROLLED_BLENDING,
        site=site,
        entity=entity,
        attestation=attestation,
        note=note,
    )


def rows() -> tuple[Row, ...]:
    """The chain: 375 kg of North, 500 kg of South, 125 kg of nobody knows where."""
    north = {"site": "north", "attestation": "north-2026", "entity": "North Mining"}
    south = {"site": "south", "attestation": "south-2026", "entity": "South Mining"}
    return (
        row("E1", Kind.PRODUCE, "N-1", Side.OUT, 375, **north),
        row("E2", Kind.PRODUCE, "S-1", Side.OUT, 500, **south),
        row("E3", Kind.PURCHASE, "U-1", Side.OUT, 125, note="no papers, as it came"),
        row("E4", Kind.BLEND, "N-1", Side.IN, 375),
        row("E4", Kind.BLEND, "S-1", Side.IN, 500),
        row("E4", Kind.BLEND, "U-1", Side.IN, 125),
        row("E4", Kind.BLEND, "L-2041", Side.OUT, 1000),
        row("E5", Kind.PRODUCE, "N-2", Side.OUT, 10, **north),
    )


def long(length: int) -> tuple[Row, ...]:
    """A lot of North that is split as many times; what is left at the end is lot T."""
    north = row("E1", Kind.PRODUCE, "S0", Side.OUT, length + 1, site="north")
    made = [replace(north, attestation="north-2026", entity="North Mining")]
    for n in range(length):
        at = north.at + datetime.timedelta(minutes=n + 1)
        last = "T" if n == length - 1 else f"S{n + 1}"
        for lot, side, mass in (
            (f"S{n}", Side.IN, length + 1 - n),
            (last, Side.OUT, length - n),
            (f"R{n}", Side.OUT, 1),
        ):
            made.append(replace(row("E2", Kind.SPLIT, lot, side, mass), event=f"X{n}", at=at))
    return tuple(made)


def draft(claim: Claim = CLAIM, **change: object) -> ClaimDraft:
    """The claim, ready to be signed."""
    given: dict[str, object] = {
        "rows": rows(),
        "achievements": achievements(),
        "results": results(),
        "edition": packs()[STANDARD],
        "custody_pack": packs()[CUSTODY],
        "issuer_name": NAME,
        "issuer_document": DOCUMENT,
        **change,
    }
    return draft_claim(claim, **given)  # type: ignore[arg-type]


def replaced(claim: Claim, *, lot: str, share: str, uuid: str) -> Claim:
    """Another claim, on another lot; the last digit of its id is another."""
    return replace(claim, lot=lot, share=Fraction(share), id=claim.id[:-1] + uuid)


def logged(token: str) -> str:
    """The log proof of a token that is entry 5 of 11."""
    entries = [b"entry %d" % n for n in range(11)]
    entries[5] = log_entry(token)
    tree = Tree(leaf_hash(entry) for entry in entries)
    return make_proof(tree, 5, origin=LOG.name, signers=[LOG])


def signed(payload: Mapping[str, Json]) -> str:
    """A credential, signed by the issuer."""
    return sign_vc_jwt(payload, KEY, kid_for(DID, KEY))


def claim_file(made: ClaimDraft | None = None, **payload: Json) -> str:
    """The whole claim file; with `payload`, members that are signed though they are not so."""
    made = made or draft()
    made = replace(made, payload={**made.payload, **payload})
    token = signed(made.payload)
    return build_claim_file(made, token=token, proof=logged(token), log_vkey=LOG.vkey)


def result_file(**payload: Json) -> str:
    """The whole result file of North; `payload` as for `claim_file`."""
    made = draft_result(
        results()[0],
        credential_id="urn:uuid:9c1de6f0-6f2e-4d49-9bb0-50a2a29e8f01",
        issuer_name=NAME,
        issuer_document=DOCUMENT,
    )
    token = signed({**made.payload, **payload})
    return build_result_file(made, token=token, proof=logged(token), log_vkey=LOG.vkey)


def result_bundle(**change: object) -> bytes:
    """The whole result bundle of North, with its pack; `change` puts in other parts."""
    made = draft_result(
        results()[0],
        credential_id="urn:uuid:9c1de6f0-6f2e-4d49-9bb0-50a2a29e8f01",
        issuer_name=NAME,
        issuer_document=DOCUMENT,
    )
    token = signed(made.payload)
    parts: dict[str, object] = {
        "result": result_bytes(results()[0]),
        "token": token,
        "issuer_document": canonical_bytes(DOCUMENT),
        "proof": logged(token),
        "log_vkey": LOG.vkey,
        "pack_hash": pack_hashes()[STANDARD],
        "pack": pack_members(find_pack(STANDARD), packs()[STANDARD].licence),
    }
    return build_bundle(**(parts | change))  # type: ignore[arg-type]


def trust() -> Trust:
    """A reader who knows the issuer and the log."""
    return Trust(documents=(DOCUMENT,), log_keys=(parse_vkey(LOG.vkey),))
