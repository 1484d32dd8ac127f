"""The words of effects, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from stannary.core.restatements import Remedy

REMEDIES = {
    Remedy.DELIVER_MISSING: _("deliver what is missing"),
    Remedy.RESTATE_SALE: _("restate the sale with the buyer"),
    Remedy.BUY_CREDITS: _("buy credits"),
    Remedy.TAKE_BACK_CREDITS: _("take unused credits back"),
    Remedy.LOWER_CLAIM: _("claim less"),
    Remedy.DOWNGRADE_MODEL: _("use words for the weaker model"),
    Remedy.WITHDRAW_CLAIM: _("withdraw the claim"),
    Remedy.TELL_HOLDERS: _("tell who holds it"),
}
ROLES = {
    "holder": _("holds it"),
    "maker": _("made it"),
    "carrier": _("shipped or received it"),
    "seller": _("offered or sold it"),
    "buyer": _("was offered it or bought it"),
    "claimant": _("claims something of it"),
    "beneficiary": _("uses the claim or the credits"),
    "credit_holder": _("holds the credits"),
    "account_keeper": _("keeps the account"),
    "verifier": _("verifies who is told"),
}
GROUPS = {
    "lots": _("Lots"),
    "credits": _("Credits"),
    "other": _("Moved, lost or used up"),
}
