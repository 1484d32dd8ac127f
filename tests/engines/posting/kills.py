"""Kills a sequencer again and again while clients post, and looks at what is left.

A process of its own: it forks the sequencer (killed or stopped at a random moment, then another
one begins) and some clients, which keep in mind what was acknowledged. Afterwards every
acknowledged posting must be stored once, with the verdict that was told, and the books must add up.

Load is bounded: each client posts at most so many postings and waits between requests.
"""

import argparse
import json
import os
import pickle
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from stannary.core.custody.postings import (
    KIND_NAMES,
    NO_ID,
    POST,
    RESERVE,
    SETTLE,
    VOID,
    Posting,
    posting_id,
)
from stannary.core.kernel import RefusalError
from stannary.engines.posting import (
    Sequencer,
    Settings,
    Store,
    StoreConflictError,
    StoreUnavailableError,
    open_store,
    resum,
)
from stannary.engines.posting.memory import Memory
from stannary.engines.posting.rules import ONE_SEQUENCER_LEADS
from stannary.engines.posting.service import Client, Service, UnavailableError

ACCOUNTS = 12
SCARCE = 400
LEASE_MS = 400
SETTINGS = Settings(lease_ms=LEASE_MS, window=4_000, few_accounts=0, most=48, many=4)
"""A short memory and few checkpoints, so that a new sequencer replays and looks up a lot; and small
batches, so that one is decided while another one is written."""
DEPOSED = 3
NO_LEAD = 4
WAIT_S = 30.0


class Plan(NamedTuple):
    """What is done to whom."""

    url: str
    folder: Path
    kills: int
    clients: int = 3
    seed: int = 1
    check_every: int = 100
    pauses: int = 20
    """After every so many kills one sequencer is stopped, and goes on when another one leads."""
    requests: int = 1 << 30
    """What a client posts at most, in requests."""


# The sequencer.


def lead(plan: Plan) -> int:
    """Begin to lead as soon as it is possible, then serve until the end."""
    store = open_store(plan.url)
    until = time.monotonic() + WAIT_S
    while True:
        try:
            sequencer = Sequencer(store, holder=str(os.getpid()), settings=SETTINGS)
            break
        except (RefusalError, StoreUnavailableError, StoreConflictError) as error:
            if isinstance(error, RefusalError) and error.rule is not ONE_SEQUENCER_LEADS:
                raise
            if time.monotonic() > until:
                return NO_LEAD
            time.sleep(0.005)
    service = Service(sequencer, plan.folder / f"{os.getpid()}.socket")
    mark = plan.folder / f"{os.getpid()}.link"
    mark.symlink_to(f"{os.getpid()}.socket")
    mark.replace(plan.folder / "socket")  # clients always find the newest
    service.serve()
    return DEPOSED


def forked(act: Any, *arguments: Any) -> int:
    """Run something in a child, and give its id; the child ends when nobody waits for it."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    code = 1
    try:
        code = act(*arguments)
    finally:
        sys.stderr.flush()
        os._exit(code)


def end_with(parent: int) -> None:
    """End this process when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


# Clients.


