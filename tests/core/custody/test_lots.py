"""A lot is what its row says, and stays so."""

import dataclasses

import pytest

from core.custody.chains import row
from stannary.core.custody import Kind, Lot, Model, Side


def test_a_lot_is_what_the_row_that_made_it_says() -> None:
    one = row("E1", Kind.PRODUCE, Side.OUT, "L1", 10, content_mg=3, model=Model.SEGREGATED)

    assert Lot.from_row(one) == Lot(
        id="L1",
        event_id="E1",
        at=one.at,
        site="example-mine-1",
        entity="Illustrative entity 1",
        material="illustrative material",
        mass_mg=10,
        content_mg=3,
        model=Model.SEGREGATED,
        attestation="urn:example:1",
        kind=Kind.PRODUCE,
    )


def test_a_lot_cannot_be_changed() -> None:
    lot = Lot.from_row(row("E1", Kind.PRODUCE, Side.OUT, "L1", 10))

    with pytest.raises(dataclasses.FrozenInstanceError):
        lot.mass_mg = 11  # type: ignore[misc]  # the point of the test
