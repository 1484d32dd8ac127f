"""Forms to fill in: a table of movements with its heads, one for each task of a clerk.

Only the first sheet is read when it comes back; the others explain it. Everything on the sheet of
the example is made up.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.core.custody import WEIGHING, Kind, Model, Side
from stannary.formats.workbooks import Cell, Sheet, workbook
from stannary.web.custody.desk import queries
from stannary.web.custody.models import Lot
from stannary.web.custody.trial import STARTS_A_FORMULA
from stannary.web.custody.views import kind_names, model_name, side_names

HEADS = (
    "event", "at", "kind", "site", "entity", "lot", "side", "material", "mass_kg", "content_kg", "model",
    "attestation", "account", "period", "note", "wet_kg", "moisture_percent", "grade_percent",
    "process", "element",
)  # fmt: skip
NEEDED = frozenset(HEADS[:9])
FORMS = ("xlsx", "csv")
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Task:
    """What a clerk wants to book.

    Attributes:
        code: In addresses and names of files.
        title: In words.
        help: What to write, in a sentence or two.
        kind: Kind of the events; None where several may stand.
        example: Lines of one made-up event: lot, side, material, kilograms, kilograms of content.
        kinds: Those of the lines of the example, which are events of their own then.
        periods: What these lines say in the column of the period.
    """

    code: str
    title: object
    help: object
    kind: Kind | None
    example: tuple[tuple[str, Side, str, str, str], ...]
    kinds: tuple[Kind, ...] = ()
    periods: tuple[str, ...] = ("", "")


_ORE = ("N-1", Side.OUT, "spodumene concentrate", "25000", "690.25")
TASKS = (
    Task(
        "production",
        gettext_lazy("Production"),
        gettext_lazy("One line for each lot that was mined; name the achievement of the mine."),
        Kind.PRODUCE,
        (_ORE,),
    ),
    Task(
        "shipment",
        gettext_lazy("Shipment"),
        gettext_lazy("One line for each lot that leaves, whole: a part is split off before."),
        Kind.SHIP,
        (("L-7", Side.MOVE, "lithium carbonate", "1000", "188"),),
    ),
    Task(
        "receipt",
        gettext_lazy("Receipt"),
        gettext_lazy("One line for each lot that arrived, with the mass that was sent."),
        Kind.RECEIVE,
        (("L-7", Side.MOVE, "lithium carbonate", "1000", "188"),),
    ),
    Task(
        "split",
        gettext_lazy("Split"),
        gettext_lazy(
            "The lot on the side in, its parts on the side out; they weigh what it weighs."
        ),
        Kind.SPLIT,
        (
            ("L-7", Side.IN, "lithium carbonate", "1000", "188"),
            ("L-7a", Side.OUT, "lithium carbonate", "400", "75.2"),
            ("L-7b", Side.OUT, "lithium carbonate", "600", "112.8"),
        ),
    ),
    Task(
        "blend",
        gettext_lazy("Blend"),
        gettext_lazy(
            "What goes in on the side in, what comes out on the side out, of one material."
        ),
        Kind.BLEND,
        (
            ("L-7", Side.IN, "lithium carbonate", "1000", "188"),
            ("L-8", Side.IN, "lithium carbonate", "500", "94"),
            ("L-9", Side.OUT, "lithium carbonate", "1500", "282"),
        ),
    ),
    Task(
        "processing",
        gettext_lazy("Processing"),
        gettext_lazy(
            "What a process takes in and puts out. Less content may come out than went in, never more."
        ),
        Kind.TRANSFORM,
        (
            ("N-1", Side.IN, "spodumene concentrate", "25000", "690.25"),
            ("L-10", Side.OUT, "lithium carbonate", "3300", "620.4"),
        ),
    ),
    Task(
        "purchase",
        gettext_lazy("Purchase from outside"),
        gettext_lazy("Material whose mine nobody proves."),
        Kind.PURCHASE,
        (("U-3", Side.OUT, "lithium carbonate", "500", "94"),),
    ),
    Task(
        "recycled",
        gettext_lazy("Recycled material"),
        gettext_lazy("Recycled material that came in; it is accounted for apart."),
        Kind.RECYCLE,
        (("R-4", Side.OUT, "lithium carbonate", "120", "22.5"),),
    ),
    Task(
        "loss",
        gettext_lazy("Loss"),
        gettext_lazy("What is gone of a lot: spilled, evaporated, blown away."),
        Kind.LOSS,
        (("L-7", Side.IN, "lithium carbonate", "2.5", "0.47"),),
    ),
    Task(
        WEIGHING,
        gettext_lazy("Difference of weighing"),
        gettext_lazy(
            "After the receipt. Your scale shows less: a loss. It shows more: a purchase, as a new lot. "
            "The period of both is the word weighing; after it may stand the lot that was weighed."
        ),
        None,
        (
            ("L-7", Side.IN, "lithium carbonate", "0.8", "0.15"),
            ("L-8w", Side.OUT, "lithium carbonate", "0.7", "0.131"),
        ),
        (Kind.LOSS, Kind.PURCHASE),
        (WEIGHING, f"{WEIGHING} L-8"),
    ),
    Task(
        "movements",
        gettext_lazy("Everything"),
        gettext_lazy("Events of any kind; lines of one event bear the same name."),
        None,
        (_ORE, ("N-1", Side.MOVE, "spodumene concentrate", "25000", "690.25")),
        (Kind.PRODUCE, Kind.SHIP),
    ),
)
BY_CODE = {task.code: task for task in TASKS}


def csv_of(task: Task, name: str) -> str:
    """Give a form as CSV: heads, and where it helps the lots in stock."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_prefilled(task, name))
    return text.getvalue()