class Poster:
    """A client that posts at random and never forgets an answer."""

    def __init__(self, plan: Plan, number: int) -> None:
        """Begin with nothing told."""
        self.plan, self.number = plan, number
        self.random = random.Random(plan.seed * 1000 + number)  # noqa: S311 - nothing secret
        self.made = 0
        self.told: dict[Posting, int] = {}
        self.held: list[Posting] = []
        self.wrong: list[str] = []
        self.again = 0

    def run(self) -> int:
        """Post until the end is told; what was sent is asked again until it is answered."""
        connection: Client | None = None
        stop, asked = self.plan.folder / "stop", 0
        until = time.monotonic() + 3600
        while asked < self.plan.requests and not stop.exists() and time.monotonic() < until:
            wanted, asked = self.request(), asked + 1
            while True:
                try:
                    connection = connection or Client(self.plan.folder / "socket")
                    verdicts = connection.post(wanted)
                    break
                except (RefusalError, UnavailableError):
                    self.again += 1
                    if connection is not None:
                        connection.close()
                    connection = None
                    time.sleep(0.003)
            self.keep(wanted, verdicts)
            time.sleep(self.random.random() * 0.004)
        return self.leave_word()

    def alone(self) -> int:
        """Post by the simple path, one after another, as often as the plan says."""
        store = open_store(self.plan.url)
        for _ in range(self.plan.requests):
            one = self.posting()
            self.keep([one], [store.post(one, now_ms=time.time_ns() // 1_000_000)])
        store.close()
        return self.leave_word()

    def leave_word(self) -> int:
        """Write down what was told."""
        with (self.plan.folder / f"told-{self.number}").open("wb") as file:
            pickle.dump((dict(self.told), self.wrong, self.again), file)
        return 0

    def request(self) -> list[Posting]:
        """Make some postings, and name some old ones again."""
        some = [self.posting() for _ in range(self.random.choice((1, 1, 5, 40, 200)))]
        if self.told and self.random.random() < 0.2:
            some += self.random.sample(list(self.told)[-500:], k=min(5, len(self.told)))
        return some

    def posting(self) -> Posting:
        """Make one: any kind, often more than there is."""
        self.made += 1
        at_ms = time.time_ns() // 1_000_000
        identity = posting_id(at_ms=at_ms, entropy=self.number << 40 | self.made)
        if self.held and self.random.random() < 0.3:
            one = self.held.pop(self.random.randrange(len(self.held)))
            kind = self.random.choice((SETTLE, VOID))
            amount = self.random.randint(1, one.amount + 1) if kind == SETTLE else 0
            return Posting(identity, kind, one.source, one.target, amount, one.id)
        source, target = self.random.sample(range(1, ACCOUNTS + 2), k=2)
        kind = RESERVE if self.random.random() < 0.3 else POST
        lasts = self.random.choice((0, 20, 1000)) if kind == RESERVE else 0
        amount = self.random.randint(1, SCARCE if source > 1 else 3)
        return Posting(identity, kind, source, target, amount, NO_ID, at_ms + lasts if lasts else 0)

    def keep(self, wanted: list[Posting], verdicts: list[int]) -> None:
        """Remember what was told, and compare it with what was told before."""
        for posting, verdict in zip(wanted, verdicts, strict=True):
            first = self.told.setdefault(posting, verdict)
            if first != verdict:
                self.wrong.append(f"{posting.id.hex()} was {first} and is {verdict}")
            elif posting.kind == RESERVE and not verdict and self.random.random() < 0.7:
                self.held.append(posting)


# Looking at what is left.


def wrong_with(store: Store) -> list[str]:
    """Count again, and compare what a new sequencer would begin with.

    A server may still commit what a killed sequencer sent last: then all is read once more.
    """
    while True:
        counted = resum(store)
        memory, sums = Memory(store, counted.head).ledger, store.sums()
        if store.head() == counted.head:
            break
    found = [finding.message for finding in counted.findings]
    for number, account in memory.accounts.items():
        if (account.balance, account.reserved) != sums.get(number, (0, 0)):  # type: ignore[call-overload]
            found.append(f"memory of account {number} is {account}")
    return found


def compare(store: Store, folder: Path) -> tuple[list[str], dict[str, int]]:
    """Compare all that clients were told with what is stored."""
    stored: dict[Posting, int] = {}
    ids: set[bytes] = set()
    found: list[str] = []
    for entry in store.entries(after=0):
        if entry.posting.id in ids:
            found.append(f"{entry.posting.id.hex()} is stored twice")
        ids.add(entry.posting.id)
        stored[entry.posting] = entry.verdict
    counts = {"acknowledged": 0, "stored": len(stored), "asked_again": 0}
    counts |= {f"stored_{name}": 0 for name in KIND_NAMES.values()}
    counts["refused"] = sum(1 for verdict in stored.values() if verdict)
    for posting in stored:
        counts[f"stored_{KIND_NAMES[posting.kind]}"] += 1
    for file in sorted(folder.glob("told-*")):
        told, wrong, again = pickle.loads(file.read_bytes())  # noqa: S301 - our own child's
        found += wrong
        counts["asked_again"] += again
        counts["acknowledged"] += len(told)
        for posting, verdict in told.items():
            if stored.get(posting) != verdict:
                found.append(f"{posting.id.hex()} told {verdict}, stored {stored.get(posting)}")
    return found, counts


# The rounds.


def prepare(url: str) -> None:
    """Make the tables and the accounts: one source, the others scarce."""
    store = open_store(url)
    store.create()
    store.open_accounts({"source": True, **{f"account-{n}": False for n in range(1, ACCOUNTS + 1)}})
    for number in range(2, ACCOUNTS + 2):
        one = Posting(posting_id(at_ms=1, entropy=number), POST, 1, number, SCARCE)
        if store.post(one, now_ms=1):
            raise RuntimeError("the first posting was refused")
    store.close()


def ended(child: int, within_s: float) -> int | None:
    """Wait for a child to end by itself; None if it does not."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    return None


def run(plan: Plan) -> dict[str, Any]:
    """Do all rounds and say what was found."""
    began, moments = time.monotonic(), random.Random(plan.seed)  # noqa: S311
    prepare(plan.url)
    clients = [forked(Poster(plan, number).run) for number in range(plan.clients)]
    found: list[str] = []
    done = {"kills": 0, "pauses": 0, "deposed": 0, "checks": 0}
    try:
        for place in range(1, plan.kills + 1):
            leader = after_a_while(plan, moments)
            os.kill(leader, signal.SIGKILL)
            os.waitpid(leader, 0)
            done["kills"] += 1
            if plan.pauses and place % plan.pauses == 0:
                found += paused(plan, after_a_while(plan, moments), done)
            if place % plan.check_every == 0:
                done["checks"] += 1
                with suppress(StoreUnavailableError):
                    found += checked_now(plan.url)
            if found:
                break
        leader = forked(lead, plan)
        (plan.folder / "stop").touch()
        for child in clients:
            if ended(child, WAIT_S) != 0:
                found.append("a client did not end")
        os.kill(leader, signal.SIGKILL)
        os.waitpid(leader, 0)
    finally:
        for child in clients:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    store = open_store(plan.url)
    found += wrong_with(store)
    more, counts = compare(store, plan.folder)
    store.close()
    seconds = round(time.monotonic() - began, 1)
    return {**done, **counts, "seconds": seconds, "found": (found + more)[:20]}


def written(plan: Plan) -> dict[str, Any]:
    """Let many post on few scarce accounts: each by itself, then all through a sequencer."""
    began, found = time.monotonic(), []
    prepare(plan.url)
    for sequenced in (False, True):
        leader = forked(lead, plan) if sequenced else 0
        posters = [Poster(plan, plan.clients * sequenced + n) for n in range(plan.clients)]
        children = [forked(one.run if sequenced else one.alone) for one in posters]
        found += [f"writer {n} did not end" for n in children if ended(n, 4 * WAIT_S) != 0]
        if sequenced:
            os.kill(leader, signal.SIGKILL)
            os.waitpid(leader, 0)
    store = open_store(plan.url)
    found += wrong_with(store)
    more, counts = compare(store, plan.folder)
    store.close()
    seconds = round(time.monotonic() - began, 1)
    return {"writers": plan.clients, **counts, "seconds": seconds, "found": (found + more)[:20]}


def after_a_while(plan: Plan, moments: random.Random) -> int:
    """Begin a sequencer, and wait until some moment of its work."""
    leader = forked(lead, plan)
    time.sleep(0.005 + moments.random() * 0.12)
    return leader


def checked_now(url: str) -> list[str]:
    """Count again while clients wait for the next sequencer."""
    store = open_store(url)
    try:
        return wrong_with(store)
    finally:
        store.close()


def paused(plan: Plan, old: int, done: dict[str, int]) -> list[str]:
    """Stop a sequencer in the middle, let another one lead, and let the old one go on."""
    os.kill(old, signal.SIGSTOP)
    new = forked(lead, plan)
    time.sleep(LEASE_MS / 1000 * 1.5)
    os.kill(old, signal.SIGCONT)
    code = ended(old, 3)
    os.kill(new, signal.SIGKILL)
    os.waitpid(new, 0)
    done["pauses"] += 1
    if code is None:  # stopped before it led, or inside of a transaction that only it could end
        os.kill(old, signal.SIGKILL)
        os.waitpid(old, 0)
    elif code == DEPOSED:
        done["deposed"] += 1
    elif code != NO_LEAD:
        return [f"the old sequencer ended with {code}"]
    return []


def main() -> int:
    """Run what the command line says; 1 if something was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--pauses", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--writers", type=int, help="no kills: so many writers at once")
    parser.add_argument("--requests", type=int, default=200, help="of each of these writers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stannary-kills-") as folder:
        plan = Plan(
            given.url, Path(folder), given.kills, given.clients, given.seed, pauses=given.pauses
        )
        if given.writers:
            plan = plan._replace(clients=given.writers, requests=given.requests)
        report = written(plan) if given.writers else run(plan)
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if report["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
