import datetime
import uuid
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from stannary.core.claims import (
    BY_BOOKS,
    ClaimPart,
    booked_parts,
    claim_percent,
    counting_of,
    parts_of,
)
from stannary.core.custody import events_of
from stannary.core.kernel import Finding, RefusalError, add_months
from stannary.core.provenance import trace
from stannary.web.claims import operations, preview, queries, seal, site_views, standing
from stannary.web.claims.forms import ClaimForm
from stannary.web.claims.models import Claim
from stannary.web.claims.queries import State
from stannary.web.claims.rests import Rests
from stannary.web.claims.sayable import readable
from stannary.web.claims.wording import offered, outcomes, own_pack, text_of
from stannary.web.custody import queries as custody
from stannary.web.parties.models import Person, Site
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.standards import queries as standards


def index(request: HttpRequest) -> HttpResponse:
    """List the claims, newest first."""
    page = Paginator(queries.claims(), 50).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.sentence = sentence(row)  # type: ignore[attr-defined]
    return render(request, "claims/claims.html", {"page": page, "today": timezone.localdate()})


def sentence(row: Claim) -> str:
    """Give what a claim says in the reader's language."""
    if translation.get_language() == "fr" and row.sentence_fr:
        return row.sentence_fr
    return row.sentence_en


def _address(row: Claim) -> str:
    return settings.ORIGIN + reverse("claims:claim", args=[row.claim_id])


