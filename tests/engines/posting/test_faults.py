"""What must hold when processes are killed, disks are full and databases go away.

The thousand kills are run by `benchmarks/faults.py`; here are a dozen.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import engines.posting.kills as harness
from engines.posting.cluster import Cluster, binaries, cluster
from engines.posting.made_up import NOW, opened, posting, stored
from engines.posting.test_sequencer import STILL, leading
from refusals import refused_by
from stannary.core.custody.postings import RESERVE, Posting
from stannary.core.kernel import RefusalError
from stannary.engines.posting import Sequencer, Settings, Store, open_store, resum
from stannary.engines.posting.sqlite import SqliteStore

pytestmark = pytest.mark.untraced


def test_a_dozen_kills_lose_double_and_change_nothing(url: str) -> None:
    tests = Path(harness.__file__).parents[2]
    call = ["-m", "engines.posting.kills", "--url", url, "--kills", "12", "--pauses", "12"]
    paths = os.pathsep.join([str(tests.parent / "src"), str(tests)])

    done = subprocess.run(
        [sys.executable, *call], check=False, capture_output=True, cwd=tests, timeout=120,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["kills"], report["pauses"], report["found"]) == (12, 1, [])
    assert report["acknowledged"] > 100
    assert report["asked_again"] > 0


@pytest.mark.parametrize(
    ("what", "database"), [("power", "sqlite"), ("power", "postgresql"), ("full", "postgresql")]
)
def test_what_was_acknowledged_outlives_the_power_and_a_full_volume(
    what: str, database: str
) -> None:
    if database == "postgresql" and binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    if shutil.which("unshare") is None or os.geteuid():
        pytest.skip("only root may make the volumes that this fills and cuts off")
    tests = Path(harness.__file__).parents[2]
    call = [sys.executable, "-m", "engines.posting.outages", what, "--database", database]
    paths = os.pathsep.join([str(tests.parent / "src"), str(tests)])

    done = subprocess.run(
        ["unshare", "--mount", *call, "--rounds", "2"], check=False, capture_output=True,
        cwd=tests, timeout=120, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip

    if "unshare failed" in done.stderr.decode():
        pytest.skip("mounts of one's own are not allowed here")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    if "not_possible" in report:
        pytest.skip(report["not_possible"])
    assert (report["found"], report["gone"], report["acknowledged"] > 0) == ([], 0, True)


def filled(sequencer: Sequencer, most: int) -> list[Posting]:
    """Post until it is refused for want of space, and give what was not acknowledged."""
    for _ in range(most):
        some = [posting(1_000) for _ in range(2_000)]
        try:
            assert set(sequencer.post(some)) == {53}
        except RefusalError as refusal:
            assert refusal.rule.code == "ENGINE-023"  # noqa: PT017 - the loop ends with it
            return some
    pytest.fail("the disk was never full")


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    store = SqliteStore(path)
    store.create()
    opened(store)
    small = SqliteStore(path, max_pages=300)
    sequencer = Sequencer(small, holder="here", settings=STILL._replace(patience_s=0.0))

    left = filled(sequencer, 100)
    assert refused_by(lambda: sequencer.post(left)) == "ENGINE-023"
    before = store.head().seq
    assert resum(store).findings == ()
    small.max_pages = 100_000

    assert set(sequencer.post(left[:1])) <= {53}
    assert sequencer.post(left) == [53] * len(left)
    assert store.head().seq == before + len(left)
    sequencer.stop()
    small.close()
    assert resum(store).findings == ()
    store.close()


@pytest.fixture
def own() -> Iterator[Cluster]:
    """A server that this test may fill, or restart."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with cluster("-c fsync=off -c shared_buffers=32MB", segment_mb=1) as one:
        yield one


def prepared(url: str) -> Store:
    """A ledger with accounts."""
    store = open_store(url)
    store.create()
    opened(store)
    return store


