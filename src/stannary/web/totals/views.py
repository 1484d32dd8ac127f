"""A holder's receipts of mines' totals, as a page and as files."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stannary.web.project.idempotency import actor_of
from stannary.web.totals import queries


@login_required
@require_safe
def receipts(request: HttpRequest, slug: str) -> HttpResponse:
    """List what an entity had of mines' totals, with its receipts."""
    holder = queries.holder_to_read_for(actor_of(request), slug)
    shares = list(queries.shares_of(holder)[: queries.SHOWN])
    names = queries.mine_names(shares)
    rows = [(share, names.get(share.total.mine, share.total.mine)) for share in shares]
    return render(request, "totals/receipts.html", {"entity": holder, "rows": rows})


@login_required
@require_safe
def receipt(request: HttpRequest, slug: str, mine: str, day: str) -> HttpResponse:
    """Give an entity's receipt of a mine's total of a day as a file."""
    holder = queries.holder_to_read_for(actor_of(request), slug)
    try:
        on = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    share = queries.share_of(holder, mine, on)
    if share.total.day != on:
        raise Http404
    answer = HttpResponse(queries.receipt_file(share), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{mine}-{on}.receipt.json"'
    return answer
