"""What the desk of an entity shows of its stock: by model and level, and lot by lot a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.paginator import Page

from stannary.core.custody import Source
from stannary.core.kernel import Finding
from stannary.web.attestations import queries as attestations
from stannary.web.claims import sayable
from stannary.web.custody import holds, records
from stannary.web.custody.books import queries as books
from stannary.web.custody.desk import queries as files
from stannary.web.custody.desk import report
from stannary.web.custody.desk.stock import Figures, Weight
from stannary.web.custody.models import Carried, FileStep, Lot, MovementFile, Uncovered
from stannary.web.entities import words
from stannary.web.project.catalogue import rule_by_code
from stannary.web.project.problems import finding_shape

PAGE = 25
"""Lots on a page of the desk, each with what may be claimed of it today."""


@dataclass(slots=True)
class Group:
    """What is in stock under one model.

    Attributes:
        model: In the reader's language.
        figures: Of all of it.
        levels: Content by the level on the day of production; under "" what has none.
        lots: Those on the page, with what became of them and what may be claimed of them.
    """

    model: str
    figures: Figures = field(default_factory=Figures)
    levels: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lots: list[tuple[Lot, Figures, tuple[sayable.Most, ...]]] = field(default_factory=list)

    @property
    def by_level(self) -> list[tuple[str, int]]:
        """Give the levels by name, what has none last."""
        return sorted(self.levels.items(), key=lambda one: (not one[0], one[0]))


def groups(name: str, page: Page[Lot]) -> list[Group]:
    """Put the stock of an entity together by model, with a fixed number of queries."""
    held = Lot.objects.filter(holder=name, left_mass_mg__gt=0)
    rows = list(held.values_list("lot_id", "model", "left_mass_mg", "left_content_mg"))
    reserved = holds.kept([row[0] for row in rows])
    stored = Carried.objects.filter(lot_id__in=held.values("lot_id"))
    carried = {
        lot: records.amounts_from(text) for lot, text in stored.values_list("lot_id", "amounts")
    }
    level = _levels(carried.values())
    found: dict[str, Group] = {}
    figures: dict[str, Figures] = {}
    for lot, model, mass_mg, content_mg in rows:
        _, kept_mg, kept_content_mg = reserved.get(lot, (name, 0, 0))
        figures[lot] = Figures(
            Weight(mass_mg, content_mg), reserved=Weight(kept_mg, kept_content_mg)
        )
        group = found.setdefault(model, Group(words.model(model)))
        group.figures += figures[lot]
        rest = content_mg
        for source, mg in carried.get(lot, {}).items():
            if level.get(source):
                group.levels[level[source]] += mg
                rest -= mg
        group.levels[""] += rest
    said = sayable.claimable(page.object_list)
    for one in page.object_list:
        found[one.model].lots.append((one, figures[one.lot_id], said[one.lot_id].most))
    return [found[model] for model in sorted(found, key=lambda one: (not one, one))]


def _levels(several: Iterable[Mapping[Source, int]]) -> dict[Source, str]:
    """Tell which level each source had on its day of production, with two queries."""
    sources = {source for amounts in several for source in amounts}
    known = attestations.achievements({one.attestation for one in sources} - {""})
    return {
        source: known[source.attestation].level_on(source.produced_on) or ""
        for source in sources
        if source.attestation in known and known[source.attestation].site == source.site
    }


def marks(rows: Iterable[Uncovered]) -> list[tuple[dict[str, object], list[dict[str, str]]]]:
    """Give what counts towards no claim: each rule once, with its remedy and where it was met."""
    facts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        facts[row.code].append(books.facts_of(row))
    known = rule_by_code()
    return [
        (finding_shape(Finding(known[code].rule, {})), those)
        for code, those in facts.items()
        if code in known
    ]


def handed_in(rows: Iterable[MovementFile]) -> list[tuple[MovementFile, str, int]]:
    """Give files with how far they have come and how many problems were found, with two queries."""
    those = list(rows)
    state, said = files.standings(those), dict(FileStep.Kind.choices)
    kinds = (FileStep.Kind.CHECKED, FileStep.Kind.REFUSED)
    steps = FileStep.objects.filter(file__in=[row.pk for row in those], kind__in=kinds)
    wrong = {
        key: int(report.kept(text).get("wrong", 0))
        for key, text in steps.order_by("pk").values_list("file_id", "report")
    }
    return [(row, str(said[state[row.pk]]), wrong.get(row.pk, 0)) for row in those]
