"""Steps 4 and 5: was it withdrawn, and is it in force on the day?

Rules: VERIFY-004, VERIFY-005.
"""

import datetime

from stannary.core.kernel import Finding, gettext_noop
from stannary.core.verification import rules
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import Step, StepName, failed, passed, unchecked

_DAY = datetime.timedelta(days=1)


def check_revocation(reading: Reading) -> Step:
    """Take step 4: so far it can only say why it was not taken."""
    if reading.head is None:
        text = gettext_noop("There is no credential that could be read.")
    elif reading.head.has_status:
        text = gettext_noop(
            "It names a list in which it may have been withdrawn; this version does not read such"
            " lists."
        )
    else:
        text = gettext_noop(
            "It names no list in which it could be withdrawn, so a withdrawal cannot be seen from"
            " here."
        )
    return unchecked(StepName.NOT_REVOKED, text)


def check_dates(reading: Reading, on: datetime.date) -> Step:
    """Take step 5. A day counts if it is valid at any time of that day, in UTC."""
    name = StepName.IN_FORCE
    if reading.head is None:
        return unchecked(name, gettext_noop("There are no dates that could be read."))
    begin, end = reading.head.valid_from, reading.head.valid_until
    start_of_day = datetime.datetime(on.year, on.month, on.day, tzinfo=datetime.UTC)
    facts = {
        "on": on.isoformat(),
        "begin": _day(begin),
        "end": _day(end),
    }
    finding = Finding(rules.IT_IS_IN_FORCE, facts)
    # compared as durations: the day after the last day of the calendar does not exist
    if begin is not None and begin - start_of_day >= _DAY:
        text = gettext_noop("It is valid from %(begin)s only, which is after %(on)s.")
        return failed(name, text, [finding], where="validFrom", **facts)
    if end is not None and end <= start_of_day:
        text = gettext_noop("It was valid before %(end)s; on %(on)s it no longer was.")
        return failed(name, text, [finding], where="validUntil", **facts)
    if begin is None and end is None:
        text = gettext_noop("It names neither a beginning nor an end.")
        return passed(name, text)
    if end is None:
        text = gettext_noop("Valid on %(on)s: from %(begin)s, without an end.")
    else:
        text = gettext_noop("Valid on %(on)s: from %(begin)s until before %(end)s.")
    return passed(name, text, **facts)


def _day(instant: datetime.datetime | None) -> str:
    return "none" if instant is None else instant.isoformat().removesuffix("T00:00:00+00:00")