def workbook_of(task: Task, name: str) -> bytes:
    """Give a form as a workbook, in the reader's language; the heads are those of every form."""
    rows = [[line.get(head) for head in HEADS] for line in _prefilled(task, name)]
    widths = [16, 27, 12, 24, 24, 20, 8, 26, 14, 14, 22, 34, 20, 16, 30, 14, 18, 16, 22, 14]
    return workbook(
        [
            Sheet("movements", HEADS, widths, rows),
            Sheet(_("columns"), _about_heads(), [16, 12, 62, 40], _columns(task, name)),
            Sheet(_("example"), HEADS, widths, _example(task, name)),
            Sheet(_("lists"), (_("column"), _("word"), _("meaning")), [16, 40, 60], _lists(name)),
        ]
    )


def _prefilled(task: Task, name: str) -> list[Line]:
    """Give the lots in stock as lines of a shipment, which takes them whole; else nothing."""
    if task.kind is not Kind.SHIP:
        return []
    return [
        {
            "kind": "ship",
            "site": lot.holder_site,
            "entity": name,
            "lot": lot.lot_id,
            "side": "move",
            "material": lot.material,
            "mass_kg": kilograms(lot.left_mass_mg),
            "content_kg": kilograms(lot.left_content_mg),
            "model": lot.model,
            "element": lot.element,
        }
        for lot in queries.stock(name)[: queries.LISTED]
        if lot.left_mass_mg and lot.left_content_mg and not _odd(lot)
    ]


def _odd(lot: Lot) -> bool:
    """Tell whether a spreadsheet would compute a text of a lot; such a lot is typed by hand."""
    texts = (lot.lot_id, lot.material, lot.holder_site, lot.element)
    return any(text.startswith(STARTS_A_FORMULA) for text in texts)


def kilograms(mass_mg: int) -> str:
    """Give a mass in kilograms, exactly.

    Example:
        >>> kilograms(1_250_000), kilograms(1), kilograms(5_000_000)
        ('1.25', '0.000001', '5')
    """
    whole, part = divmod(mass_mg, 1_000_000)
    return f"{whole}.{part:06}".rstrip("0").rstrip(".")


def _about_heads() -> tuple[str, ...]:
    return (_("column"), _("needed"), _("what to write"), _("example, made up"))


