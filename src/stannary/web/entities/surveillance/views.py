"""Pages about surveillance: what is due, and what was found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stannary.core.kernel import RefusalError
from stannary.web.entities import queries as entities
from stannary.web.entities import words
from stannary.web.entities.surveillance import forms, operations, queries
from stannary.web.entities.views import ACTS
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the certificates of which surveillance is to be done, as far as they concern the reader."""
    today = timezone.localdate()
    rows = [
        (one, one.held.surveillance and words.due(str(one.held.surveillance.due)))
        for one in queries.watched(actor_of(request), today)
    ]
    return render(request, "entities/surveillance.html", {"rows": rows, "day": today})


@login_required
@ACTS
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Let who issued a certificate record that its holder was audited in between."""
    actor = actor_of(request)
    row = queries.certificate_to_watch(actor, number)
    today = timezone.localdate()
    sends = request.method == "POST"
    form = forms.VisitForm(request.POST if sends else None, initial={"on": today})
    findings: list[dict[str, object]] = []
    status = 422 if sends else 200
    if sends and form.is_valid():
        try:
            operations.record_visit(actor=actor, number=number, **form.cleaned_data)
        except RefusalError as refusal:
            findings = [finding_shape(one) for one in refusal.findings]
            status = status_of(refusal)
        else:
            messages.success(request, _("The surveillance is recorded. That is public now."))
            return redirect("surveillance:certificate", number)
    held = entities.held_on(row, today)
    context = {
        "one": held,
        "status": words.status(str(held.status)),
        "due": words.due(str(held.surveillance.due)) if held.surveillance else words.due(""),
        "sites": queries.sites_asked(held, today),
        "form": form,
        "findings": findings,
    }
    return render(request, "entities/visit.html", context, status=status)
