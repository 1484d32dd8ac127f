"""Writes of claims: making one, marking what is no longer supported, and taking one back.

Rules: CLAIM-001 to CLAIM-016, CLAIM-040 to CLAIM-043, PARTY-001.
"""

import datetime
import re
import uuid
from collections.abc import Iterable, Set
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stannary.core.claims import Blending, claim_sentences, exact_text
from stannary.core.claims import Claim as CoreClaim
from stannary.core.credentials import log_entry, withdrawal_entry
from stannary.core.custody import BalancePeriod, Row
from stannary.core.kernel import Finding, InvariantError, RefusalError, refuse
from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.claim_file import (
    ClaimDraft,
    build_claim_file,
    draft_claim,
    draft_site_claim,
)
from stannary.signing import sign_vc_jwt
from stannary.web.claims import of_sites, queries, standing
from stannary.web.claims.models import Claim, ClaimMark, ClaimWithdrawal
from stannary.web.claims.rules import (
    CLAIM_IS_WITHDRAWN_ONCE,
    ELEMENT_IS_THE_TRACKED_ONE,
    WITHDRAWAL_SAYS_WHY,
    WORDS_ARE_OF_THE_CLAIMANTS_PACK,
)
from stannary.web.claims.wording import own_pack, pack_of
from stannary.web.custody import blending
from stannary.web.custody import queries as custody
from stannary.web.entities import packs
from stannary.web.parties.models import Organisation, Person
from stannary.web.standards import queries as standards
from stannary.web.transparency_log import operations as log
from stannary.web.transparency_log import queries as log_queries

_WORD = re.compile(r"[^\W\d_]+")
REASON_MAX = 1000
NAMED_MAX = 500
"""So many lots a query names; claims on more are picked out here."""


@transaction.atomic
def make_claim(
    *,
    actor: Person,
    lot_id: str,
    wording: str,
    standard: str,
    level: str,
    share: Fraction,
    element: str,
    made_on: datetime.date,
    valid_until: datetime.date,
    custody_pack: str = "",
) -> Claim:
    """Say something of a lot. This will sign it, enter it in the log and store it, or do nothing.

    Args:
        actor: A clerk of the organisation that holds the lot.
        lot_id: The lot.
        wording: Code of words that the custody pack allows.
        standard: Id of the edition whose level is named.
        level: Code of the level.
        share: Of the content, above 0, at most 1, exact.
        element: The tracked element in words.
        made_on: First day on which it is valid.
        valid_until: First day on which it is no longer valid.
        custody_pack: Id of the pack; "": that under which the holder keeps its books, once it is in
            force, and before, or for words that it does not have, another.

    Raises:
        RefusalError: PARTY-001 if the actor may not speak for whoever holds the lot, or there is no
            such pack; CLAIM-040 if the element is not the tracked one; CLAIM codes, all of them, if
            the claim says more than the trace supports, CLAIM-011 if its pack is not yet in force.
            CLAIM-044 for a pack under which somebody else keeps books.
    """
    holder = queries.holder_to_speak_for(actor=actor, lot_id=lot_id)
    _check_tracked(custody.element_of(lot_id), element)
    pack = pack_to_use(custody_pack, wording, holder.name, made_on)
    claim = CoreClaim(
        id=uuid.uuid4().urn,
        lot=lot_id,
        wording=wording,
        standard=standard,
        level=level,
        share=share,
        element=element,
        made_by=holder.name,
        made_on=made_on,
        valid_until=valid_until,
    )
    file, log_index = _sealed(_drafted(claim, pack))
    return _stored(claim, pack, holder, file=file, log_index=log_index)


@transaction.atomic
def make_site_claim(
    *,
    actor: Person,
    facility: str,
    about: BalancePeriod,
    material: str,
    wording: str,
    standard: str,
    level: str,
    share: Fraction,
    element: str,
    made_on: datetime.date,
    valid_until: datetime.date,
    custody_pack: str = "",
) -> Claim:
    """Say something of what a site blended. This will sign, log and store it, or do nothing.

    Nothing is assigned to a lot, and nothing is taken from what may be said of lots.

    Args:
        actor: A clerk of the organisation of the facility.
        facility: Permanent id of the facility.
        about: The period: a balance period that is over, or one until the day of the claim.
        material: Of the batches.
        wording: Code of words about sites that the custody pack allows.
        standard: Id of the edition whose level is named.
        level: Code of the level.
        share: Of the content of all batches, above 0, at most 1, exact.
        element: The tracked element in words.
        made_on: First day on which it is valid.
        valid_until: First day on which it is no longer valid.
        custody_pack: As for `make_claim`.

    Raises:
        RefusalError: PARTY-001 if the actor may not speak for the facility, or there is no such
            pack; CLAIM-040 if the element is not the tracked one; CLAIM codes, all of them, if the
            claim says more than was measured, CUSTODY-097 if too much was blended for one file.
    """
    place = queries.site_to_speak_for(actor=actor, facility=facility)
    _check_tracked(custody.element_in(material), element)
    pack = pack_to_use(custody_pack, wording, place.organisation.name, made_on)
    claim = CoreClaim(
        id=uuid.uuid4().urn,
        lot="",
        wording=wording,
        standard=standard,
        level=level,
        share=share,
        element=element,
        made_by=place.organisation.name,
        made_on=made_on,
        valid_until=valid_until,
        blending=Blending(place.slug, material, about),
    )
    file, log_index = _sealed(_drafted_of_site(claim, pack, of_sites.basis(place, about)))
    return _stored(claim, pack, place.organisation, file=file, log_index=log_index)


