"""What a standard must hold to be used, in the order checked.

Rules: STANDARD-001 to STANDARD-018, TRANSITION-001 to TRANSITION-008, IMPORT-001 to IMPORT-013.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 1"

PACK_IS_READABLE = Rule(
    code="STANDARD-001",
    demand=gettext_noop(
        "A pack is a folder with a standard.toml; its files are TOML in UTF-8, of 2 MiB at most."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct the file at the place named."),
)
KEYS_ARE_KNOWN = Rule(
    code="STANDARD-002",
    demand=gettext_noop("A pack holds every key that its form needs, and no other."),
    source=_DESIGN,
    remedy=gettext_noop("Add the missing key, or correct the spelling of the unknown one."),
)
IDS_ARE_UNIQUE = Rule(
    code="STANDARD-003",
    demand=gettext_noop(
        "Every principle, chapter, requirement, level and claim of an edition has its own id."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Give one of the two another id."),
)
IDS_NEST = Rule(
    code="STANDARD-004",
    demand=gettext_noop(
        "Ids are whole numbers that nest: principle, chapter, section, requirement, as in 1, 1.2, 1.2.3 and 1.2.3.4."
    ),
    source="Rulebook 1.2: ids of four numbers",
    remedy=gettext_noop("Correct the id, or move the requirement to its chapter."),
)
PARENT_EXISTS = Rule(
    code="STANDARD-005",
    demand=gettext_noop("A chapter belongs to a principle of the same edition."),
    source=_DESIGN,
    remedy=gettext_noop("Name one of the edition's principles."),
)
DEMAND_IS_WRITTEN = Rule(
    code="STANDARD-006",
    demand=gettext_noop(
        "A requirement says what it demands, unless the edition is an outline without texts."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Write the demand, or mark the edition's texts as an outline."),
)
RATINGS_ARE_ORDERED = Rule(
    code="STANDARD-007",
    demand=gettext_noop(
        "The scale has the ratings fully, substantially, partially and not met, whose points never rise from best to worst."
    ),
    source="Rulebook 2.1",
    remedy=gettext_noop("Correct the points, best rating first."),
)
LEVELS_ARE_NESTED = Rule(
    code="STANDARD-008",
    demand=gettext_noop("Whoever reaches a level also passes every test of the levels below it."),
    source="Rulebook 2.2",
    remedy=gettext_noop("List the levels lowest first, with tests that never get easier."),
)
SHARES_ARE_WITHIN_ONE = Rule(
    code="STANDARD-009",
    demand=gettext_noop("A threshold is a share from 0 to 1, both included."),
    source="Rulebook 2.2",
    remedy=gettext_noop("Write the share as text between 0 and 1, for example 0.75."),
)
EDITION_HAS_REQUIREMENTS = Rule(
    code="STANDARD-010",
    demand=gettext_noop(
        "An edition that says its requirements are complete has requirements, and each chapter has one."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Add the requirements, or set requirements_complete to false."),
)
IN_FORCE_VALUES_STAY = Rule(
    code="STANDARD-011",
    demand=gettext_noop(
        "What an edition in force says is never changed; a new value is added with its date, or a new edition."
    ),
    source="Stannary style, data",
    remedy=gettext_noop(
        "Restore the old text and add a dated value, or publish it as another edition."
    ),
)
CASE_HOLDS = Rule(
    code="STANDARD-012",
    demand=gettext_noop("Every case that a pack brings comes out as the pack says."),
    source="Stannary style, data",
    remedy=gettext_noop("Correct the rule in the pack, or the case if the expectation was wrong."),
)
EDITION_IS_KNOWN = Rule(
    code="STANDARD-013",
    demand=gettext_noop(
        "A standard is named as publisher/standard/edition, or by a folder that holds a standard.toml."
    ),
    source="Stannary contracts, section 1",
    remedy=gettext_noop("Call `stannary standards list` for the editions that are here."),
)
FILES_BEAR_IDS = Rule(
    code="STANDARD-014",
    demand=gettext_noop(
        "A chapter's file is named after the chapter's id, a translation's file after its language."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Rename the file, or correct the id in it."),
)
TRANSLATIONS_FOLLOW = Rule(
    code="STANDARD-015",
    demand=gettext_noop("A translation speaks only of what the edition has."),
    source=_DESIGN,
    remedy=gettext_noop("Correct the id in the translation, or remove the entry."),
)
CLAIM_WORDS_ARE_PLAIN = Rule(
    code="STANDARD-016",
    demand=gettext_noop(
        "The words of a claim exist in the edition's language and have no gaps but {share}, {element}, {lot} and {level}; "
        "those about what a site blended have {share}, {entity}, {facility}, {material}, {first_day} and {last_day}, "
        "and not {lot}."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Write the words with these gaps only, each brace closed."),
)
REQUIREMENT_EXISTS = Rule(
    code="STANDARD-017",
    demand=gettext_noop("A requirement is asked for by an id that the edition has."),
    source="Stannary contracts, section 5",
    remedy=gettext_noop("Call `stannary standards show` with the edition alone for its ids."),
)
TAGS_ARE_KNOWN = Rule(
    code="STANDARD-018",
    demand=gettext_noop(
        "A tag names, once, an SDG target, a UN Guiding Principle (1 to 31), a GISTM principle (1 to 15) or a UNTP topic."
    ),
    source="SDG targets (A/RES/71/313), UN Guiding Principles (2011), GISTM (2020), UNTP 0.7.0 topics",
    remedy=gettext_noop("Write the tag like sdg:8.8, ungp:17, gistm:6 or untp:workplace-safety."),
)
MOVES_COVER_THE_OLD = Rule(
    code="TRANSITION-001",
    demand=gettext_noop(
        "Every requirement of the older edition is in exactly one move, those that were dropped included."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Say in one move what became of the requirement."),
)
MOVES_MEET_ONCE = Rule(
    code="TRANSITION-002",
    demand=gettext_noop("A requirement of the newer edition comes from at most one move."),
    source=_DESIGN,
    remedy=gettext_noop("Join the moves that lead to it, or choose one of them."),
)
MOVE_HAS_ITS_SHAPE = Rule(
    code="TRANSITION-003",
    demand=gettext_noop(
        "Kept, renumbered, reworded lead from one to one, split from one to several, merged from several to one, dropped to none."
    ),
    source="Stannary contracts, section 5",
    remedy=gettext_noop("Correct the kind of the move, or the requirements that it names."),
)
SAME_WORDS_STAY = Rule(
    code="TRANSITION-004",
    demand=gettext_noop(
        "What is kept or renumbered has the same demand, condition and critical flag; only what is kept has the same id."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Call the move reworded, or restore the text."),
)
CHANGED_DEMANDS_ARE_JUDGED = Rule(
    code="TRANSITION-005",
    demand=gettext_noop(
        "What was split or merged is judged again; what was kept, renumbered or dropped is not."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct judge_again of the move."),
)
MOVES_NAME_WHAT_IS_THERE = Rule(
    code="TRANSITION-006",
    demand=gettext_noop(
        "A transition leads from one edition of a standard to another and names requirements that they have."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct the id of the edition or requirement."),
)
EDITION_APPLIES_ON_ITS_DAY = Rule(
    code="TRANSITION-007",
    demand=gettext_noop(
        "An assessment is opened against an edition that applies on that day: in force, and not yet replaced."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Choose an edition that applies on that day."),
)
OPEN_WINDOWS_STAY = Rule(
    code="TRANSITION-008",
    demand=gettext_noop(
        "A transition whose window has opened keeps its editions, days and moves; its end may be put off until it has come."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Restore what the table said, or put the correction into another edition."),
)

_IMPORT = "Stannary contracts, section 5: a text that its user owns is loaded from a file"
_BOUNDS = "Stannary design: files of strangers are bounded"

IMPORT_IS_READABLE = Rule(
    code="IMPORT-001",
    demand=gettext_noop(
        "A standard is imported from CSV in UTF-8, from an XLSX workbook, or from an OSCAL catalog in JSON."
    ),
    source=_IMPORT,
    remedy=gettext_noop('Save the table as "CSV UTF-8" with commas, or as .xlsx, and try again.'),
)
IMPORT_IS_BOUNDED = Rule(
    code="IMPORT-002",
    demand=gettext_noop("A file to import has at most 20 MB and 10 000 requirements."),
    source=_BOUNDS,
    remedy=gettext_noop("Leave out what is not a requirement, or import the parts one by one."),
)
IMPORT_COLUMNS_ARE_KNOWN = Rule(
    code="IMPORT-003",
    demand=gettext_noop(
        "The first row names the columns id, title, demand and critical, and no other than those of an export, each once."
    ),
    source=_IMPORT,
    remedy=gettext_noop("Correct the first row of the table."),
)
CELLS_HAVE_COLUMNS = Rule(
    code="IMPORT-004",
    demand=gettext_noop("Every cell stands below the name of its column."),
    source=_IMPORT,
    remedy=gettext_noop(
        "Empty the cell or name its column; in CSV put texts that hold commas between double quotes."
    ),
)
CELLS_HOLD_TEXTS = Rule(
    code="IMPORT-005",
    demand=gettext_noop(
        "A cell holds text, a whole number, or true or false; never a formula, a date or an error."
    ),
    source=_BOUNDS,
    remedy=gettext_noop("Format the column as text and write the cell again."),
)
TEXTS_FIT = Rule(
    code="IMPORT-006",
    demand=gettext_noop(
        "A title is written and has at most 200 characters, another text at most 4 000, none of them a control character."
    ),
    source=_BOUNDS,
    remedy=gettext_noop("Write the text, shorten it, or remove the character."),
)
CRITICAL_IS_TRUE_OR_FALSE = Rule(
    code="IMPORT-007",
    demand=gettext_noop("The column critical says true or false in every row."),
    source=_IMPORT,
    remedy=gettext_noop(
        "Write true for a critical requirement and false for any other, in English."
    ),
)
PARENTS_FOLLOW_THE_ID = Rule(
    code="IMPORT-008",
    demand=gettext_noop(
        "Principle, chapter and section, where a table names them, are the beginning of the requirement's id."
    ),
    source="Rulebook 1.2: ids of four numbers",
    remedy=gettext_noop(
        "Correct the cell, formatted as text so that 1.10 does not become 1.1; or remove the column."
    ),
)
HEADINGS_HAVE_ONE_TITLE = Rule(
    code="IMPORT-009",
    demand=gettext_noop(
        "Every principle and chapter has a title, in the file or in the outline, and no heading has two."
    ),
    source=_IMPORT,
    remedy=gettext_noop(
        "Write the title once, in the column principle_title, chapter_title or section_title, or name an outline."
    ),
)
IMPORT_IS_NAMED = Rule(
    code="IMPORT-010",
    demand=gettext_noop(
        "An imported edition has a title on one line, a language like en, and an id publisher/standard/edition of its own."
    ),
    source=_IMPORT,
    remedy=gettext_noop("Name them, for example --edition my-firm/mining/1.0 --title Mining."),
)
FOLDER_IS_FREE = Rule(
    code="IMPORT-011",
    demand=gettext_noop("A pack is written to a folder that does not exist yet, or over a pack."),
    source="Stannary design: nothing is lost by a slip",
    remedy=gettext_noop("Name another folder, or replace the pack in it with --replace."),
)
CATALOG_HAS_ITS_FORM = Rule(
    code="IMPORT-012",
    demand=gettext_noop(
        "An OSCAL catalog has metadata and, in groups, controls with a title, props and parts of their kinds."
    ),
    source="OSCAL 1.2.1, catalog model",
    remedy=gettext_noop("Correct the catalog at the place named."),
)
CONTROLS_ARE_NUMBERED = Rule(
    code="IMPORT-013",
    demand=gettext_noop(
        "A control or group of an OSCAL catalog is numbered like a standard here: 1, 1.2, 1.2.3 and 1.2.3.4."
    ),
    source="Rulebook 1.2: ids of four numbers",
    remedy=gettext_noop("Give it a property named label that says its number."),
)
