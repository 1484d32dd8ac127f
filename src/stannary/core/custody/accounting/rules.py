"""What certificates, accounts, blends and credits must hold, in the order in which they were needed.

Rules: CUSTODY-072 to CUSTODY-098 and CUSTODY-101 to CUSTODY-108. Those of certificates, factors and
credits are findings of a balance, and what has one changes nothing.
"""

from stannary.core.kernel import Rule, gettext_noop

_OWN = "Stannary's own choice; rulebook 8.3"
_MODELS = "ISO 22095:2020 as paraphrased in the rulebook, 8.2"
_BALANCE = "ISO 22095-2:2026, topics as listed in the rulebook, 8.4"
_CREDIT = "Rulebook 8.2: book and claim"
_CONTRACT = "Stannary contracts, section 2"

BOOKING_IS_IN_SCOPE = Rule(
    code="CUSTODY-072",
    demand=gettext_noop(
        "What an entity books under a model lies in the scope of its custody certificate: site, material and model."
    ),
    source="Rulebook 8.1: claims need an assessment of the entity; scope of a certificate: rulebook 8.3, our own choice",
    remedy=gettext_noop(
        "Extend the certificate first; what is booked all the same counts towards no claim."
    ),
)
CERTIFICATE_IS_IN_FORCE = Rule(
    code="CUSTODY-073",
    demand=gettext_noop("A custody certificate is in force on the day of a booking that needs it."),
    source=_OWN,
    remedy=gettext_noop(
        "Wait until it is in force again; what is booked all the same counts towards no claim."
    ),
)
CONTRACTOR_HAS_AN_AGREEMENT = Rule(
    code="CUSTODY-074",
    demand=gettext_noop(
        "A contractor's site belongs to a certificate while an agreement about it is in force."
    ),
    source=_OWN,
    remedy=gettext_noop("Record the agreement with its days, or take the work elsewhere."),
)
CERTIFICATE_IS_SOUND = Rule(
    code="CUSTODY-075",
    demand=gettext_noop(
        "A custody certificate ends after it begins, changes its status in order of days, and stays withdrawn once it is."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Correct the days, or record another certificate."),
)
CERTIFICATE_IS_NO_LONGER_THAN_ALLOWED = Rule(
    code="CUSTODY-076",
    demand=gettext_noop(
        "A custody certificate is valid for at most as many months as the pack allows."
    ),
    source=_OWN,
    remedy=gettext_noop("Let it end earlier; another audit gives another certificate."),
)
FACTOR_IS_SOUND = Rule(
    code="CUSTODY-077",
    demand=gettext_noop(
        "A conversion factor is above 0 and at most 1, names its source and who approved it, and ends after it begins."
    ),
    source=_OWN,
    remedy=gettext_noop("Correct the factor; a process puts out no content that did not go in."),
)
FACTOR_IS_APPROVED = Rule(
    code="CUSTODY-078",
    demand=gettext_noop(
        "What enters an account is converted with a factor that was approved and in force on that day."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Have a factor for this material, process and element approved, or use rules that take what was measured."
    ),
)
FACTOR_IS_REVIEWED = Rule(
    code="CUSTODY-079",
    demand=gettext_noop(
        "A conversion factor is approved again before the time for its review has passed."
    ),
    source=_OWN,
    remedy=gettext_noop("Have the factor reviewed, and record the new approval."),
)
ACCOUNT_IS_NOT_OVERDRAWN = Rule(
    code="CUSTODY-080",
    demand=gettext_noop(
        "What an account gives to an output was in it at that time: later input covers no earlier output."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Assign what is there, book the missing input, or name no account for this output."
    ),
)
DEFICIT_IS_COVERED = Rule(
    code="CUSTODY-081",
    demand=gettext_noop(
        "Where a pack lets later input cover an output, it comes before the balance period ends and before the output is used."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Deliver the missing input, or withdraw what was said of the output: the deficit stays."
    ),
)
ACCOUNT_IS_OF_MASS_BALANCE = Rule(
    code="CUSTODY-082",
    demand=gettext_noop(
        "Only a blend or a transformation names an account, within the boundary that the pack draws, "
        "and what comes out of one is of the model mass balance."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Name the model mass_balance and an account that the pack allows at this site, or leave the account empty."
    ),
)
OUTPUTS_CARRY_ONE_SHARE = Rule(
    code="CUSTODY-083",
    demand=gettext_noop(
        "Under the rolling average no output of a period carries more than the share of all inputs of the period."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Correct what was said of this output to the period's share before the period is closed."
    ),
)
BLEND_CLAIM_IS_ITS_SHARE = Rule(
    code="CUSTODY-084",
    demand=gettext_noop("What is claimed of a controlled blend is at most its real share."),
    source=_MODELS,
    remedy=gettext_noop("Claim the measured share of this batch or site, or less."),
)
BLEND_HAS_ITS_SMALLEST_SHARE = Rule(
    code="CUSTODY-085",
    demand=gettext_noop(
        "A controlled blend of which something is claimed has at least the share that the pack asks for."
    ),
    source=_OWN,
    remedy=gettext_noop("Blend in more, or call it mass balance."),
)
CREDIT_ACT_HAS_ITS_FORM = Rule(
    code="CUSTODY-086",
    demand=gettext_noop(
        "Credits are booked and transferred from an in row to out rows, and retired by an in row."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Book: lot in, credit out. Transfer: credit in, credits out, each with the account that receives it. Retire: credit in."
    ),
)
CREDIT_RESTS_ON_ATTESTED_MASS = Rule(
    code="CUSTODY-087",
    demand=gettext_noop(
        "Credits are booked by the producer from a mined lot that it holds, within what the lot still carries of an attestation."
    ),
    source=_CREDIT,
    remedy=gettext_noop(
        "Book at most what the lot still carries: the same tonnes are not counted with the material and as a credit."
    ),
)
CREDITS_ARE_WHOLE_UNITS = Rule(
    code="CUSTODY-088",
    demand=gettext_noop("Credits are booked, transferred and retired in whole units of the pack."),
    source=_OWN,
    remedy=gettext_noop("Round down to a whole unit; the rest stays with the lot or the credit."),
)
CREDIT_IS_HELD = Rule(
    code="CUSTODY-089",
    demand=gettext_noop(
        "A credit that is transferred or retired was booked, and is held by who acts."
    ),
    source=_CREDIT,
    remedy=gettext_noop("Name a credit that this entity holds."),
)
CREDIT_IS_USED_ONCE = Rule(
    code="CUSTODY-090",
    demand=gettext_noop(
        "All transfers, reservations and retirements of a credit together never exceed it; each credit is made once."
    ),
    source=_CREDIT,
    remedy=gettext_noop("Use at most what is left of the credit, and give a new one its own id."),
)
CREDIT_IS_NOT_EXPIRED = Rule(
    code="CUSTODY-091",
    demand=gettext_noop("A credit is transferred and retired before the day on which it expires."),
    source=_OWN,
    remedy=gettext_noop("Use a credit that is in force."),
)
RETIREMENT_NAMES_ITS_BENEFICIARY = Rule(
    code="CUSTODY-092",
    demand=gettext_noop("A retirement names for whom the credit is used up."),
    source=_CREDIT,
    remedy=gettext_noop("Write the beneficiary into the note."),
)
CORRECTION_RESTATES_AN_EVENT = Rule(
    code="CUSTODY-093",
    demand=gettext_noop(
        "A correction names in its account an earlier event and restates all its rows: same entity, sides and lots made."
    ),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Name the event, and write all of its rows as they should have been; "
        "to take it back, as they were, each with the period annulled."
    ),
)
COUNTING_LEVEL_CHANGED = Rule(
    code="CUSTODY-094",
    demand=gettext_noop(
        "The level that counts for material is the one that was relied on when it was made."
    ),
    source="The custody pack, attestation_basis and level_of_mix; rulebook 8.3",
    remedy=gettext_noop(
        "Tell whoever holds the material, and say from now on only what still counts."
    ),
)
REGISTER_IS_READABLE = Rule(
    code="CUSTODY-095",
    demand=gettext_noop(
        "A register of certificates and factors is a TOML file in UTF-8, of 2 MiB at most."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the file at the place named."),
)
REGISTER_HAS_ITS_KEYS = Rule(
    code="CUSTODY-096",
    demand=gettext_noop(
        "A register of certificates and factors holds every key that its form needs, and no other."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Add the missing key, or correct the spelling of the unknown one."),
)
BOOKS_BEHIND_ARE_BOUNDED = Rule(
    code="CUSTODY-097",
    demand=gettext_noop("The books behind one lot have at most 10 000 rows."),
    source="Stannary claim file, form 2",
    remedy=gettext_noop(
        "Keep accounts for smaller groups of sites, or claim before they grow so large."
    ),
)
OVERDRAFT_STAYS_IN_BOUNDS = Rule(
    code="CUSTODY-098",
    demand=gettext_noop(
        "What outputs of an account wait for together is at most what the pack allows."
    ),
    source="Rulebook 8.3: overdraft tolerance is not known and is a parameter",
    remedy=gettext_noop("Book input first, assign less, or name no account for this output."),
)
ACCOUNT_IS_OF_A_LISTED_GROUP = Rule(
    code="CUSTODY-101",
    demand=gettext_noop(
        "An account stands for its site, or for a group of sites that the certificate lists under its name."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Name the account of the site, or have a certificate issued that lists this group with its sites."
    ),
)
GROUP_LISTS_SITES_OF_ITS_CERTIFICATE = Rule(
    code="CUSTODY-102",
    demand=gettext_noop(
        "A group of sites has a name that no other group and no site has, and lists sites of its certificate."
    ),
    source=_OWN,
    remedy=gettext_noop("Give the group another name, or list its sites in the certificate."),
)
PILOT_ENDS_IN_ITS_TIME = Rule(
    code="CUSTODY-103",
    demand=gettext_noop("Only a pilot becomes a full certificate, on a day of its own time."),
    source=_OWN,
    remedy=gettext_noop("Choose a day on which the certificate lasts, or issue another one."),
)
SURVEILLANCE_LIES_IN_ITS_CERTIFICATE = Rule(
    code="CUSTODY-104",
    demand=gettext_noop(
        "Surveillance is recorded once a day, while its certificate lasts, and not ahead of its day."
    ),
    source=_OWN,
    remedy=gettext_noop("Correct the day on which it was done."),
)
SURVEILLANCE_IS_DONE_IN_TIME = Rule(
    code="CUSTODY-105",
    demand=gettext_noop(
        "Between two audits of the holder of a certificate lie at most as many months as the pack allows."
    ),
    source=_OWN,
    remedy=gettext_noop(
        "Do the surveillance and record it; until then whoever reads the certificate is told."
    ),
)
FACTOR_IS_NOT_GUESSED = Rule(
    code="CUSTODY-106",
    demand=gettext_noop(
        "Where factors for several processes or elements are in force for a material, the movement names its own."
    ),
    source=_BALANCE,
    remedy=gettext_noop(
        "Name the process on what comes out, and the element, in the words of the factor; or have the other factors withdrawn."
    ),
)
CERTIFICATE_NAMES_A_METHOD = Rule(
    code="CUSTODY-107",
    demand=gettext_noop(
        "A certificate that names a method of mass balance covers this model, and its pack allows the method."
    ),
    source=_OWN,
    remedy=gettext_noop(
        "Name one of the allowed methods, or none: then the first that the pack allows is used."
    ),
)
BOOKS_HAVE_ONE_SCHEME = Rule(
    code="CUSTODY-108",
    demand=gettext_noop(
        "Certificates of one entity that are in force together name one pack and one method of mass balance."
    ),
    source=_OWN,
    remedy=gettext_noop(
        "Withdraw the other certificate first, or let this one begin on the day on which the other ends."
    ),
)
