"""What a change of some events can reach, and what decides that: found by keys, not by walking all.

Two steps, each as far as it leads and no further: forward, to every lot, account and credit that can
be otherwise; back, to every event that decides what is kept of these. Of what was reached, the events
found back alone come to the same as all events do, before the change and after it.

Rules: none of its own.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping

from stannary.core.custody.accounting.keys import Key, keys_of
from stannary.core.custody.events import Event

Touching = Callable[[Iterable[Key]], Iterable[Event]]
"""Gives the events that touch one of some keys, as they are known now, at any time; more do no harm."""

_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC) + datetime.timedelta(days=1)
LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC) - datetime.timedelta(days=1)
"""After every event."""


def outcome_of(event: Event) -> Iterator[Key]:
    """Give what can be otherwise after an event, if something that it touches was otherwise before.

    A lot that goes in loses what its own row says, and a lot that moves takes along what it has,
    whatever stands beside it. A credit act happens whole or not at all.
    """
    if event.kind.is_credit:
        yield from keys_of(event)
        return
    for row in event.outputs:
        yield ("lot", row.lot)
    yield from (key for key in keys_of(event) if key[0] == "account")


def reached(
    touching: Touching, begin: Mapping[Key, datetime.datetime], *, material_alone: bool = False
) -> dict[Key, datetime.datetime]:
    """Give everything that can be otherwise, and from when.

    Not for books in which an output waits for later input: there an event changes lots that it does
    not name.

    Args:
        touching: Reads events.
        begin: What is otherwise to begin with, and from when.
        material_alone: Whether to follow lots into what is made of them, and neither accounts nor
            credits.
    """
    found: dict[Key, datetime.datetime] = {}
    wanted = dict(begin)
    while wanted:
        found |= wanted
        events = tuple(touching(wanted))
        wanted = {}
        for event in events:
            if not any(found.get(key, LAST) <= event.at for key in keys_of(event)):
                continue
            if material_alone and event.kind.is_credit:
                continue
            for key in outcome_of(event):
                earlier = event.at < found.get(key, LAST)
                if earlier and not (material_alone and key[0] != "lot"):
                    wanted[key] = min(event.at, wanted.get(key, LAST))
    return found


def deciding(
    touching: Touching, keys: Mapping[Key, datetime.datetime], *, material_alone: bool = False
) -> tuple[Event, ...]:
    """Give every event on which what is kept of lots, accounts and credits rests, in no order.

    Args:
        touching: Reads events.
        keys: What is asked for, and until when: `LAST` for all that became of it.
        material_alone: Whether only what lots are made of and what became of them is asked for, and
            not what may be said of them.
    """
    asked: dict[Key, datetime.datetime] = {}
    wanted = dict(keys)
    found: dict[str, Event] = {}
    while wanted:
        asked |= wanted
        events = tuple(touching(wanted))
        wanted = {}
        for event in events:
            touched = {key for key in keys_of(event) if key[0] == "lot" or not material_alone}
            if material_alone and event.kind.is_credit:
                continue
            if not any(event.at <= asked.get(key, _FIRST) for key in touched):
                continue
            found[event.id] = event
            made = set() if event.kind.is_credit else {("lot", row.lot) for row in event.outputs}
            for key in touched - made:
                if asked.get(key, _FIRST) < event.at:
                    wanted[key] = max(event.at, wanted.get(key, _FIRST))
    return tuple(found.values())
