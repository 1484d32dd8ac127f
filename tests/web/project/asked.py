"""Who is asked about, at which addresses of the demonstration, and what is right for whom."""

from enum import Enum

OPEN_MINING = "stannary/open-mining/0.1"
NEXT_MINING = "stannary/open-mining/1.0"
CROSSWALK = "open-mining-1.0--open-mining-0.1"
PLAN = f"lead=stannary/open-mining/1.0&with={OPEN_MINING}"
ENGAGEMENT = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c02"
NORTH = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01"
TEAM_CHECK = (
    "/api/v1/independence/check?firm=example-assurance&site=example-north-mine"
    f"&edition={NEXT_MINING}&lead_auditor=auditor"
)
NOTE = {
    "id": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "text": "The gate was locked.",
    "noted_at": "2026-03-02T09:30:00+00:00",
}


class For(Enum):
    """Who gets an answer at an address; everybody else is sent to sign in, or finds nothing."""

    ALL = "everybody"
    ACCOUNTS = "whoever is signed in"
    FIRM = "auditors of the firm"
    OWNER = "clerks and site users of any organisation, and the secretariat"
    CELLS = "clerks of the organisation that has the facility, and the secretariat"
    CELLS_API = "their programs"
    HOLDER = "clerks of whoever holds the lot"
    HOLDER_API = "their programs, too"
    TRADER = "clerks of the two parties"
    ASKING = "clerks, and the secretariat"
    ASKING_API = "their programs, as well"
    TRADER_API = "programs of clerks of the two parties"
    FIRM_API = "programs of auditors of the firm"
    ENGAGED = "people of the engagement"
    EVIDENCE = "people of the engagement who read its evidence"
    EVIDENCE_ADDED = "people of the engagement who may hand evidence in"
    EVIDENCE_API = "programs of people of the engagement who read its evidence"
    TEAM_API = "programs of the audit team"
    ENGAGED_API = "programs of people of the engagement"
    OPERATOR = "site users of an operator, and the secretariat"
    ACCOUNTS_API = "programs of whoever is signed in"
    FORMS = "forms only; nothing is shown"
    SECRETARIAT = "the secretariat"
    SECRETARIAT_API = "programs of the secretariat"
    INSIDE = "people of the firm, and the secretariat"
    SITE_USER = "site users of the operator"
    ENGAGED_SITE = "site users of the engagement; none of them is asked here"
    RESPONDENT = "the respondent whom it was given to; nobody who is asked here"
    ENGAGED_SITE_API = "programs of site users of the engagement; none of them is asked here"
    RESPONDENT_API = "programs of the respondent; nobody who is asked here"
    LINK_API = "programs of whoever holds a link; nobody is asked with one here"
    ASKED = "who was asked for a declaration"
    DOOR = "whoever comes in or out; see `DOORS`"
    NOBODY = "nobody"


NAMES = (
    "outsider",
    "rival",
    "stranger",
    "auditor",
    "verifier",
    "miner",
    "clerk",
    "secretariat",
)
MAY = {
    For.ALL: frozenset({"visitor", *NAMES}),
    For.ACCOUNTS: frozenset(NAMES),
    For.FIRM: frozenset({"auditor"}),
    For.FIRM_API: frozenset({"auditor"}),
    For.ENGAGED: frozenset({"auditor", "secretariat"}),
    For.EVIDENCE: frozenset({"auditor"}),
    For.EVIDENCE_ADDED: frozenset({"auditor"}),
    For.EVIDENCE_API: frozenset({"auditor"}),
    For.TEAM_API: frozenset({"auditor"}),
    For.ENGAGED_API: frozenset({"auditor", "secretariat"}),
    For.ACCOUNTS_API: frozenset(NAMES),
    For.OPERATOR: frozenset({"miner", "secretariat"}),
    For.OWNER: frozenset({"miner", "stranger", "clerk", "secretariat"}),
    For.CELLS: frozenset({"clerk", "secretariat"}),
    For.CELLS_API: frozenset({"clerk", "secretariat"}),
    For.HOLDER: frozenset({"clerk"}),
    For.HOLDER_API: frozenset({"clerk"}),
    For.TRADER: frozenset({"clerk", "stranger"}),
    For.ASKING: frozenset({"clerk", "stranger", "secretariat"}),
    For.ASKING_API: frozenset({"clerk", "stranger", "secretariat"}),
    For.TRADER_API: frozenset({"clerk", "stranger"}),
    For.SECRETARIAT: frozenset({"secretariat"}),
    For.SECRETARIAT_API: frozenset({"secretariat"}),
    For.INSIDE: frozenset({"auditor", "secretariat"}),
    For.SITE_USER: frozenset({"miner"}),
    For.ENGAGED_SITE: frozenset[str](),
    For.RESPONDENT: frozenset[str](),
    For.ENGAGED_SITE_API: frozenset[str](),
    For.RESPONDENT_API: frozenset[str](),
    For.LINK_API: frozenset[str](),
    For.ASKED: frozenset({"verifier"}),
    For.FORMS: frozenset[str](),
    For.DOOR: frozenset[str](),
    For.NOBODY: frozenset[str](),
}

AGAIN = "302 /account/confirm/?next={address}"
SIGN_IN = "302 /sign-in/?next={address}"
DOORS = {
    "/sign-in/": ("200", "302 /work/"),
    "/sign-in/code/": ("302 /sign-in/", "302 /work/"),
    "/sign-in/passkey/": ("302 /sign-in/", "302 /work/"),
    "/sign-out/": ("302 /", "200"),
    "/account/confirm/code/": (SIGN_IN, "302 /account/confirm/"),
    "/account/confirm/passkey/": (SIGN_IN, "302 /account/confirm/"),
    "/account/app/": (SIGN_IN, AGAIN),
    "/account/app/remove/": (SIGN_IN, "404"),
    "/account/codes/": (SIGN_IN, "404"),
    "/account/codes/recovery-codes.txt": (SIGN_IN, "404"),
    "/account/codes/new/": (SIGN_IN, AGAIN),
    "/account/passkeys/new/": (SIGN_IN, AGAIN),
    "/account/passkeys/1/": (SIGN_IN, AGAIN),
    "/account/passkeys/1/remove/": (SIGN_IN, AGAIN),
}
"""Addresses of the door, each with what a visitor and what somebody signed in is answered."""
