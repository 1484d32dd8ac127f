"""Makes docs/samples: an illustrative claim with all that is needed to check it, and one thread of ratings to it.

The two mines are those of the demonstration's movements. The south mine has the ratings of
ratings.csv; the north mine has the same but one, which is enough for the next level. The keys are
made in memory, used once and thrown away, so each call makes other files that say the same.
"""

import datetime
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.attestations import Achievement, achievement_from_result
from stannary.core.claims import Claim
from stannary.core.credentials import log_entry
from stannary.core.publications import PublishedResult, publish
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.core.transparency_log import Tree, leaf_hash, make_proof
from stannary.formats.canonical import pack_sha256
from stannary.formats.claim_file import build_claim_file, draft_claim
from stannary.formats.movements import read_movements
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.ratings import read_ratings
from stannary.signing import (
    did_document,
    generate_key,
    kid_for,
    note_signer,
    public_jwk,
    sign_vc_jwt,
)

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "docs" / "samples"
MOVEMENTS = ROOT / "src" / "stannary" / "data" / "demo" / "lithium_movements.csv"
STANDARD = "stannary/open-mining/0.1"
CUSTODY = "stannary/open-custody/0.1"
ISSUER = "did:web:register.example"
LOG = "register.example/log"
RAISED = "2.3.2.3"
PUBLISHED = datetime.date(2026, 1, 5)
MINES = ("example-north-mine", "example-south-mine")
CLAIM = Claim(
    id="urn:uuid:6f1c1a52-5d0e-4c1b-9a53-1d6b3a0c2041",
    lot="L-2041",
    wording="SHARE-AT-LEVEL",
    standard=STANDARD,
    level="OPEN-75",
    share=Fraction(3, 8),
    element="lithium",
    made_by="Example Cells",
    made_on=datetime.date(2026, 4, 1),
    valid_until=datetime.date(2029, 1, 5),
)
NEIGHBOURS = 7
"""How many other entries stand in the log before the claim's."""


def verdicts_of(mine: str) -> Iterator[Verdict]:
    """Give the ratings of a mine: those of the table, one of them raised for the north mine."""
    for verdict in read_ratings(SAMPLES / "ratings.csv"):
        if mine == "example-north-mine" and verdict.requirement == RAISED:
            reason = "Three of the four projects have a plan for the time after the payments."
            yield replace(verdict, rating=Rating.SUBSTANTIALLY, rationale=reason)
        else:
            yield verdict


def result_of(mine: str, edition: Edition) -> PublishedResult:
    """Publish the result of a mine."""
    sheet = rating_sheet(edition, verdicts_of(mine))
    return publish(
        result_id=f"{mine}-2026",
        site_id=mine,
        site_name=f"{mine.replace('-', ' ').title()} (illustrative)",
        illustrative=True,
        sheet=sheet,
        score=score(sheet, as_of=PUBLISHED),
        firm="Example Assurance",
        lead_auditor="Ada Auditor (illustrative)",
        published_on=PUBLISHED,
        pack_sha256=pack_sha256(find_pack(STANDARD)),
    )


def achievements(
    results: Mapping[str, PublishedResult], edition: Edition
) -> dict[str, Achievement]:
    """Give each mine's achievement under the name that the movements use."""
    made = [
        replace(achievement_from_result(result, edition), id=f"urn:stannary:achievement:{mine}")
        for mine, result in results.items()
    ]
    return {one.id: one for one in made}


def write(folder: Path) -> None:
    """Write the claim file, the issuer's document and the log's verifier key."""
    edition, custody = (load_pack(find_pack(name)) for name in (STANDARD, CUSTODY))
    results = {mine: result_of(mine, edition) for mine in MINES}
    key, log_key = generate_key("key-1"), generate_key("log-1")
    document = did_document(ISSUER, public_jwk(key))
    log = note_signer(LOG, log_key)
    draft = draft_claim(
        CLAIM,
        rows=read_movements(MOVEMENTS),
        achievements=achievements(results, edition),
        results=results.values(),
        edition=edition,
        custody_pack=custody,
        issuer_name="Example Register (illustrative)",
        issuer_document=document,
    )
    token = sign_vc_jwt(draft.payload, key, kid_for(ISSUER, key))
    entries = [uuid.uuid4().bytes for _ in range(NEIGHBOURS)] + [log_entry(token)]
    tree = Tree(leaf_hash(entry) for entry in entries)
    proof = make_proof(tree, NEIGHBOURS, origin=LOG, signers=[log])
    text = build_claim_file(draft, token=token, proof=proof, log_vkey=log.vkey)
    (folder / "L-2041.claim.json").write_text(text, encoding="utf-8")
    (folder / "did.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    (folder / "log.vkey").write_text(log.vkey + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(SAMPLES)
