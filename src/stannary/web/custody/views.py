import datetime
import functools
import shlex
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stannary.core.custody import Event, Kind, Row, Weighed, weighed_as
from stannary.core.kernel import percent_text
from stannary.core.provenance import Origin, trace_as_dict
from stannary.formats.movements import write_movements_csv
from stannary.web.custody import flows, levels, queries, sankey
from stannary.web.custody.models import Lot
from stannary.web.parties import queries as parties
from stannary.web.parties import world_map
from stannary.web.parties.models import Facility
from stannary.web.project.html import link, rows, safe
from stannary.web.project.templatetags.stannary import day, in_words, level, level_title, mass

PAGE = 100
ROWS_SHOWN = 200


def index(request: HttpRequest) -> HttpResponse:
    """List the lots, newest first."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("q", "holder", "material")}
    found = queries.lots(text=asked["q"], holder=asked["holder"], material=asked["material"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    holders, materials = queries.holders_and_materials()
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "page": page,
        "rows": rows([_lot_row(lot) for lot in page.object_list], numeric=frozenset({3, 4})),
        **asked,
        "asked": any(asked.values()),
        "holders": holders,
        "materials": materials,
        "kept": f"&{kept}" if kept else "",
    }
    return render(request, "custody/lots.html", context)


def _lot_row(lot: Lot) -> tuple[object, ...]:
    where = lot.holder or (_("under way") if lot.in_transit else _("used up"))
    return (
        link(reverse("lots:lot", args=[lot.lot_id]), lot.lot_id),
        lot.material,
        where,
        mass(lot.mass_mg),
        mass(lot.content_mg),
        day(lot.made_at.date()),
    )


def page(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Show one lot, as it is or as it was known on a day: where it comes from, what may be said of it."""
    lot = queries.lot(lot_id)
    as_of = day_before(request.GET.get("on", ""), timezone.localdate())
    found = queries.traced(lot_id, as_of=as_of)
    own = [row for row in queries.rows_of_lot(lot_id) if as_of is None or row.at.date() <= as_of]
    shown, count = queries.first_rows(found, ROWS_SHOWN)
    events = found.chain.events
    sites = queries.sites_of([*shown, *(row for event in events for row in event.rows)])
    names = {slug: site.name for slug, site in sites.items()}
    places = queries.facilities_of([*shown, *own])
    context = {
        "lot": lot,
        "as_of": as_of,
        "made": found.chain.rows[lot_id] if as_of else lot,
        "place": None if as_of else places.get((lot.holder, lot.holder_site)),
        "element": lot.element or queries.element_in(lot.material),
        "known": 1 - found.trace.unknown_share - found.trace.recycled_share,
        "unknown": share_text(found.trace.unknown_share),
        "recycled": share_text(found.trace.recycled_share),
        "bought": _bought(events),
        "model": model_name(found.trace.model),
        "since": queries.held_since(tuple(own)),
        "illustrative": queries.is_illustrative(lot, sites.values()),
        "map": _map([sites[one.site] for one in found.trace.origins if one.site in sites]),
        "movements": movement_rows(shown, names, places),
        "movements_count": count,
        "shown": ROWS_SHOWN,
        "own": movement_rows(own[:ROWS_SHOWN], names, places),
        "command": check_command(lot_id),
        **_origins(found, names),
    }
    return render(request, "custody/lot.html", context)


def _origins(found: queries.Traced, names: Mapping[str, str]) -> dict[str, object]:
    """Give where a lot comes from: drawn, and in tables that say the same."""
    lot_id = found.trace.lot
    held = levels.levels_of(found.trace.origins)
    title = _("Where the content of lot %(lot)s comes from; the table says the same") % {
        "lot": lot_id
    }
    notes = {key: level_title(one.level) for key, one in held.items() if one.level}
    drawing = flows.drawing_of(found.chain, lot_id)
    return {
        "trace": found.trace,
        "origins": origin_rows(found.trace.origins, held, names),
        "sankey": sankey.draw(drawing, names=names, notes=notes, title=title),
        "bands": sankey.bands(drawing, names=names),
    }


def day_before(text: str, today: datetime.date) -> datetime.date | None:
    """Read the earlier day that a page is asked for; None for today, for a later one, or for no day."""
    try:
        found = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if found < today else None


def check_command(lot_id: str) -> str:
    """Give the command that traces a lot again, safe to paste into a shell: a lot may be called anything."""
    if lot_id.startswith("-"):
        return f"stannary trace --movements movements.csv -- {shlex.quote(lot_id)}"
    return f"stannary trace {shlex.quote(lot_id)} --movements movements.csv"


def origin_rows(
    origins: Iterable[Origin], held: Mapping[levels.Key, levels.Held], names: Mapping[str, str]
) -> SafeString:
    """Build the rows of the table of origins; there can be hundreds."""

    def named(slug: str) -> str:
        return link(reverse("sites:site", args=[slug]), names[slug]) if slug in names else slug

    days = functools.cache(day)

    def produced(origin: Origin) -> str:
        first = origin.at.date()
        last = max((part.at for part in origin.parts), default=origin.at).date()
        return days(first) if first == last else f"{days(first)} – {days(last)}"

    labels = (_("Share"), _("Level on the day of production"), _("Produced"), _("Content"))
    levels_shown = functools.cache(_level_shown)
    return SafeString(
        "".join(
            origin_row(
                named(origin.site),
                (
                    share_text(origin.share),
                    levels_shown(held.get((origin.site, origin.attestation), levels.NOTHING)),
                    produced(origin),
                    mass(origin.content_mg),
                ),
                labels,
            )
            for origin in origins
        )
    )


