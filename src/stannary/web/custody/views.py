import datetime
from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stannary.core.attestations import Achievement
from stannary.core.custody import Row
from stannary.core.provenance import trace_as_dict
from stannary.formats.movements import write_movements_csv
from stannary.web.attestations import queries as attestations
from stannary.web.custody import flows, queries, sankey
from stannary.web.custody.models import Lot
from stannary.web.parties import queries as parties
from stannary.web.parties import world_map
from stannary.web.parties.models import Organisation
from stannary.web.project.html import link, rows
from stannary.web.project.templatetags.stannary import day, mass

PAGE = 100
ROWS_SHOWN = 1000


def index(request: HttpRequest) -> HttpResponse:
    """List the lots, newest first."""
    text = request.GET.get("q", "")[:100]
    holder = request.GET.get("holder", "")[:200]
    found = queries.lots(text=text, holder=holder)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    holders = (
        Lot.objects.exclude(holder="")
        .order_by("holder")
        .values_list("holder", flat=True)
        .distinct()
    )
    context = {
        "page": page,
        "rows": rows([_lot_row(lot) for lot in page.object_list], numeric=frozenset({2, 3})),
        "q": text,
        "holder": holder,
        "holders": list(holders[:200]),
        "filters": "".join(
            f"&{key}={value}" for key, value in (("q", text), ("holder", holder)) if value
        ),
    }
    return render(request, "custody/lots.html", context)


def _lot_row(lot: Lot) -> tuple[object, ...]:
    where = lot.holder or (_("under way") if lot.in_transit else _("used up"))
    return (
        link(reverse("lots:lot", args=[lot.lot_id]), lot.lot_id),
        lot.material,
        mass(lot.mass_mg),
        mass(lot.content_mg),
        where,
        day(lot.made_at.date()),
    )


def page(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Show one lot: what it is, where it comes from, what may be said of it."""
    lot = queries.lot(lot_id)
    found = queries.traced(lot_id)
    own = queries.rows_of_lot(lot_id)
    achievements = attestations.achievements({one.attestation for one in found.trace.origins})
    sites = {row.slug: row for row in parties.site_rows()}
    names = {slug: row.name for slug, row in sites.items()}
    origins = [
        {
            "site": origin.site,
            "name": names.get(origin.site, origin.site),
            "known": origin.site in names,
            "level": _level_on(achievements, origin.attestation, origin.at.date()),
            "result": _result_of(achievements, origin.attestation),
            "at": origin.at.date(),
            "share": origin.share,
            "content_mg": origin.content_mg,
        }
        for origin in found.trace.origins
    ]
    drawing = flows.drawing_of(found.events, lot_id)
    title = _("Where the content of lot %(lot)s comes from; the table says the same") % {
        "lot": lot_id
    }
    places = [sites[origin.site] for origin in found.trace.origins if origin.site in sites]
    context = {
        "lot": lot,
        "element": queries.element_in(lot.material),
        "trace": found.trace,
        "known": 1 - found.trace.unknown_share - found.trace.recycled_share,
        "origins": origins,
        "model": _model(found.trace.model),
        "since": queries.held_since(own),
        "illustrative": _illustrative(
            lot, [sites[one.site] for one in found.trace.origins if one.site in sites]
        ),
        "sankey": sankey.draw(drawing, names=names, title=title),
        "map": _map(places),
        "movements": _movement_rows(found.rows, names),
        "movements_count": len(found.rows),
        "own": _movement_rows(own, names),
    }
    return render(request, "custody/lot.html", context)


def _map(sites: list[parties.SiteRow]) -> SafeString | str:
    if not any(site.latitude is not None for site in sites):
        return ""
    return world_map.draw(
        sites,
        area=None,
        address_of=lambda site: reverse("sites:site", args=[site.slug]),
        filters={},
    )


def _level_on(achievements: Mapping[str, Achievement], attestation: str, on: datetime.date) -> str:
    achievement = achievements.get(attestation)
    return (achievement.level_on(on) or "") if achievement else ""


def _result_of(achievements: Mapping[str, Achievement], attestation: str) -> str:
    achievement = achievements.get(attestation)
    return (achievement.result_id or "").removeprefix("urn:uuid:") if achievement else ""


def _illustrative(lot: Lot, sites: list[parties.SiteRow]) -> bool:
    made_up = Organisation.objects.filter(name__in={lot.made_by, lot.holder}, illustrative=True)
    return any(site.illustrative for site in sites) or made_up.exists()


def _model(model: object) -> str:
    names = {
        "identity_preserved": _("Identity preserved"),
        "segregated": _("Segregated"),
        "controlled_blending": _("Controlled blending"),
        "mass_balance": _("Mass balance"),
        "book_and_claim": _("Book and claim"),
    }
    return names.get(str(model), _("not named"))


def kind_name(kind: str) -> str:
    """Give what an event does, in the reader's language."""
    names = {
        "produce": _("mined"),
        "receive": _("received"),
        "ship": _("shipped"),
        "split": _("split"),
        "blend": _("blended"),
        "transform": _("transformed"),
        "loss": _("lost"),
        "recycle": _("recycled input"),
        "purchase": _("bought, origin unknown"),
    }
    return names.get(kind, kind)


def side_name(side: str) -> str:
    """Give on which side of its event a lot stands."""
    return {"in": _("in"), "out": _("out"), "move": _("moved")}.get(side, side)


def _movement_rows(those: tuple[Row, ...], names: dict[str, str]) -> SafeString:
    return rows(
        (
            (
                day(row.at.date()),
                kind_name(row.kind),
                row.entity,
                names.get(row.site, row.site),
                side_name(row.side),
                row.lot,
                mass(row.mass_mg),
                mass(row.content_mg),
            )
            for row in those[:ROWS_SHOWN]
        ),
        numeric=frozenset({6, 7}),
    )


def movements(_request: HttpRequest, lot_id: str) -> HttpResponse:
    """Hand out the movements that a lot is made of, as CSV."""
    text = write_movements_csv(queries.ancestry_rows(lot_id))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="movements.csv"'
    return answer


def trace_json(_request: HttpRequest, lot_id: str) -> HttpResponse:
    """Hand out the trace of a lot, in the form of `stannary trace --json`."""
    return JsonResponse(trace_shape(lot_id))


def trace_shape(lot_id: str) -> dict[str, object]:
    """Give the trace of a lot as the contract has it, with the level of each origin on its day."""
    found = queries.traced(lot_id).trace
    achievements = attestations.achievements({one.attestation for one in found.origins})
    levels = {
        one.attestation: held
        for one in found.origins
        if (held := _level_on(achievements, one.attestation, one.at.date()))
    }
    return dict(trace_as_dict(found, levels=levels))
