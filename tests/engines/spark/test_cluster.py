"""The engine `spark` on a real cluster: a master and two workers on loopback, small, ended for sure.

It runs by `make test-spark`, which installs PySpark; everywhere else it says that it was left out.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.custody.chains import random_chain
from engines.provenance.agreement import assert_agree
from engines.spark.asked import AtOnce
from engines.spark.cluster import Cluster, cluster, light, sessions_of_all
from engines.spark.losing import Losing
from engines.spark.test_pieces import assert_near
from stannary.cli.main import main
from stannary.core.custody import events_of
from stannary.core.provenance import Exact
from stannary.engines import spark as engines
from stannary.engines.spark import Spark, SparkRunner, asking, session

pytestmark = [
    pytest.mark.untraced,
    pytest.mark.skipif(
        os.environ.get("STANNARY_TEST_SPARK") != "1",
        reason="LOUD: the engine spark was not tried on a cluster; make test-spark installs PySpark and does it",
    ),
]

TESTS = Path(__file__).resolve().parents[2]
LITHIUM = str(TESTS / "vectors/movements/lithium.csv")
SETTINGS = {
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": " ".join(light()),
    "spark.executor.extraJavaOptions": " ".join(light()),
    "spark.executorEnv.PYTHONPATH": f"{TESTS.parent / 'src'}{os.pathsep}{TESTS}",
}


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster; when it is ended, nothing of it runs any more."""
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started
        sessions = {one.pid for one in started.workers}
    assert not [pid for pid, of in sessions_of_all() if of in sessions]


@pytest.fixture(scope="module")
def spark(two_workers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on the cluster."""
    log = tmp_path_factory.mktemp("session") / "spark.log"
    with session(two_workers.address, log=log, settings=SETTINGS) as started:
        yield started


def test_the_command_line_asks_a_cluster(
    spark: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the session that there is: Spark has one a process, and another takes seconds to start."""
    monkeypatch.setattr(engines, "session", lambda *_, **__: nullcontext(spark))
    words = ["trace", "L-2041", "U-301", "N-101", "--movements", LITHIUM]
    said = []
    for name in ("exact", "spark"):
        assert main([*words, "--engine", name]) == 0
        said.append(capsys.readouterr().out)

    assert said[0] == said[1]


def test_a_cluster_says_what_the_exact_engine_says(spark: Any, tmp_path: Path) -> None:
    rows = random_chain(8, 90)
    engine = Spark(SparkRunner(spark, width=2), tmp_path, segment=8)
    engine.append(rows)

    assert_agree(Exact(events_of(rows)), AtOnce(engine, rows), rows)

    assert engine.ask.cut is not None
    assert engine.ask.cut.waves == 3
    assert len(engine.ask.cut.firsts) < engine.ask.cut.firsts[-1]


def test_a_cluster_that_loses_a_worker_in_the_middle_says_what_arrays_say(
    spark: Any, two_workers: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = random_chain(9, 3000)
    engine = Spark(SparkRunner(spark, width=2), tmp_path, segment=400, blocks=2)
    engine.append(rows)
    workers = tuple(one.pid for one in two_workers.workers)
    word, first = tmp_path / "word", int(engine.ask.ready().firsts[1])
    question = partial(Losing, first=first, workers=workers, word=str(word))
    monkeypatch.setattr(asking, "ByOrigin", question)

    assert_near(engine, rows, segment=400)

    killed = next(one for one in two_workers.workers if one.pid == int(word.read_text()))
    assert killed.wait(10) == -signal.SIGKILL
    assert [one.poll() for one in two_workers.workers].count(None) == 1
