"""Rules about who may do what, and about what is said of real sites.

Rules: PARTY-001 to PARTY-005, PARTY-020 to PARTY-025, PARTY-030 to PARTY-035.
"""

from stannary.core.kernel import Rule, gettext_noop

_FACTS = "Stannary design, decision 6"
_ACCOUNTS = "Stannary, own choice: docs/adr/0012"
_FACILITIES = "Stannary design: every movement happens somewhere"

IS_THERE_FOR_YOU = Rule(
    code="PARTY-001",
    demand=gettext_noop("What is asked for exists and is open to the person who asks."),
    source="Stannary design, decision on rights: not yours and not there look alike",
    remedy=gettext_noop("Check the address, or sign in with an account that has the role."),
)
FACTS_HAVE_SOURCES = Rule(
    code="PARTY-002",
    demand=gettext_noop(
        "A fact about a real site carries its source and a mark of how sure we are."
    ),
    source=_FACTS,
    remedy=gettext_noop("Add the source to the fact, or leave the fact out."),
)
FACTS_ARE_KNOWN_KINDS = Rule(
    code="PARTY-003",
    demand=gettext_noop(
        "A file of published facts is named after its site and uses known countries, materials, states and kinds of facts."
    ),
    source=_FACTS,
    remedy=gettext_noop("Correct the word, or add it to the reference data with its name."),
)
LEVELS_ARE_PUBLISHED = Rule(
    code="PARTY-004",
    demand=gettext_noop(
        "A site has a level when its results are published with one, and never before."
    ),
    source="Rulebook 15, invariant 3",
    remedy=gettext_noop("Remove the level, or record that results with a level were published."),
)
EVENTS_END_AFTER_THEY_BEGIN = Rule(
    code="PARTY-005",
    demand=gettext_noop("An event ends on the day it begins or later."),
    source=_FACTS,
    remedy=gettext_noop("Correct one of the two dates."),
)
SECOND_FACTOR_IS_USED = Rule(
    code="PARTY-020",
    demand=gettext_noop(
        "Who audits, reviews or works for a scheme's secretariat signs in with a second factor."
    ),
    source=_ACCOUNTS,
    remedy=gettext_noop(
        "Set up an authenticator app or a passkey on the page of your account, or sign in again with the one that you have."
    ),
)
NAMES_ARE_FREE = Rule(
    code="PARTY-021",
    demand=gettext_noop(
        "A name to sign in with is 2 to 60 letters, digits, dots, hyphens or underscores, and nobody else has it in any capitals."
    ),
    source=_ACCOUNTS,
    remedy=gettext_noop("Choose another name, or look for the person among those there are."),
)
ADDRESSES_ARE_FREE = Rule(
    code="PARTY-022",
    demand=gettext_noop("An account has an e-mail address, and no other account has it."),
    source=_ACCOUNTS,
    remedy=gettext_noop(
        "Correct the address, or give the role to the account that has this address."
    ),
)
NOBODY_LOCKS_THEMSELVES_OUT = Rule(
    code="PARTY-023",
    demand=gettext_noop("Nobody takes rights from their own account, so that one always remains."),
    source=_ACCOUNTS,
    remedy=gettext_noop("Ask another person of the secretariat to do it."),
)
ROLES_FIT_ORGANISATIONS = Rule(
    code="PARTY-024",
    demand=gettext_noop(
        "Auditors belong to an audit firm, site users to a mine operator, the secretariat to a scheme, "
        "and clerks to an organisation that holds material."
    ),
    source="Stannary design: who uses it",
    remedy=gettext_noop("Choose an organisation of the kind that the role needs."),
)
INVITATIONS_ARE_OPEN = Rule(
    code="PARTY-025",
    demand=gettext_noop("An invitation goes to an active account that has no password yet."),
    source=_ACCOUNTS,
    remedy=gettext_noop(
        "Reactivate the account first; who has a password and forgot it asks for a new one on the page to sign in."
    ),
)
ORGANISATIONS_HAVE_ONE_NAME = Rule(
    code="PARTY-030",
    demand=gettext_noop(
        "No two organisations have the same name, for files of movements name them by it; capitals make no difference."
    ),
    source="Stannary contracts, section 2: entities are named",
    remedy=gettext_noop("Give one of them a name that tells them apart, a place say."),
)
UNITS_ARE_KNOWN_KINDS = Rule(
    code="PARTY-031",
    demand=gettext_noop(
        "A unit of a site has a name that no other unit of the site has, a known kind, and known materials."
    ),
    source="Stannary, own choice",
    remedy=gettext_noop("Choose another name, or a kind and materials from the lists."),
)
FACILITIES_ARE_KNOWN_KINDS = Rule(
    code="PARTY-032",
    demand=gettext_noop(
        "A facility has an id that no other facility or site has, a name that no other facility of the "
        "organisation has, and a known kind, country and materials."
    ),
    source=_FACILITIES,
    remedy=gettext_noop(
        "Choose another id or name, or take kind, country and materials from the lists."
    ),
)
GLNS_ARE_RIGHT = Rule(
    code="PARTY-033",
    demand=gettext_noop(
        "A Global Location Number has 13 digits, of which the last follows from the others, and stands for one facility."
    ),
    source="Stannary design: identifiers are those of others where there are any (GS1 General Specifications: check digit)",
    remedy=gettext_noop("Copy the number again, or leave it out."),
)
PLACES_ARE_WHOLE = Rule(
    code="PARTY-034",
    demand=gettext_noop(
        "A place is given whole: degrees north from -90 to 90, degrees east from -180 to 180, and within "
        "how many kilometres it lies, at least 1."
    ),
    source=_FACILITIES,
    remedy=gettext_noop("Fill in all three, or none of them."),
)
FACILITY_WAS_SEEN = Rule(
    code="PARTY-035",
    demand=gettext_noop(
        "Nobody changes a facility that somebody else has changed since they looked."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Look at what stands there now, then change it if you still want to."),
)
