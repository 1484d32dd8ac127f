"""The illustrative claim of the demonstration, made by the operation that real claims use."""

import datetime
from fractions import Fraction

from stannary.web.claims import operations, queries
from stannary.web.claims.models import Claim
from stannary.web.parties.models import Person

LOT = "L-2041"


def load(*, clerk: Person) -> Claim:
    """Make the claim on the product lot, once."""
    found = queries.claims_on(LOT).first()
    if found is not None:
        return found
    return operations.make_claim(
        actor=clerk,
        lot_id=LOT,
        wording="SHARE-AT-LEVEL",
        standard="stannary/open-mining/0.1",
        level="OPEN-75",
        share=Fraction(3, 8),
        element="lithium",
        made_on=datetime.date(2026, 3, 20),
        valid_until=datetime.date(2027, 3, 20),
    )
