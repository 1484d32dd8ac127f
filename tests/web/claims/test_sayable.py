"""Which level an origin had, and what may be said of a lot: custody asks, claims answers."""

import datetime
from fractions import Fraction

import pytest

from stannary.core.custody import Kind, Model, Row, Side
from stannary.web.claims import sayable
from stannary.web.custody import demo, levels, operations, queries
from stannary.web.custody.models import Lot

NORTH = "urn:stannary:achievement:example-north-mine"


def mined(lot: str, day: datetime.date, site: str, attestation: str = NORTH) -> Row:
    at = datetime.datetime(day.year, day.month, day.day, 8, tzinfo=datetime.UTC)
    return Row(event=f"x-{lot}", at=at, kind=Kind.PRODUCE, site=site, entity="Example North Mining", lot=lot,
               side=Side.OUT, material="spodumene", mass_mg=1000, content_mg=1000, attestation=attestation)  # fmt: skip


def blended(lot: str, side: Side, mass_mg: int) -> Row:
    at = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
    return Row(event="b", at=at, kind=Kind.BLEND, site="example-plant", entity="Example North Mining", lot=lot,
               side=side, material="spodumene", mass_mg=mass_mg, content_mg=mass_mg)  # fmt: skip


def held(lot: str) -> levels.Held:
    origin = queries.traced(lot).trace.origins[0]
    return levels.levels_of([origin]).get((origin.site, origin.attestation), levels.NOTHING)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "level"), [("2026-01-04", ""), ("2026-01-05", "OPEN-75"), ("2026-06-01", "OPEN-75")]
)
def test_an_origin_has_the_level_of_the_day_of_production(
    demonstration: None, day: str, level: str
) -> None:
    date = datetime.date.fromisoformat(day)
    operations.book_as_register(rows=[mined("X", date, "example-north-mine")])

    assert held("X").level == level


@pytest.mark.django_db
def test_the_achievement_of_another_mine_gives_no_level(demonstration: None) -> None:
    day = datetime.date(2026, 2, 1)
    operations.book_as_register(rows=[mined("X", day, "example-other-mine")])

    assert held("X") == levels.NOTHING
    (table,) = sayable.tables(queries.traced("X").trace)
    assert all(not cell.share for row in table.rows for cell in row.cells)


@pytest.mark.django_db
def test_an_origin_of_several_days_and_levels_says_so(demonstration: None) -> None:
    before, after = datetime.date(2026, 1, 4), datetime.date(2026, 1, 5)
    rows = [mined("X", before, "example-north-mine"), mined("Y", after, "example-north-mine")]
    rows += [blended("X", Side.IN, 1000), blended("Y", Side.IN, 1000), blended("B", Side.OUT, 2000)]
    operations.book_as_register(rows=rows)

    assert held("B").differs
    assert held("B").level == ""


@pytest.mark.django_db
def test_each_words_say_up_to_which_share_or_which_rule_forbids_them(demonstration: None) -> None:
    (table,) = sayable.tables(queries.traced("L-2041").trace)

    assert table.levels == ("OPEN-100", "OPEN-75", "OPEN-50", "OPEN-TRANSPARENCY")
    shares, everything, _known, blend = table.rows
    assert [set(cell.codes) & {"CLAIM-003"} for cell in shares.cells] == [{"CLAIM-003"}] * 4
    assert "is a blend" in blend.words
    assert [cell.share for cell in blend.cells] == ["", "37.5 %", "87.5 %", ""]
    assert blend.cells[-1].codes == ("CLAIM-012",)
    assert "CLAIM-001" in blend.cells[0].codes
    assert not any(cell.share for cell in everything.cells)
    assert "CLAIM-007" in everything.cells[-1].codes
    assert "{" not in shares.words + everything.words
    assert Fraction(3, 8) == queries.traced("L-2041").trace.origins[1].share


@pytest.mark.django_db
def test_a_lot_without_attestation_has_no_table() -> None:
    operations.book_as_register(rows=[mined("X", datetime.date(2026, 2, 1), "example-pit", "")])

    assert sayable.tables(queries.traced("X").trace) == ()


@pytest.mark.either_database
@pytest.mark.django_db
def test_many_lots_at_once_say_what_each_says_by_itself(demonstration: None) -> None:
    demo.load_books()
    lots = list(Lot.objects.exclude(holder=""))
    found = sayable.claimable(lots)

    assert found.keys() == {lot.lot_id for lot in lots}
    for lot in lots:
        traced = queries.traced(lot.lot_id).trace
        tables = sayable.tables(traced)
        shares = {cell.share for one in tables for row in one.rows for cell in row.cells} - {""}
        assert found[lot.lot_id].trace == traced
        assert {one.share for one in found[lot.lot_id].most} == shares
    assert any(one.most for one in found.values())
    assert sayable.claimable([]) == {}


@pytest.mark.either_database
@pytest.mark.django_db
def test_a_lot_that_was_shipped_under_a_weaker_model_is_not_claimed_under_the_stronger(
    demonstration: None,
) -> None:
    lot = Lot.objects.get(lot_id="L-2041")
    at = datetime.datetime(2026, 7, 1, 8, tzinfo=datetime.UTC)
    moved = Row(event="x-ship", at=at, kind=Kind.SHIP, site=lot.holder_site, entity=lot.holder, lot=lot.lot_id,
                side=Side.MOVE, material=lot.material, mass_mg=lot.left_mass_mg, content_mg=lot.left_content_mg,
                model=Model.MASS_BALANCE)  # fmt: skip
    operations.book_as_register(rows=[moved])

    assert Lot.objects.get(lot_id="L-2041").model == "mass_balance"
    (table,) = sayable.tables(queries.traced("L-2041").trace)
    assert all(not cell.share for row in table.rows for cell in row.cells)