def test_a_server_without_room_loses_nothing_and_goes_on_when_there_is_some(own: Cluster) -> None:
    prepared(own.url()).close()
    own.stop()
    own.start(file_limit_kb=4_096)  # no file grows beyond: the table cannot be extended
    patient = STILL._replace(patience_s=0.2)
    with leading(own.url(), patient) as sequencer:
        left = filled(sequencer, 60)
        assert refused_by(lambda: sequencer.post(left)) == "ENGINE-023"
    own.stop()
    own.start()
    store = open_store(own.url())
    assert resum(store).findings == ()

    with leading(own.url(), patient) as sequencer:
        assert sequencer.post(left) == [53] * len(left)

    assert resum(store).findings == ()
    store.close()


def test_a_server_that_loses_its_power_is_waited_for(own: Cluster) -> None:
    store = prepared(own.url())
    store.close()
    said: dict[Posting, int] = {}
    stop = threading.Event()
    failed: list[BaseException] = []

    def caller(sequencer: Sequencer) -> None:
        try:
            while not stop.is_set():
                some = [posting(1) for _ in range(20)]
                said.update(zip(some, sequencer.post(some), strict=True))
        except RefusalError as refusal:
            failed.append(refusal)

    with leading(own.url(), Settings(now_ms=lambda: NOW, patience_s=60)) as sequencer:
        threads = [threading.Thread(target=caller, args=(sequencer,)) for _ in range(3)]
        for one in threads:
            one.start()
        for _ in range(2):
            so_far = len(said)
            own.stop("immediate")
            own.start()
            while len(said) <= so_far + 100 and not failed:
                stop.wait(0.01)
        stop.set()
        for one in threads:
            one.join()

    assert failed == []
    store = open_store(own.url())
    assert {entry.posting: entry.verdict for entry in store.entries(after=5)} == said
    assert resum(store).findings == ()
    store.close()


def test_simple_writers_and_a_leader_that_begins_never_work_at_the_same_time(
    url: str, store: Store
) -> None:
    opened(store)
    said: list[tuple[Posting, int]] = []
    stop = threading.Event()

    def writer() -> None:
        mine = open_store(url)
        while not stop.wait(0.002):
            one = posting(1)
            try:
                said.append((one, mine.post(one, now_ms=NOW)))
            except RefusalError as refusal:
                assert refusal.rule.code == "ENGINE-025"  # noqa: PT017 - refused, or posted
        mine.close()

    threads = [threading.Thread(target=writer) for _ in range(3)]
    for one in threads:
        one.start()
    for _ in range(3):
        with leading(url) as sequencer:
            some = [posting(1) for _ in range(3)]
            said.extend(zip(some, sequencer.post(some), strict=True))
        so_far = len(said)
        while len(said) < so_far + 5:
            stop.wait(0.005)
    stop.set()
    for one in threads:
        one.join()

    assert {entry.posting: entry.verdict for entry in store.entries(after=5)} == dict(said)
    assert resum(store).findings == ()
    assert stored(store)[1] == (-500, 0)


@pytest.mark.parametrize("sequenced", [True, False])
def test_it_may_be_counted_again_while_others_post(url: str, store: Store, sequenced: bool) -> None:
    opened(store)
    stop = threading.Event()

    def caller(post: Callable[[Posting], object]) -> None:
        while not stop.wait(0.001):
            post(posting(1))
            post(posting(1, RESERVE, 3, 2))

    def simple() -> None:
        mine = open_store(url)
        caller(lambda one: mine.post(one, now_ms=NOW))
        mine.close()

    with ExitStack() as stack:
        acts = [simple] * 2
        if sequenced:
            leader = stack.enter_context(leading(url, STILL._replace(few_accounts=0)))
            acts = [lambda: caller(lambda one: leader.post([one]))] * 2
        threads = [threading.Thread(target=act) for act in acts]
        for one in threads:
            one.start()
        counted = [resum(store)]
        while len(counted) < 8 or counted[-1].postings < 40:
            counted.append(resum(store))
        stop.set()
        for one in threads:
            one.join()

    assert {one.findings for one in counted} == {()}
