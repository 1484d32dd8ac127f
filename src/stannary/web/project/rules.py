"""Rules about requests to the API; API-001, of cursors, stands with its pages.

Rules: API-002 to API-005.
"""

from stannary.core.kernel import Rule, gettext_noop

_DRAFT = "draft-ietf-httpapi-idempotency-key-header-07"

KEY_IS_PLAIN = Rule(
    code="API-002",
    demand=gettext_noop(
        "An Idempotency-Key is 1 to 100 visible ASCII signs without a comma, a backslash or a quotation mark inside."
    ),
    source=f"{_DRAFT}, Syntax; the length is our own choice",
    remedy=gettext_noop("Send a random UUID, in quotation marks or without."),
)
KEY_IS_FOR_ONE_REQUEST = Rule(
    code="API-003",
    demand=gettext_noop("An Idempotency-Key stands for one request: the same address and body."),
    source=f"{_DRAFT}, Uniqueness and Error Handling",
    remedy=gettext_noop("Send the first request as it was, or choose another key for this one."),
)
NOT_TOO_MUCH_AT_ONCE = Rule(
    code="API-004",
    demand=gettext_noop("What is sent at once is no more than this server takes at once."),
    source="Stannary's own choice: what one process reads in a few seconds",
    remedy=gettext_noop("Send it in several parts."),
)
REQUEST_HAS_ITS_FORM = Rule(
    code="API-005",
    demand=gettext_noop("A request has the form that the OpenAPI document gives it."),
    source="Stannary contracts, section 6",
    remedy=gettext_noop("Correct the fields that are named."),
)