@transaction.atomic
def withdraw_claim(
    *, actor: Person, claim_id: uuid.UUID, reason: str, on: datetime.date
) -> ClaimWithdrawal:
    """Take a claim back, for good, and enter that in the public log.

    What was signed stays as it is; every page says that it is over, and so does every check with a
    log of that moment or later.

    Args:
        actor: A clerk of whoever made it; of the secretariat, if records no longer support it.
        claim_id: The claim.
        reason: Why, in words that anybody reads.
        on: First day on which it is no longer in force.

    Raises:
        RefusalError: PARTY-001 if it is not the actor's; CLAIM-041 without a reason; CLAIM-042 if
            it was taken back before.
    """
    found = queries.claim_to_withdraw(actor=actor, claim_id=claim_id)
    row = Claim.objects.select_for_update().get(pk=found.pk)
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_MAX:
        refuse(WITHDRAWAL_SAYS_WHY, length=f"{len(reason)} characters")
    before = ClaimWithdrawal.objects.filter(claim=row).first()
    if before is not None:
        refuse(CLAIM_IS_WITHDRAWN_ONCE, withdrawn=before.withdrawn_on.isoformat())
    entry = log.append(withdrawal_entry(row.claim_id.urn, on=on, reason=reason))
    maker = queries.may_speak_for_maker(actor, found)
    return ClaimWithdrawal.objects.create(
        claim=row,
        reason=reason,
        by=actor,
        party=ClaimWithdrawal.Party.MAKER if maker else ClaimWithdrawal.Party.REGISTER,
        withdrawn_on=on,
        log_index=entry.index,
    )


@transaction.atomic
def enter_withdrawals() -> int:
    """Enter in the log what was taken back before withdrawals were entered; say how many."""
    rows = ClaimWithdrawal.objects.select_for_update(of=("self",)).filter(log_index__isnull=True)
    missing = list(rows.select_related("claim").order_by("pk"))
    for row in missing:
        said = withdrawal_entry(row.claim.claim_id.urn, on=row.withdrawn_on, reason=row.reason)
        row.log_index = log.append(said).index
        row.save(update_fields=["log_index"])
    return len(missing)


def judge_all(*, at: datetime.datetime) -> int:
    """Judge every claim in force; see `judge`."""
    return judge(queries.in_force(at.date()), at=at)


def judge_lots(lots: Set[str], *, at: datetime.datetime | None = None) -> int:
    """Judge the claims in force on some lots; see `judge`."""
    moment = at or timezone.now()
    found = queries.in_force(moment.date())
    if len(lots) <= NAMED_MAX:
        found = found.filter(Q(lot__in=lots) | ~Q(facility=""))
    those = list(found)
    places = blending.made_at(lots) if any(row.facility for row in those) else set()
    touched = [
        row for row in those if row.lot in lots or (row.made_by.name, row.facility) in places
    ]
    return judge(touched, at=moment)


def judge_booked(booked: Iterable[Row], *, at: datetime.datetime | None = None) -> int:
    """Judge the claims in force on what was blended where something was booked; see `judge`.

    What is blended later, or told late, is in no lot that anything was said of before.
    """
    moment = at or timezone.now()
    places = {(row.site, row.entity) for row in booked}
    found = queries.in_force(moment.date()).filter(facility__in={site for site, _ in places})
    return judge([row for row in found if (row.facility, row.made_by.name) in places], at=moment)


def judge_sites() -> int:
    """Judge every claim in force on what a site blended, after a certificate changed; see `judge`."""
    moment = timezone.now()
    return judge(queries.in_force(moment.date()).exclude(facility=""), at=moment)


def judge_attestation(*, achievement_id: str, **_signal: object) -> int:
    """Judge the claims in force on lots that carry what an achievement stands for; see `judge`."""
    return judge_lots(custody.lots_given_by(achievement_id))