def _columns(task: Task, name: str) -> list[list[Cell]]:
    kind = str(task.kind or task.kinds[0])
    sides = ", ".join(dict.fromkeys(str(line[1]) for line in task.example))
    words = ", ".join(_kinds(task))
    meant = {
        "event": (
            _("A name of your own for what happened; lines with the same name happened together."),
            "E-2026-117",
        ),
        "at": (
            _(
                "Day, time and offset from UTC: 2026-03-01T08:00:00+01:00, or …Z for UTC. If you call this column "
                "“at +01:00”, a day, or a day and a time, is enough."
            ),
            "2026-03-01T08:00:00+01:00",
        ),
        "kind": (_("One of: %(words)s") % {"words": words}, kind),
        "site": (_("Where it happened: one of your sites, always written alike."), "example-plant"),
        "entity": (_("The name of your organisation, as it stands on its page."), name),
        "lot": (_("The id of the lot; a lot that is made gets a new one."), "L-7"),
        "side": (_("For this task: %(sides)s") % {"sides": sides}, sides),
        "material": (_("What the lot is made of, in words."), "lithium carbonate"),
        "mass_kg": (
            _("Dry mass in kilograms, with a point and at most six decimals, no other sign."),
            "1250.5",
        ),
        "content_kg": (
            _("Kilograms of the element that is tracked; left empty: the whole mass."),
            "235.094",
        ),
        "model": (
            _("Chain of custody model, one of: %(words)s") % {"words": ", ".join(Model)},
            "segregated",
        ),
        "attestation": (
            _("Only for mined lots: the achievement of the mine. Left empty: none."),
            "urn:stannary:achievement:example-mine",
        ),
        "account": (
            _(
                "Under mass balance the account that material enters or leaves; for a credit who receives it; "
                "for a correction the event that it restates. Else empty."
            ),
            "example-plant",
        ),
        "period": _about_period(task),
        "note": (_("Anything, for people."), _("second shift")),
        **_measured(),
        **_named(),
    }
    rows: list[list[Cell]] = [[str(task.title), "", str(task.help), ""]]
    for head in HEADS:
        said, example = meant[head]
        rows.append([head, _("yes") if head in NEEDED else _("no"), said, example])
    rows.append(
        ["", "", _("Text only: no formulas, and no text that begins with =, +, - or @."), ""]
    )
    return rows


def _about_period(task: Task) -> tuple[str, str]:
    """Say what the column of the period holds, with an example."""
    said = _(
        "For a credit that is used up: for what, in words. For a difference of weighing: weighing. Else empty."
    )
    return said, task.periods[0] or "2026"


def _kinds(task: Task) -> Sequence[Kind]:
    """Give the kinds that may stand in a form."""
    if task.kind is not None:
        return (task.kind,)
    return task.kinds if task.code == WEIGHING else tuple(Kind)


def _measured() -> dict[str, tuple[str, str]]:
    """Say what the columns hold that may take the place of dry mass and content, with an example."""
    return {
        "wet_kg": (
            _("As weighed, instead of mass_kg: the dry mass is reckoned with the moisture."),
            "1366.667",
        ),
        "moisture_percent": (_("Water in the wet mass, in percent; needed with wet_kg."), "8.5"),
        "grade_percent": (
            _("The tracked element in the dry mass, in percent, instead of content_kg."),
            "18.8",
        ),
    }


def _named() -> dict[str, tuple[str, str]]:
    """Say what the columns hold that name a process and an element, with an example."""
    return {
        "process": (
            _(
                "Of a blend or a transformation, on what comes out: how, in the words of the conversion factor. Else empty."
            ),
            "acid roast",
        ),
        "element": (
            _(
                "The element that is tracked, in one word: the one with which the lot was made. Left empty: not said."
            ),
            "lithium",
        ),
    }


def _example(task: Task, name: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for number, (lot, side, material, mass, content) in enumerate(task.example):
        kind = task.kind or task.kinds[number]
        event = f"E-2026-{117 + (number if task.kind is None else 0)}"
        named = "urn:stannary:achievement:example-mine" if kind is Kind.PRODUCE else ""
        rows.append(
            [
                event,
                "2026-03-01T08:00:00+01:00",
                str(kind),
                "example-plant",
                name,
                lot,
                str(side),
                material,
                mass,
                content,
                "" if task.code == WEIGHING else "segregated",
                named,
                "",
                task.periods[number] if task.kind is None else "",
                _("illustrative"),
                *[""] * 3,
                "acid roast" if kind is Kind.TRANSFORM and side is Side.OUT else "",
                "lithium",
            ]
        )
    return rows


def _lists(name: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = [["kind", code, text] for code, text in kind_names().items()]
    rows += [["side", code, text] for code, text in side_names().items()]
    rows += [["model", str(model), model_name(model)] for model in Model]
    rows += [["site", site, _("used by your organisation before")] for site in queries.sites(name)]
    rows += [["lot", lot.lot_id, _about(lot)] for lot in queries.stock(name)[: queries.LISTED]]
    way = queries.under_way()[: queries.LISTED]
    rows += [["lot", lot.lot_id, _("under way: %(lot)s") % {"lot": _about(lot)}] for lot in way]
    return rows


def _about(lot: Lot) -> str:
    parts: Sequence[str] = (
        lot.material,
        f"{kilograms(lot.left_mass_mg)} kg",
        _("with %(mass)s kg of content") % {"mass": kilograms(lot.left_content_mg)},
    )
    return ", ".join(parts)
