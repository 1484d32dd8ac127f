"""What stakeholder input says of itself in words, in the reader's language."""

from django.utils.translation import gettext, gettext_lazy

from stannary.core.stakeholders import Channel, Disposition, Group

GROUPS = {
    Group.WORKERS: gettext_lazy("workers"),
    Group.CONTRACTORS: gettext_lazy("contractors and their workers"),
    Group.TRADE_UNIONS: gettext_lazy("trade unions"),
    Group.COMMUNITIES: gettext_lazy("communities"),
    Group.INDIGENOUS_PEOPLES: gettext_lazy("Indigenous Peoples"),
    Group.AUTHORITIES: gettext_lazy("authorities"),
    Group.NGOS: gettext_lazy("non-governmental organisations"),
    Group.OTHERS: gettext_lazy("others"),
}

CHANNELS = {
    Channel.INTERVIEW: gettext_lazy("interview"),
    Channel.GROUP_INTERVIEW: gettext_lazy("group interview"),
    Channel.MEETING: gettext_lazy("meeting"),
    Channel.LETTER: gettext_lazy("letter or mail"),
    Channel.CALL: gettext_lazy("call or message"),
    Channel.ONLINE: gettext_lazy("form on a page"),
}

DISPOSITIONS = {
    Disposition.VERDICT: gettext_lazy("weighed in a verdict"),
    Disposition.FINDING: gettext_lazy("became a finding"),
    Disposition.LOOKED_INTO: gettext_lazy("looked into, nothing else showed it"),
    Disposition.PASSED_ON: gettext_lazy("passed on as a complaint"),
    Disposition.OUTSIDE: gettext_lazy("outside of this audit"),
    Disposition.WITHDRAWN: gettext_lazy("withdrawn, not published"),
}


def period(said_from: str, said_until: str) -> str:
    """Say in which period something was said."""
    if said_from == said_until:
        return said_from
    return gettext("%(from)s to %(until)s") % {"from": said_from, "until": said_until}
