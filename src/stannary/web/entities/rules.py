"""Rules about what is recorded of entities; what a certificate must hold stands in core.

Rules: ENTITY-001 to ENTITY-011.
"""

from stannary.core.kernel import Rule, gettext_noop

_OWN = "Stannary, own choice"
_SCOPE = "Rulebook 8.3: what a custody certificate covers; our own choice"

ENTITY_SAYS_WHAT_IT_DOES = Rule(
    code="ENTITY-001",
    demand=gettext_noop(
        "An entity is an organisation that is known here, and what it does in the chain is recorded once."
    ),
    source=_OWN,
    remedy=gettext_noop("Choose an organisation and a kind from the lists."),
)
SCOPE_IS_KNOWN = Rule(
    code="ENTITY-002",
    demand=gettext_noop(
        "A certificate covers at least one site, material and model; sites are mines known here, or facilities of the "
        "entity, and made up if the entity is."
    ),
    source=_SCOPE,
    remedy=gettext_noop("Record the facility first, or correct what is named."),
)
CERTIFICATE_IS_OF_AN_ENTITY = Rule(
    code="ENTITY-003",
    demand=gettext_noop(
        "A certificate has a number that no other has, names what its entity does, a custody pack that says how long "
        "certificates are valid, and an issuer known here."
    ),
    source=_SCOPE,
    remedy=gettext_noop("Record what the entity does first, or choose from the lists."),
)
REASONS_ARE_GIVEN = Rule(
    code="ENTITY-004",
    demand=gettext_noop("Who suspends, reinstates or withdraws a certificate says why, in words."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Write the reason; it is public."),
)
NOBODY_JUDGES_THEMSELVES = Rule(
    code="ENTITY-005",
    demand=gettext_noop("Nobody of the secretariat decides about an entity for which they act."),
    source="ISO/IEC 17011:2017, 4.4: accreditation bodies act impartially",
    remedy=gettext_noop("Ask another person of the secretariat."),
)
AGREEMENT_IS_WHOLE = Rule(
    code="ENTITY-006",
    demand=gettext_noop(
        "An agreement names contractor, site and where it is kept, and ends after it begins."
    ),
    source=_SCOPE,
    remedy=gettext_noop("Fill in what is missing, or correct the days."),
)
DISCLOSURE_IS_PLAIN = Rule(
    code="ENTITY-007",
    demand=gettext_noop(
        "An entity lets its name, only its country, or nothing be shown, and quantities only with its name."
    ),
    source=_OWN,
    remedy=gettext_noop("Choose one of the three, and quantities only with the name."),
)
FACTOR_HAS_FOUR_EYES = Rule(
    code="ENTITY-008",
    demand=gettext_noop(
        "A conversion factor is approved once, by somebody of a secretariat who did not state it, and not after it "
        "was withdrawn."
    ),
    source="Rulebook 8.3: source and approval of a conversion factor are parameters; our own choice",
    remedy=gettext_noop("Ask another person of the secretariat, or state the factor anew."),
)
FACTOR_IS_WITHDRAWN_ONCE = Rule(
    code="ENTITY-009",
    demand=gettext_noop(
        "A conversion factor is withdrawn once, with a reason in words, from a day before its end."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Write the reason, which is public, and choose an earlier day."),
)
PILOT_ENDS_ONCE = Rule(
    code="ENTITY-010",
    demand=gettext_noop(
        "A pilot ends once, with a reason in words, from the day on which that is recorded or a later one."
    ),
    source="Stannary design, decision 4: records are facts; what was booked under a pilot stays so",
    remedy=gettext_noop("Write the reason, which is public, and choose today or a later day."),
)
SURVEILLANCE_SAYS_WHAT_WAS_FOUND = Rule(
    code="ENTITY-011",
    demand=gettext_noop(
        "Surveillance is recorded with its outcome, and in words with what was found."
    ),
    source=_OWN,
    remedy=gettext_noop("Choose an outcome, and write what was found; it is public."),
)
