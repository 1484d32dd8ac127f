"""What may be said of a lot, or of what a site blended, in the order checked.

Rules: CLAIM-001 to CLAIM-016.
"""

from stannary.core.kernel import Rule, gettext_noop

_CLAIMS = "Rulebook 8.1 and 8.2: a claim never exceeds what was booked, per level"
_PACK = "The custody pack named, its claims"
_BLENDED = "Rulebook 8.2: controlled blending is measured per batch or site, and a claim is at most the real share"

SHARE_IS_SUPPORTED = Rule(
    code="CLAIM-001",
    demand=gettext_noop(
        "A claim says no more than the trace supports: the share from sites at the level or better."
    ),
    source=_CLAIMS,
    remedy=gettext_noop("Claim the share that is supported, or a lower level."),
)
LEVEL_IS_OF_EDITION = Rule(
    code="CLAIM-002",
    demand=gettext_noop("The level of a claim is one of the levels of the standard that it names."),
    source="The edition named, its levels",
    remedy=gettext_noop("Name a level of this edition, or the edition that has this level."),
)
WORDS_ARE_ALLOWED = Rule(
    code="CLAIM-003",
    demand=gettext_noop(
        "The words of a claim are those that the custody pack allows for the model of the lot and for the share."
    ),
    source=_PACK,
    remedy=gettext_noop("Choose other words of the pack, or a share that they allow."),
)
ATTESTATION_WAS_IN_FORCE = Rule(
    code="CLAIM-004",
    demand=gettext_noop(
        "Material counts towards a level only if its site held that level or a better one on the day that the pack "
        "names: the day on which it was produced, or that of the claim."
    ),
    source="The custody pack, attestation_basis",
    remedy=gettext_noop(
        "Leave this part out of the share claimed, or add the achievement in force on that day."
    ),
)
SHARE_IS_A_PART = Rule(
    code="CLAIM-005",
    demand=gettext_noop(
        "The share of a claim is above 0 and at most 1, written with at most 40 signs."
    ),
    source="Stannary claim file, form 1",
    remedy=gettext_noop("Claim a share like 3/8 or 0.375."),
)
ENDS_AFTER_IT_IS_MADE = Rule(
    code="CLAIM-006",
    demand=gettext_noop("A claim is valid until a day after the day on which it is made."),
    source="Stannary style: from inclusive, until exclusive",
    remedy=gettext_noop("Correct the day on which it ends."),
)
WHOLE_LOT_IS_KNOWN = Rule(
    code="CLAIM-007",
    demand=gettext_noop(
        "Words that name no share speak of the whole lot: they need a share of 1 and no part of unknown origin."
    ),
    source=_CLAIMS,
    remedy=gettext_noop("Use words that name the share."),
)
TEXTS_ARE_PLAIN = Rule(
    code="CLAIM-008",
    demand=gettext_noop(
        "The names in a claim are one line of visible signs, at most 200, the element at most 60."
    ),
    source="Stannary claim file, form 1",
    remedy=gettext_noop("Shorten the name, or remove the signs that cannot be seen."),
)
PACK_IS_UNDERSTOOD = Rule(
    code="CLAIM-009",
    demand=gettext_noop(
        "A claim is made under a custody pack whose rules for claims this program knows."
    ),
    source=_PACK,
    remedy=gettext_noop(
        "Use a pack of the kind custody whose words for levels are among those that are known."
    ),
)
RESTS_ON_BOOKS = Rule(
    code="CLAIM-010",
    demand=gettext_noop(
        "Under mass balance and book and claim a claim rests on an account or on credits used up, not on what the lot is made of."
    ),
    source="ISO 22095:2020 as paraphrased in the rulebook, 8.2",
    remedy=gettext_noop("Keep the books of this material, and claim what they give to this lot."),
)
PACK_IS_IN_FORCE = Rule(
    code="CLAIM-011",
    demand=gettext_noop(
        "A claim is made under a custody pack that is in force on the day on which the claim is made."
    ),
    source=_PACK,
    remedy=gettext_noop(
        "Make the claim from the day on which the pack comes into force, or in the words of a pack that is in force."
    ),
)
LEVEL_SAYS_MORE_THAN_PUBLIC = Rule(
    code="CLAIM-012",
    demand=gettext_noop(
        "A claim names a level that asks something of results, unless the pack allows the step that says only "
        "that they are public."
    ),
    source="The custody pack, transparency_level_in_claims; rulebook 8.3: use of such material in claims is not known",
    remedy=gettext_noop("Claim a higher level, for the share that reached it."),
)
SITE_SHARE_IS_MEASURED = Rule(
    code="CLAIM-013",
    demand=gettext_noop(
        "A claim on what a site blended says no more than was measured there: the share, of all that it "
        "blended in the period, from mines at the level or better."
    ),
    source=_BLENDED,
    remedy=gettext_noop("Claim the share that was measured, or a lower level."),
)
SITE_SHARE_IS_LARGE_ENOUGH = Rule(
    code="CLAIM-014",
    demand=gettext_noop(
        "A claim on what a site blended names at least the smallest share of which the pack lets something "
        "be said."
    ),
    source="The custody pack, controlled_blending_min_share; rulebook 8.3: the smallest share is not known",
    remedy=gettext_noop("Claim nothing, or for a period in which more was blended in."),
)
PERIOD_IS_WHOLE = Rule(
    code="CLAIM-015",
    demand=gettext_noop(
        "A claim on what a site blended is about a balance period of the pack that is over, or about one from "
        "its first day until the day of the claim, and such a claim ends with the period at the latest."
    ),
    source="Stannary design, own choice: nobody picks the good days out of a period",
    remedy=gettext_noop(
        "Name the first day of a balance period and the first day after it, or the day of the claim and an "
        "end within the period."
    ),
)
SITE_IS_COVERED = Rule(
    code="CLAIM-016",
    demand=gettext_noop(
        "What a site blended is claimed by whoever blended it alone, while a custody certificate, no pilot, "
        "covers the site, the material and controlled blending."
    ),
    source="Rulebook 8.1: official claims need an independent assessment of the entity",
    remedy=gettext_noop("Have site, material and model certified, then make the claim."),
)
