"""What two engines say of one chain, side by side."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row, events_of
from stannary.core.provenance import Carried, Engine, Exact, Trace
from stannary.engines.provenance import Arrays

NEAR = Fraction(1, 10**9)

__all__ = ["assert_agree", "both", "random_chain"]


def both(rows: Sequence[Row], *, fast: bool = True, segment: int = 2**18) -> tuple[Exact, Arrays]:
    """Give rows to the judge and to the arrays."""
    arrays = Arrays(fast=fast, segment=segment)
    arrays.append(rows)
    return Exact(events_of(rows)), arrays


def assert_agree(judge: Engine, engine: Engine, rows: Sequence[Row]) -> None:
    """Ask both about every lot, every site and every attestation, and the whole graph."""
    made = [row for row in rows if row.kind.is_source or row.kind.is_change]
    for lot in {row.lot for row in made}:
        assert_alike(judge.trace(lot), engine.trace(lot))
    mined = [row for row in rows if row.kind is Kind.PRODUCE]
    for site in {row.site for row in mined}:
        assert_carried(judge.forward(site), engine.forward(site))
    for attestation in {row.attestation for row in mined}:
        assert_carried(judge.effect(attestation), engine.effect(attestation))
    wanted, seen = judge.by_source(), engine.by_source()
    assert list(wanted) == list(seen)
    for lot, shares in wanted.items():
        assert set(shares) == set(seen[lot])
        assert near(shares.values(), (seen[lot][source] for source in shares))
        assert sum(seen[lot].values()) == 1


def near(wanted: Iterable[Fraction], seen: Iterable[Fraction]) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(wanted, seen, strict=True))


def assert_alike(wanted: Trace, seen: Trace) -> None:
    for name in ("lot", "content_mg", "mass_mg", "model", "lots", "events", "depth"):
        assert getattr(wanted, name) == getattr(seen, name), name
    shape = [
        [
            (x.site, x.attestation, x.lot, x.at, [(p.lot, p.at) for p in x.parts])
            for x in one.origins
        ]
        for one in (wanted, seen)
    ]
    assert shape[0] == shape[1]
    assert near(
        [*(x.share for x in wanted.origins), wanted.recycled_share, wanted.unknown_share],
        [*(x.share for x in seen.origins), seen.recycled_share, seen.unknown_share],
    )
    assert sum(x.share for x in seen.origins) + seen.recycled_share + seen.unknown_share == 1
    of_parts = [(part.share for part in x.parts) for one in (wanted, seen) for x in one.origins]
    middle = len(of_parts) // 2
    assert all(near(*pair) for pair in zip(of_parts[:middle], of_parts[middle:], strict=True))
    contents = sum(x.content_mg for x in seen.origins) + seen.recycled_mg + seen.unknown_mg
    assert contents == seen.content_mg
    for one, other in zip(wanted.origins, seen.origins, strict=True):
        assert abs(one.content_mg - other.content_mg) <= 1 + wanted.content_mg * NEAR


def assert_carried(wanted: Sequence[Carried], seen: Sequence[Carried]) -> None:
    assert [(x.lot, x.entity, x.at) for x in wanted] == [(x.lot, x.entity, x.at) for x in seen]
    assert near((x.share for x in wanted), (x.share for x in seen))
    for one, other in zip(wanted, seen, strict=True):
        assert abs(one.content_mg - other.content_mg) <= 1 + one.content_mg * NEAR
