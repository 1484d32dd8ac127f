"""Steps 4 and 5: was it withdrawn, and is it in force on the day?

Rules: VERIFY-004 to VERIFY-006.
"""

import datetime
from collections.abc import Mapping

from stannary.core.credentials import Head, entry_of
from stannary.core.kernel import Finding, gettext_noop
from stannary.core.transparency_log import LogProof, leaf_hash, parse_checkpoint, parse_note
from stannary.core.verification import rules
from stannary.core.verification.later import LaterLog
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import Step, StepName, failed, passed, unchecked

_DAY = datetime.timedelta(days=1)


def check_revocation(reading: Reading, later: LaterLog | None, on: datetime.date) -> Step:
    """Take step 4: with a log as it stood later, else say why it was not taken.

    Args:
        reading: What could be read of the file.
        later: The log as the reader has it now; None: there is none at hand.
        on: The day of the check.
    """
    name = StepName.NOT_REVOKED
    if reading.head is None:
        return unchecked(name, gettext_noop("There is no credential that could be read."))
    if reading.head.has_status:
        text = gettext_noop(
            "It names a list in which it may have been withdrawn; this version does not read such"
            " lists."
        )
        return unchecked(name, text)
    if later is None:
        text = gettext_noop(
            "A withdrawal stands in the public log, in an entry after this one. Give the log as it"
            " is now with --log."
        )
        return unchecked(name, text)
    return _in_later(reading.head, reading, later, on)


def _in_later(head: Head, reading: Reading, later: LaterLog, on: datetime.date) -> Step:
    """Look for a withdrawal in a log that holds the entry of the file at the same place."""
    proof, token = reading.proof, reading.token
    if proof is None or token is None:
        text = gettext_noop("No log proof is enclosed, so the log cannot tell of it.")
        return unchecked(StepName.NOT_REVOKED, text)
    differs = differs_from_later(proof, entry_of(head, token.text), later)
    return differs or _taken_back(head, later, on, facts_of(later))


def facts_of(later: LaterLog) -> dict[str, str]:
    """Give name and size of a later log, for messages."""
    return {"log": later.origin[:200], "size": str(later.size)}


def differs_from_later(proof: LogProof, entry: bytes, later: LaterLog) -> Step | None:
    """Tell why a later log cannot speak of an entry; None: it holds it at the same place."""
    name, facts = StepName.NOT_REVOKED, facts_of(later)
    logged = parse_checkpoint(parse_note(proof.checkpoint).text)
    if logged.origin != later.origin:
        text = gettext_noop("The log given is %(log)s; this was entered in another one.")
        return unchecked(name, text, **facts)
    if later.size < logged.size:
        text = gettext_noop("The log given, of %(size)s entries, is older than the file.")
        return unchecked(name, text, **facts)
    if later.leaf(proof.index) != leaf_hash(entry):
        facts["index"] = str(proof.index)
        text = gettext_noop("The log given holds another entry at its place, number %(index)s.")
        return failed(name, text, [Finding(rules.IT_IS_LOGGED, facts)], where="proof", **facts)
    return None


def _taken_back(head: Head, later: LaterLog, on: datetime.date, facts: Mapping[str, str]) -> Step:
    """Say what a log that holds the entry of the file says of a withdrawal."""
    name = StepName.NOT_REVOKED
    index, taken_back = later.withdrawals.get(head.id or "", (0, None))
    if taken_back is None:
        text = gettext_noop(
            "The log %(log)s, of %(size)s entries when you got it, does not say that it was taken"
            " back."
        )
        return passed(name, text, **facts)
    day = {"index": str(index), "day": taken_back.on.isoformat(), "on": on.isoformat()}
    facts = {**facts, **day}
    if taken_back.on > on:
        text = gettext_noop(
            "It was taken back from %(day)s on, after %(on)s: entry number %(index)s of the log."
        )
        return passed(name, text, **facts)
    text = gettext_noop("It was taken back from %(day)s on: entry number %(index)s of the log.")
    return failed(name, text, [Finding(rules.IT_IS_NOT_REVOKED, facts)], where="log", **facts)


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