def _qr(address: str) -> SafeString:
    """Draw a QR code as SVG without style."""
    code = segno.make(address, error="m").svg_inline(
        scale=4, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(code)  # noqa: S308 - made by segno from our own address


def page(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Show one claim: what is said, by whom, on what it rests, how to check it."""
    return _page(request, claim_id)


def _page(
    request: HttpRequest,
    claim_id: uuid.UUID,
    findings: list[dict[str, object]] | None = None,
    reason: str = "",
) -> HttpResponse:
    row = queries.claim(claim_id)
    now = standing.standing(row)
    rests = site_views.rests_on(row) if row.facility else _rests_on(row)
    names = dict(
        Site.objects.filter(slug__in={part.site for part in rests.parts}).values_list(
            "slug", "name"
        )
    )
    shown = [
        {
            "site": site,
            "name": names.get(site, site),
            "known": site in names,
            "level": rests.achievements[attestation].level
            if attestation in rests.achievements
            else "",
            "produced_on": produced_on,
            "share": share,
            "counts": status == "counts",
        }
        for (site, attestation, produced_on, status), share in _gathered(rests.parts).items()
    ]
    context = {
        "claim": row,
        "sentence": sentence(row),
        "percent": claim_percent(Fraction(row.share), translation.get_language() or "en"),
        "parts": shown,
        "by_books": rests.by_books,
        "by_claim": rests.by_claim,
        "keeps_books": row.custody_pack != custody.CUSTODY_PACK,
        "trace": rests,
        "qr": _qr(_address(row)),
        "address": _address(row),
        "over": seal.over_text(row, timezone.localdate()),
        "standing": now if now.findings and _may_fall(row) else None,
        "still": claim_percent(now.supported, translation.get_language() or "en"),
        "fallen": [finding_shape(one) for one in _each_rule_once(now.findings)],
        "withdrawal": getattr(row, "withdrawal", None),
        "may_withdraw": queries.may_withdraw(request.user, row),
        "findings": findings or [],
        "reason": reason,
    }
    return render(request, "claims/claim.html", context, status=422 if findings else 200)


def _rests_on(row: Claim) -> Rests:
    """Give what a claim on a lot rests on, as it is recorded now."""
    basis = queries.basis(row.lot)
    edition = standards.edition(row.standard)
    traced = trace(events_of(basis.rows), row.lot)
    by_books = traced.model in BY_BOOKS
    counting = counting_of(custody.pack_named(row.custody_pack), row.made_on)
    known = basis.achievements
    if by_books:
        parts = booked_parts(basis.carried, traced, known, edition, row.level, counting=counting)
    else:
        parts = parts_of(traced, known, edition, row.level, counting=counting)
    return Rests(
        parts=parts,
        achievements=known,
        unknown_share=traced.unknown_share,
        recycled_share=traced.recycled_share,
        by_books=by_books,
        by_claim=counting.claimed_on is not None,
    )


def _each_rule_once(findings: Iterable[Finding]) -> list[Finding]:
    """Give one finding of each rule; of parts of a lot one that changed, not one of a lower level."""
    found: dict[str, Finding] = {}
    for one in sorted(findings, key=lambda one: one.facts.get("status") == "lower_level"):
        found.setdefault(one.code, one)
    return list(found.values())


def _may_fall(row: Claim) -> bool:
    """Tell whether a claim is in force, or would be if what is recorded supported it."""
    return queries.state(row, timezone.localdate()) in (State.IN_FORCE, State.AFFECTED)


@require_safe
def seal_page(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Show the seal of a claim, and how it may be used."""
    row = queries.claim(claim_id)
    said = seal.seal_of(row, sentence=sentence(row), on=timezone.localdate())
    context = {
        "claim": row,
        "seal": said,
        "described": seal.described(said),
        "address": settings.ORIGIN + reverse("claims:seal_svg", args=[row.claim_id]),
    }
    return render(request, "claims/seal.html", context)


@require_safe
def seal_svg(_request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Hand out the seal of a claim as it stands today; never kept, so that it is never too old."""
    row = queries.claim(claim_id)
    said = seal.seal_of(row, sentence=sentence(row), on=timezone.localdate())
    answer = HttpResponse(seal.draw(said), content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="claim-{row.claim_id}.svg"'
    answer["Cache-Control"] = "no-cache"
    return answer


@require_POST
@login_required
def withdraw(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Let a clerk of whoever made a claim take it back; a refusal is shown beside the form."""
    reason = request.POST.get("reason", "").replace("\x00", "")[:5000]
    try:
        operations.withdraw_claim(
            actor=actor_of(request), claim_id=claim_id, reason=reason, on=timezone.localdate()
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        findings = [finding_shape(one) for one in refusal.findings]
        return _page(request, claim_id, findings=findings, reason=reason)
    return redirect("claims:claim", claim_id=claim_id)


def _gathered(
    parts: Iterable[ClaimPart],
) -> dict[tuple[str, str, datetime.date, str], Fraction]:
    """Add up parts of one mine, achievement, day and status."""
    found: dict[tuple[str, str, datetime.date, str], Fraction] = {}
    for part in parts:
        key = (part.site, part.attestation, part.produced_on, part.status)
        found[key] = found.get(key, Fraction(0)) + part.share
    return found


def file(_request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Hand out the claim file, as it was signed."""
    row = queries.claim(claim_id)
    answer = HttpResponse(row.file, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{row.claim_id}.claim.json"'
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["ETag"] = f'"{row.sha256}"'
    return answer


@login_required
def make(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Let a clerk of the holder make a claim; a refusal is shown beside what was typed."""
    if not isinstance(request.user, Person):
        return redirect("account_login")
    holder = queries.holder_to_speak_for(actor=request.user, lot_id=lot_id)
    basis = queries.basis(lot_id)
    editions = sorted({one.standard for one in basis.achievements.values()})
    levels = [
        (f"{edition}|{level.code}", f"{level.title} ({standards.edition(edition).short_title})")
        for edition in editions
        for level in reversed(standards.edition(edition).levels)
    ]
    traced = trace(events_of(basis.rows), lot_id)
    own = own_pack(holder.name, timezone.localdate())
    words = offered(traced, timezone.localdate(), own)
    form = ClaimForm(
        request.POST or None,
        wordings=[(one.code, readable(text_of(one, pack), lot_id)) for pack, one in words],
        levels=levels,
        initial={"element": custody.element_of(lot_id)},
    )
    findings: list[dict[str, object]] = []
    said: tuple[preview.Said, ...] = ()
    if form.is_valid():
        asked = _asked(lot_id, form)
        try:
            if "preview" in request.POST:
                seen = preview.preview(actor=request.user, **asked)
                said, findings = seen.said, [finding_shape(one) for one in seen.findings]
            else:
                made = operations.make_claim(actor=request.user, **asked)
                return redirect("claims:claim", claim_id=made.claim_id)
        except RefusalError as refusal:
            findings = [finding_shape(finding) for finding in refusal.findings]
    context = {
        "form": form,
        "lot": lot_id,
        "holder": holder,
        "findings": findings,
        "outcomes": [
            outcome
            for edition in editions
            for outcome in outcomes(
                traced,
                basis.achievements,
                standards.edition(edition),
                basis.carried,
                day=timezone.localdate(),
                own=own,
            )
        ],
        "unknown": traced.unknown_share,
        "words": [(one.title, preview.words_of(one, lot_id)) for _pack, one in words],
        "said": said,
    }
    return render(request, "claims/make.html", context, status=422 if findings else 200)


def _asked(lot_id: str, form: ClaimForm) -> dict[str, Any]:
    """Read what is to be said, from today, as `make_claim` and `preview` take it."""
    typed = form.cleaned_data
    standard, _bar, level = str(typed["level"]).partition("|")
    today = timezone.now().date()
    return {
        "lot_id": lot_id,
        "wording": typed["wording"],
        "standard": standard,
        "level": level,
        "share": typed["share"],
        "element": typed["element"],
        "made_on": today,
        "valid_until": add_months(today, typed["months"]),
    }