@transaction.atomic
def judge(claims: Iterable[Claim], *, at: datetime.datetime) -> int:
    """Mark claims that what is recorded no longer supports, and those that it supports again.

    A claim is marked when that changes, or why (CLAIM-043).

    Args:
        claims: From `queries.claims`.
        at: The moment, for the mark.

    Returns:
        How many were marked.
    """
    marked = 0
    for row in claims:
        now = standing.standing(row)
        before = (queries.is_affected(row), row.affected_codes or "")  # type: ignore[attr-defined]
        if before == (bool(now.findings), now.codes):
            continue
        ClaimMark.objects.create(
            claim=row,
            at=at,
            affected=bool(now.findings),
            supported=exact_text(now.supported),
            codes=now.codes[:400],
        )
        marked += 1
    return marked


def pack_to_use(named: str, wording: str, claimant: str, day: datetime.date) -> Edition:
    """Give the pack of a claim: the one that is named, or that of the claimant whose words they are.

    Raises:
        RefusalError: PARTY-001 if there is no such pack, CLAIM-044 if it is not one of the claimant's.
    """
    own = own_pack(claimant, day)
    if not named:
        return pack_of(wording, day, own)
    pack = custody.pack_named(named)
    if pack.id not in {one.id for one in custody.words_for(own)}:
        refuse(WORDS_ARE_OF_THE_CLAIMANTS_PACK, pack=pack.id, own=own)
    return pack


def untracked(tracked: str, element: str) -> tuple[Finding, ...]:
    """Find further words in the gap for the element, and another element than the tracked one."""
    is_tracked = not tracked or element.casefold() == tracked.casefold()
    if _WORD.fullmatch(element) and is_tracked:
        return ()
    facts = {"element": ascii(element[:60]), "tracked": tracked or "unknown"}
    return (Finding(ELEMENT_IS_THE_TRACKED_ONE, facts),)


def _check_tracked(tracked: str, element: str) -> None:
    found = untracked(tracked, element)
    if found:
        raise RefusalError(*found)


def _drafted(claim: CoreClaim, pack: Edition) -> ClaimDraft:
    """Check a claim on a lot, and write what is to be signed."""
    basis = queries.basis(claim.lot)
    issuer = log_queries.issuer()
    books = custody.books_of({claim.lot}, pack, claim.made_on)
    named = books.packs if books else ()
    return draft_claim(
        claim,
        rows=basis.rows,
        achievements=basis.achievements,
        results=basis.results,
        edition=standards.edition(claim.standard),
        custody_pack=pack,
        issuer_name=issuer.name,
        issuer_document=issuer.document(),
        carried=basis.carried,
        books=books,
        packs={name: packs.edition(name) for name in named},
        lowered_to=basis.model,
    )


def _drafted_of_site(claim: CoreClaim, pack: Edition, basis: of_sites.Basis) -> ClaimDraft:
    """Check a claim on a site, by what the register knows and by what is enclosed."""
    edition, issuer = standards.edition(claim.standard), log_queries.issuer()
    against = of_sites.findings(claim, basis, edition=edition, pack=pack)
    if against:
        raise RefusalError(*against)
    books = custody.books_of({row.lot for row in basis.blended.made}, pack, claim.made_on)
    if books is None:
        raise InvariantError("words about a site are of the pack under which books are kept")
    return draft_site_claim(
        claim,
        achievements=basis.achievements,
        results=basis.results,
        edition=edition,
        custody_pack=pack,
        issuer_name=issuer.name,
        issuer_document=issuer.document(),
        books=books,
        packs={name: packs.edition(name) for name in books.packs},
    )


def _sealed(draft: ClaimDraft) -> tuple[str, int]:
    """Sign and log a claim; give its file and its number in the log."""
    issuer = log_queries.issuer()
    token = sign_vc_jwt(draft.payload, issuer.key, issuer.kid)
    entry = log.append(log_entry(token))
    proof = log_queries.inclusion(entry.index)
    file = build_claim_file(draft, token=token, proof=proof, log_vkey=log_queries.vkey())
    return file, entry.index


def _stored(
    claim: CoreClaim, pack: Edition, holder: Organisation, *, file: str, log_index: int
) -> Claim:
    sentences = claim_sentences(claim, pack)
    about = claim.blending
    return Claim.objects.create(
        claim_id=uuid.UUID(claim.id),
        lot=claim.lot,
        facility=about.facility if about else "",
        material=about.material if about else "",
        period_from=about.period.valid_from if about else None,
        period_until=about.period.valid_until if about else None,
        wording=claim.wording,
        custody_pack=pack.id,
        standard=claim.standard,
        level=claim.level,
        share=str(claim.share),
        element=claim.element,
        made_by=holder,
        made_on=claim.made_on,
        valid_until=claim.valid_until,
        sentence_en=sentences["en"],
        sentence_fr=sentences.get("fr", ""),
        file=file,
        sha256=sha256_hex(file.encode()),
        log_index=log_index,
    )
