"""Pages on which clerks say something of what their facility blended, and what such a claim rests on."""

import datetime
from collections.abc import Iterable
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stannary.core.claims import Batch, ClaimPart, counting_of, parts_of
from stannary.core.custody import BalancePeriod
from stannary.core.kernel import RefusalError
from stannary.web.claims import of_sites, operations, queries, records
from stannary.web.claims.forms import SiteClaimForm
from stannary.web.claims.models import Claim
from stannary.web.claims.rests import Rests
from stannary.web.claims.sayable import readable
from stannary.web.claims.wording import offered_of_site, own_pack, text_of
from stannary.web.custody import queries as custody
from stannary.web.parties.models import Facility, Person
from stannary.web.project.problems import finding_shape
from stannary.web.project.templatetags.stannary import day
from stannary.web.standards import queries as standards

_DAY = datetime.timedelta(days=1)


@login_required
def make(request: HttpRequest, facility: str) -> HttpResponse:
    """Let a clerk claim what was measured; a refusal is shown beside what was typed."""
    if not isinstance(request.user, Person):
        return redirect("account_login")
    place = queries.site_to_speak_for(actor=request.user, facility=facility)
    today = timezone.localdate()
    most = of_sites.outcomes(place, of_sites.periods(place, today), today)
    own = own_pack(place.organisation.name, today)
    form = _form(request, most, today, own)
    findings = []
    if form.is_valid():
        try:
            made = _make(request.user, place, form, today)
        except RefusalError as refusal:
            findings = [finding_shape(finding) for finding in refusal.findings]
        else:
            return redirect("claims:claim", claim_id=made.claim_id)
    context = {"form": form, "facility": place, "findings": findings, "most": most, "today": today}
    return render(request, "claims/make_of_site.html", context, status=422 if findings else 200)


def _form(
    request: HttpRequest, most: Iterable[of_sites.Most], today: datetime.date, own: str
) -> SiteClaimForm:
    those = tuple(most)
    editions = {one.standard: standards.edition(one.standard) for one in those}
    names = list(dict.fromkeys(one.material for one in those))
    return SiteClaimForm(
        request.POST or None,
        periods=[
            (period.valid_from.isoformat(), f"{day(period.valid_from)} – {day(_last(period))}")
            for period in dict.fromkeys(one.period for one in those)
        ],
        materials=[(name, name) for name in names],
        wordings=[
            (words.code, readable(text_of(words, pack), ""))
            for pack, words in offered_of_site(today, own)
        ],
        levels=[
            (f"{name}|{level.code}", f"{level.title} ({edition.short_title})")
            for name, edition in editions.items()
            for level in reversed(edition.levels)
        ],
        initial={"element": custody.element_in(names[0]) if names else ""},
    )


def _last(period: BalancePeriod) -> datetime.date:
    return period.valid_until - _DAY


def _make(actor: Person, place: Facility, form: SiteClaimForm, today: datetime.date) -> Claim:
    said = form.cleaned_data
    standard, _, level = said["level"].partition("|")
    begin = datetime.date.fromisoformat(said["period"])
    period = of_sites.may_be_claimed(begin, today, place)
    return operations.make_site_claim(
        actor=actor,
        facility=place.slug,
        about=period,
        material=said["material"],
        wording=said["wording"],
        standard=standard,
        level=level,
        share=said["share"],
        element=said["element"],
        made_on=today,
        valid_until=of_sites.ends(period, today, said["months"], place),
    )


def rests_on(row: Claim) -> Rests:
    """Give what a claim on what a site blended rests on, as it is recorded now."""
    claim = records.claim_of(row)
    about = of_sites.about(claim)
    found = of_sites.basis(of_sites.place_of(row), about.period)
    edition = standards.edition(row.standard)
    counting = counting_of(custody.pack_named(row.custody_pack), row.made_on)
    measured = found.blended.of(about.material)
    whole = measured.content_mg
    parts = [
        ClaimPart(
            part.site,
            part.attestation,
            part.produced_on,
            part.share * one.left_mg / whole,
            part.status,
        )
        for one in measured.batches
        for part in parts_of(one.trace, found.achievements, edition, row.level, counting=counting)
    ]
    return Rests(
        parts=parts,
        achievements=found.achievements,
        unknown_share=_weighed((one, one.trace.unknown_share) for one in measured.batches),
        recycled_share=_weighed((one, one.trace.recycled_share) for one in measured.batches),
        by_claim=counting.claimed_on is not None,
        batches=len(measured.batches),
        blends=len(found.blended.made),
        last_day=_last(about.period),
        place=Facility.objects.filter(slug=row.facility).first(),
    )


def _weighed(shares: Iterable[tuple[Batch, Fraction]]) -> Fraction:
    """Give the share of all batches together, each by what is left of it."""
    those = list(shares)
    whole = sum(one.left_mg for one, _ in those)
    mg = sum((share * one.left_mg for one, share in those), Fraction(0))
    return mg / whole if whole else mg
