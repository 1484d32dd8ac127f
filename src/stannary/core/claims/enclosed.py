"""The books that are enclosed with a claim, kept again: whoever writes a claim file does as its reader.

Rules: CUSTODY-029.
"""

import datetime
from collections.abc import Mapping
from functools import lru_cache, partial

from stannary.core.claims.blended import Blended, blended_in
from stannary.core.claims.claims import Blending, Claim
from stannary.core.custody import Books, BooksBehind, CustodyRules, keep_behind
from stannary.core.standards import Edition


def keep_enclosed(
    books: BooksBehind, claim: Claim, pack: Edition, packs: Mapping[str, Edition]
) -> Books:
    """Keep the books again as of the claim's day, under the pack of the claim and those they name.

    Args:
        books: As enclosed.
        claim: With which they are.
        pack: Whose words the claim uses.
        packs: Those that `books.packs` names, at least, by id.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree; codes of packs.
    """
    known = {**packs, pack.id: pack}

    @lru_cache(maxsize=4096)
    def pack_on(name: str, day: datetime.date) -> CustodyRules:
        return CustodyRules.from_edition(known[name], day)

    rules_on = partial(pack_on, pack.id)
    return keep_behind(books, day=claim.made_on, rules_on=rules_on, pack_on=pack_on)


def blended_again(claim: Claim, about: Blending, *, kept: Books, pack: Edition) -> Blended:
    """Measure in the books kept again what the site that a claim is about blended in its period.

    Args:
        claim: On what a site blended.
        about: Which site and period.
        kept: From `keep_enclosed`.
        pack: Whose words the claim uses.

    Raises:
        RefusalError: With every defect of lots and masses.
    """
    return blended_in(
        kept.replay.events,
        entity=claim.made_by,
        site=about.facility,
        period=about.period,
        rules=CustodyRules.from_edition(pack, claim.made_on),
    )
