"""What movements of material must hold.

Rules: CUSTODY-001 to CUSTODY-019 and CUSTODY-037 to CUSTODY-039 for what was moved, CUSTODY-021 to
CUSTODY-034 for how it is written; CUSTODY-070 and CUSTODY-071 for constants of a pack, CUSTODY-099 and
CUSTODY-100 for scales that differ. The first group gives findings of a balance; those in
`LOT_AND_MASS_CODES` also stop an engine, those in `MEANINGLESS_CODES` every trace. The second group
stops the reading of a file; the third stops what needs a constant.
"""

from stannary.core.kernel import Rule, gettext_noop

_CONTRACT = "Stannary contracts, section 2"
_MODELS = "ISO 22095:2020 as paraphrased in the rulebook, 8.2"

LOT_IS_MADE_ONCE = Rule(
    code="CUSTODY-001",
    demand=gettext_noop("A lot is the output of exactly one event, once."),
    source=_CONTRACT,
    remedy=gettext_noop("Give the second lot an id of its own."),
)
PARTS_ADD_UP = Rule(
    code="CUSTODY-002",
    demand=gettext_noop(
        "What a split or a blend puts out has exactly the mass and the content of what went in."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Correct a part, or first record the difference as a loss."),
)
LOT_WAS_MADE = Rule(
    code="CUSTODY-003",
    demand=gettext_noop("A lot that is used or moved was made by an event of the same file."),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the lot's id, or add the event that made it."),
)
LOT_EXISTS_BEFORE_USE = Rule(
    code="CUSTODY-004",
    demand=gettext_noop("A lot is made before it is used or moved."),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Correct the time of one of the two events; at the same time the order in the file decides."
    ),
)
NO_LOT_MAKES_ITSELF = Rule(
    code="CUSTODY-005",
    demand=gettext_noop("No lot is made, directly or over several events, from itself."),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the lot that closes the circle."),
)
USE_STAYS_WITHIN_MASS = Rule(
    code="CUSTODY-006",
    demand=gettext_noop("All uses of a lot together never exceed its mass."),
    source=_CONTRACT,
    remedy=gettext_noop("Use at most what is left of the lot."),
)
USE_STAYS_WITHIN_CONTENT = Rule(
    code="CUSTODY-007",
    demand=gettext_noop("All uses of a lot together never exceed its content."),
    source=_CONTRACT,
    remedy=gettext_noop("Use at most the content that is left in the lot."),
)
TRANSFORM_MAKES_NO_CONTENT = Rule(
    code="CUSTODY-008",
    demand=gettext_noop("A transformation puts out at most the content that went in."),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the contents, or add the input that is missing."),
)
TRANSFORM_MASS_WITHIN_FACTOR = Rule(
    code="CUSTODY-009",
    demand=gettext_noop(
        "A transformation puts out at most the mass that went in, times the factor that the rules allow."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the masses, or use the rules whose factor fits this process."),
)
EVENT_HAS_BOTH_SIDES = Rule(
    code="CUSTODY-010",
    demand=gettext_noop("A split, a blend and a transformation have an input and an output."),
    source=_CONTRACT,
    remedy=gettext_noop("Add the rows of the other side, or record what vanished as a loss."),
)
MOVE_KEEPS_MASS = Rule(
    code="CUSTODY-011",
    demand=gettext_noop(
        "A lot is shipped and received whole: with the mass and the content that are left of it."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Split off the part first and move that, or record the difference as a loss."
    ),
)
LOT_IS_HELD = Rule(
    code="CUSTODY-012",
    demand=gettext_noop("An entity uses, ships or loses only lots that it holds."),
    source=_CONTRACT,
    remedy=gettext_noop("Add the shipment and the receipt that brought the lot here."),
)
RECEIPT_FOLLOWS_SHIPMENT = Rule(
    code="CUSTODY-013",
    demand=gettext_noop("A lot is received after it was shipped, once a shipment."),
    source=_CONTRACT,
    remedy=gettext_noop("Add the sender's shipment, or correct the time of one of the two."),
)
IDENTITY_HAS_ONE_SITE = Rule(
    code="CUSTODY-014",
    demand=gettext_noop(
        "Identity preserved material comes from exactly one site, none of it recycled or of unknown origin."
    ),
    source=_MODELS,
    remedy=gettext_noop("Name a model that allows this mix, or leave out the other material."),
)
SEGREGATED_IS_ATTESTED = Rule(
    code="CUSTODY-015",
    demand=gettext_noop(
        "Every origin of segregated material names an attestation; none of it is recycled or of unknown origin."
    ),
    source=_MODELS,
    remedy=gettext_noop(
        "Name the attestation where the material was mined, or a model that allows this mix."
    ),
)
MODEL_NEVER_RISES = Rule(
    code="CUSTODY-016",
    demand=gettext_noop(
        "Material never passes to a stronger chain of custody model than it had before."
    ),
    source="Stannary's own choice; rulebook 8.3: a downgrade is allowed, an upgrade refused",
    remedy=gettext_noop("Name the model of the weakest input, or a weaker one."),
)
CREDITS_ARE_NOT_REPLAYED = Rule(
    code="CUSTODY-017",
    demand=gettext_noop(
        "Credits and corrections (book, transfer, retire, correct) are followed only by books under the rules of a pack."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Name a custody pack whose rules say how credits are kept; these balances leave the event out."
    ),
)
PACK_IS_OF_CUSTODY = Rule(
    code="CUSTODY-018",
    demand=gettext_noop("The rules of a balance come from a pack of the kind custody."),
    source="Stannary design, decision 1",
    remedy=gettext_noop("Name a custody pack, for example stannary/open-custody/0.1."),
)
REST_STAYS_POSSIBLE = Rule(
    code="CUSTODY-019",
    demand=gettext_noop("What a use leaves of a lot has no more content than mass."),
    source="Stannary's own choice: CUSTODY-027, for what is left",
    remedy=gettext_noop(
        "Use less mass or more content: all of the mass only with all of the content."
    ),
)

FILE_IS_READABLE = Rule(
    code="CUSTODY-021",
    demand=gettext_noop(
        "Movements are a CSV file in UTF-8, an XLSX workbook, a Parquet file or an EPCIS 2.0 JSON document."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Check the path, or save the file again in one of these forms: in a spreadsheet as XLSX, or as CSV UTF-8."
    ),
)
COLUMNS_ARE_KNOWN = Rule(
    code="CUSTODY-022",
    demand=gettext_noop("The first row names every column that is needed, each known and once."),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Needed: event at kind site entity lot side material mass_kg (or mass_mg, or wet_kg with moisture_percent). "
        "Possible: content_kg (or content_mg, or grade_percent) model attestation account period note process element."
    ),
)
FIELD_IS_FILLED = Rule(
    code="CUSTODY-023",
    demand=gettext_noop("A row says its event, time, kind, site, entity, lot, side and material."),
    source=_CONTRACT,
    remedy=gettext_noop("Fill in the empty field."),
)
TEXT_IS_PLAIN = Rule(
    code="CUSTODY-024",
    demand=gettext_noop(
        "A field is plain text without control characters or blanks at its ends: up to 200 characters, a note up to 2000."
    ),
    source="Stannary's own choice: what every format can carry unchanged",
    remedy=gettext_noop("Shorten the text, or take out the characters that cannot be seen."),
)
WORD_IS_KNOWN = Rule(
    code="CUSTODY-025",
    demand=gettext_noop("Kind, side and model are words of the contract."),
    source=_CONTRACT,
    remedy=gettext_noop("Use one of the words that are listed."),
)
TIME_HAS_OFFSET = Rule(
    code="CUSTODY-026",
    demand=gettext_noop(
        "A time is written as in RFC 3339, with its offset and at most six decimals of a second."
    ),
    source="RFC 3339, 5.6",
    remedy=gettext_noop(
        "Write the time like 2026-01-31T08:30:00+01:00 or 2026-01-31T07:30:00Z; "
        "in a table whose column is called “at +01:00” a day is enough."
    ),
)
CONTENT_WITHIN_MASS = Rule(
    code="CUSTODY-027",
    demand=gettext_noop("The content is a whole number of milligrams from 1 to the mass."),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the content or the mass; left empty, the content is the mass."),
)
SIDE_FITS_KIND = Rule(
    code="CUSTODY-028",
    demand=gettext_noop("A row stands on a side that its kind of event has."),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Produce, purchase and recycle: out. Split, blend and transform: in and out. Loss: in. Ship and receive: move."
    ),
)
EVENT_ROWS_AGREE = Rule(
    code="CUSTODY-029",
    demand=gettext_noop(
        "Rows of one event agree in time and kind, and in the entity unless they ship or receive."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the row, or give it another event."),
)
FILE_HAS_ROWS = Rule(
    code="CUSTODY-030",
    demand=gettext_noop("A file of movements has at least one row under its header."),
    source=_CONTRACT,
    remedy=gettext_noop("Add the movements, or take the right file."),
)
FILE_IS_WITHIN_LIMITS = Rule(
    code="CUSTODY-031",
    demand=gettext_noop("A file of movements has at most 50 MB and 1 000 000 rows."),
    source="Stannary's own choice: what one process reads in a minute",
    remedy=gettext_noop("Divide the file by closed balances, or use the Parquet form."),
)
EPCIS_IS_UNDERSTOOD = Rule(
    code="CUSTODY-032",
    demand=gettext_noop(
        "An EPCIS event says what this program needs, and nothing that would change its meaning."
    ),
    source="GS1 EPCIS 2.0; Stannary contracts, section 2",
    remedy=gettext_noop("Correct the event at the place named; line counts the events from 1."),
)
PARQUET_NEEDS_ITS_EXTRA = Rule(
    code="CUSTODY-033",
    demand=gettext_noop("Parquet files are read by the optional package pyarrow."),
    source="Stannary design: optional parts stay optional",
    remedy=gettext_noop(
        "Install it with `pip install 'stannary[parquet]'`, or save the file as CSV."
    ),
)
CELL_HOLDS_ITS_VALUE = Rule(
    code="CUSTODY-034",
    demand=gettext_noop(
        "A cell holds its value as text or as a whole number that cannot have been rounded."
    ),
    source="IEEE 754: whole numbers above 2^53 are not exact in a spreadsheet",
    remedy=gettext_noop("Store the value as text; replace a formula by its result."),
)

PROCESS_MAKES_ONE_OUT_OF_OTHERS = Rule(
    code="CUSTODY-037",
    demand=gettext_noop(
        "A process is named on what comes out of a blend or a transformation, one for an event."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Leave the process empty in other rows; divide an event that has two processes."
    ),
)
ELEMENT_IS_ONE_FOR_AN_EVENT = Rule(
    code="CUSTODY-038",
    demand=gettext_noop(
        "What turns lots into others is about one element: its rows name one, and its lots were made with one."
    ),
    source="Stannary's own choice: contents of two elements do not add up",
    remedy=gettext_noop("Name one element, or record an event for each."),
)
ELEMENT_STAYS_WITH_ITS_LOT = Rule(
    code="CUSTODY-039",
    demand=gettext_noop(
        "A row names the element with which its lot was made, or none; an event that names an account names it."
    ),
    source="Stannary's own choice: contents of two elements do not add up",
    remedy=gettext_noop(
        "Name the element with which the lot was made; for a lot that was made without one leave it empty."
    ),
)
CONSTANT_IS_KNOWN = Rule(
    code="CUSTODY-070",
    demand=gettext_noop("What an act needs of a custody pack is known in that pack on that day."),
    source="Stannary design, decision 1; rulebook 14",
    remedy=gettext_noop(
        "Add the value with its source, mark and day to the pack, or use rules that have it: nothing is assumed."
    ),
)
WORD_OF_PACK_IS_UNDERSTOOD = Rule(
    code="CUSTODY-071",
    demand=gettext_noop("A rule that a custody pack names by a word is one that this program has."),
    source="Stannary design, decision 1",
    remedy=gettext_noop("Use one of the words that are listed; another rule needs other code."),
)
WEIGHING_LOSS_IS_TOLERATED = Rule(
    code="CUSTODY-099",
    demand=gettext_noop(
        "What an entity loses of a lot by weighing is in all at most the share of the lot's mass that the rules tolerate."
    ),
    source="Stannary's own choice; rulebook 8.3",
    remedy=gettext_noop(
        "Have the scales checked; a loss with another cause is recorded as one, without the word weighing."
    ),
)
WEIGHING_GAIN_COUNTS_NOTHING = Rule(
    code="CUSTODY-100",
    demand=gettext_noop(
        "What a second scale shows more is a purchase of unknown origin, never mined or recycled input."
    ),
    source="Stannary's own choice; rulebook 8.3",
    remedy=gettext_noop("Book it as a purchase; it counts towards no claim."),
)

MEANINGLESS_CODES = frozenset(
    rule.code
    for rule in (
        LOT_IS_MADE_ONCE,
        PARTS_ADD_UP,
        LOT_WAS_MADE,
        LOT_EXISTS_BEFORE_USE,
        NO_LOT_MAKES_ITSELF,
        USE_STAYS_WITHIN_MASS,
        USE_STAYS_WITHIN_CONTENT,
        TRANSFORM_MAKES_NO_CONTENT,
        TRANSFORM_MASS_WITHIN_FACTOR,
        EVENT_HAS_BOTH_SIDES,
        MOVE_KEEPS_MASS,
    )
)
"""Codes of the defects that make a trace meaningless, and books impossible: something does not add up."""

LOT_AND_MASS_CODES = MEANINGLESS_CODES | {REST_STAYS_POSSIBLE.code}
"""Codes of every defect of lots and masses: an engine takes up nothing that has one."""
