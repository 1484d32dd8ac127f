"""How tests of a replay speak: short rows, and what a replay finds in them."""

from core.custody.chains import START, row
from stannary.core.custody import DEFAULT_RULES, CustodyRules, Kind, Row, Side, replay

__all__ = ["START", "codes", "facts", "make", "mine", "move", "row", "use"]


def mine(event: str, lot: str, mass_mg: int, **fields: object) -> Row:
    """A lot that a mine produced."""
    return row(event, Kind.PRODUCE, Side.OUT, lot, mass_mg, **fields)


def use(event: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    """A lot that goes in."""
    return row(event, kind, Side.IN, lot, mass_mg, **fields)


def make(event: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    """A lot that comes out."""
    return row(event, kind, Side.OUT, lot, mass_mg, **fields)


def move(event: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    """A lot that is shipped or received."""
    return row(event, kind, Side.MOVE, lot, mass_mg, **fields)


def codes(*rows: Row, rules: CustodyRules = DEFAULT_RULES) -> list[str]:
    """The codes of what a replay finds, in its order."""
    return [finding.code for finding in replay(rows, rules=rules).findings]


def facts(*rows: Row, rules: CustodyRules = DEFAULT_RULES) -> list[dict[str, str]]:
    """The facts of what a replay finds, in its order."""
    return [dict(finding.facts) for finding in replay(rows, rules=rules).findings]
