"""What a production report must say to be replayed, and what must add up in it.

Rules: PRODUCTION-001 to PRODUCTION-006 leave a line out and say why; PRODUCTION-007 to
PRODUCTION-009, and those of custody for masses, are imbalances; PRODUCTION-010 stops the reading.
"""

from stannary.core.kernel import Rule, gettext_noop

_OWN = "Stannary's own choice"

QUANTITY_IS_REPORTED = Rule(
    code="PRODUCTION-001",
    demand=gettext_noop(
        "A line that is replayed names its facility, a year and a quantity above zero."
    ),
    source=_OWN,
    remedy=gettext_noop("Look the quantity up in the source that the line names."),
)
UNIT_IS_A_KNOWN_MASS = Rule(
    code="PRODUCTION-002",
    demand=gettext_noop("A quantity has a unit of mass whose size is certain."),
    source="Sizes of units: NIST Special Publication 811, appendix B",
    remedy=gettext_noop(
        "Write which unit it is: a ton without a kind may be long, metric or short."
    ),
)
MASS_IS_DRY = Rule(
    code="PRODUCTION-003",
    demand=gettext_noop("A mass is dry, or its moisture is given."),
    source=_OWN,
    remedy=gettext_noop("Convert the wet mass with the moisture that the source gives."),
)
ORE_IS_REPORTED_ONCE = Rule(
    code="PRODUCTION-004",
    demand=gettext_noop(
        "For what was recovered, the ore or the concentrate of the same place, kind of mining and year is reported once."
    ),
    source=_OWN,
    remedy=gettext_noop("Add the line of the ore, or tell two lines of it apart."),
)
GRADE_IS_A_SHARE = Rule(
    code="PRODUCTION-005",
    demand=gettext_noop("A grade is given with its unit and is a share above 0 and at most 1."),
    source=_OWN,
    remedy=gettext_noop("Add the grade, or write its unit so that it can be read."),
)
SHARES_AGREE = Rule(
    code="PRODUCTION-006",
    demand=gettext_noop(
        "What goes in and what comes out are reported for the same share of owners."
    ),
    source=_OWN,
    remedy=gettext_noop(
        "Report both quantities for the whole site, or both for one owner's share."
    ),
)
RECOVERY_AGREES = Rule(
    code="PRODUCTION-007",
    demand=gettext_noop(
        "A recovery rate that is reported is what masses and grade come to, within one percentage point."
    ),
    source="Stannary's own choice; reports round their figures",
    remedy=gettext_noop("Check mass, grade and recovery against the source."),
)
RECOVERY_IS_A_SHARE = Rule(
    code="PRODUCTION-008",
    demand=gettext_noop("A recovery rate is above 0 and at most 1."),
    source=_OWN,
    remedy=gettext_noop("Correct the rate; 92 per cent is written 0.92."),
)
CONCENTRATE_HOLDS_ITS_METAL = Rule(
    code="PRODUCTION-009",
    demand=gettext_noop(
        "The metal that is reported in a concentrate is its mass times its grade, within one per cent."
    ),
    source="Stannary's own choice; reports round their figures",
    remedy=gettext_noop("Check mass, grade and metal against the source."),
)
WORKBOOK_IS_READABLE = Rule(
    code="PRODUCTION-010",
    demand=gettext_noop(
        "Production reports are an XLSX workbook with the sheets minerals_ores_conce and commodities and the columns named."
    ),
    source="Jasansky and others, open database on global coal and metal mine production, 2022",
    remedy=gettext_noop("Save the workbook again with these sheets, the heads in the first row."),
)