def origin_row(first: object, values: Sequence[object], labels: Sequence[str]) -> str:
    """Build a row that says on a phone, where it has no columns, what each value is."""
    shown = "".join(
        f'<td{" class=n" if place in (0, 3) else ""} data-label="{safe(label)}">{safe(value)}</td>'
        for place, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    return f'<tr><th scope="row">{safe(first)}</th>{shown}</tr>'


def _level_shown(held: levels.Held) -> object:
    if held.differs:
        return _("differs from day to day")
    if not held.result:
        return level(held.level)
    return link(reverse("results:page", args=[held.result]), level(held.level))


def _bought(those: Iterable[Event]) -> datetime.date | None:
    """Tell when material of unknown origin came in first."""
    return min((event.at.date() for event in those if event.kind is Kind.PURCHASE), default=None)


def share_text(share: Fraction) -> str:
    """Show a share as percent, exact to the millionth, cut off and never rounded up."""
    number = percent_text(share, places=6).rstrip("0").rstrip(".")
    mark = formats.get_format("DECIMAL_SEPARATOR")
    if number == "0" and share:
        return f"< 0{mark}000001\N{NO-BREAK SPACE}%"
    return f"{number.replace('.', mark)}\N{NO-BREAK SPACE}%"


def _map(sites: list[parties.SiteRow]) -> SafeString | str:
    if not any(site.latitude is not None for site in sites):
        return ""
    return world_map.draw(
        sites,
        area=None,
        address_of=lambda site: reverse("sites:site", args=[site.slug]),
        filters={},
    )


def model_name(model: object) -> str:
    """Give a chain of custody model in the reader's language."""
    names = {
        "identity_preserved": _("Identity preserved"),
        "segregated": _("Segregated"),
        "controlled_blending": _("Controlled blending"),
        "mass_balance": _("Mass balance"),
        "book_and_claim": _("Book and claim"),
    }
    return names.get(str(model), _("not named"))


def kind_names() -> dict[str, str]:
    """Give what each kind of event does, in the reader's language."""
    return {
        "produce": _("mined"),
        "receive": _("received"),
        "ship": _("shipped"),
        "split": _("split"),
        "blend": _("blended"),
        "transform": _("transformed"),
        "loss": _("lost"),
        "recycle": _("recycled input"),
        "purchase": _("bought, origin unknown"),
        "book": _("booked as credits"),
        "transfer": _("credits passed on"),
        "retire": _("credits used up"),
        "correct": _("corrected"),
    }


def weighed_names() -> dict[str, str]:
    """Give what differences of weighing are called, in the reader's language."""
    return {Weighed.LESS: _("weighed less"), Weighed.MORE: _("weighed more")}


def side_names() -> dict[str, str]:
    """Give on which side of its event a lot can stand."""
    return {"in": _("in"), "out": _("out"), "move": _("moved")}


def movement_rows(
    those: Iterable[Row],
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], Facility] | None = None,
) -> SafeString:
    """Build the rows of a table of movements, with links to the facilities that they name."""
    kinds, sides = kind_names() | weighed_names(), side_names()
    days = functools.cache(day)
    linked = {
        key: link(reverse("facilities:facility", args=[one.slug]), one.name)
        for key, one in (places or {}).items()
    }
    return rows(
        (
            (
                days(row.at.date()),
                _what(kinds[weighed_as(row) or row.kind], row.process),
                row.entity,
                linked.get((row.entity, row.site)) or names.get(row.site, row.site),
                sides.get(row.side, str(row.side)),
                row.lot,
                mass(row.mass_mg),
                " ".join(filter(None, (mass(row.content_mg), in_words(row.element)))),
            )
            for row in those
        ),
        numeric=frozenset({6, 7}),
    )


def _what(kind: str, process: str) -> str:
    """Say what an event does, and by which process."""
    return f"{kind} ({process})" if process else kind


def movements(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Hand out the movements that a lot is made of, as CSV; as they were known on a day, if one is asked for."""
    as_of = day_before(request.GET.get("on", ""), timezone.localdate())
    text = write_movements_csv(queries.ancestry_rows(lot_id, as_of=as_of))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="movements.csv"'
    return answer


def trace_json(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Hand out the trace of a lot, in the form of `stannary trace --json`; of a day, if one is asked for."""
    as_of = day_before(request.GET.get("on", ""), timezone.localdate())
    shape = trace_shape(lot_id, as_of=as_of)
    return JsonResponse(shape, json_dumps_params={"ensure_ascii": False})


def trace_shape(lot_id: str, *, as_of: datetime.date | None = None) -> dict[str, object]:
    """Give the trace of a lot as the contract has it, with the level of each origin on its day."""
    found = queries.traced(lot_id, as_of=as_of).trace
    shape = trace_as_dict(found)
    held = levels.levels_of(found.origins)
    origins = shape["origins"]
    if isinstance(origins, list):
        for origin in origins:
            known = held.get((origin["site"], origin["attestation"]), levels.NOTHING)
            origin["level"] = known.level or None
    return shape
