"""Spark: what it needs, a session that says nothing on the terminal, and who does the tasks.

Rules: TRACE-003, ENGINE-006.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from stannary.core.kernel import Place, refuse
from stannary.core.provenance.rules import ENGINE_IS_HERE
from stannary.engines import rules
from stannary.engines.spark.cutting import Plan
from stannary.engines.spark.parcels import FORM, PIECE, Parcel, batch_of, parcels_in
from stannary.engines.spark.pieces import Question, work

JAVA_LEAST = 17
LOCAL = "local[*]"
PATIENCE_S = 5.0

_GIVEN = "piece int, block int, what int, parts array<binary>"
_MADE = f"goes int, {_GIVEN}"
_MASTER = re.compile(r"spark://([^:/,]+):(\d+)$")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "false",  # a task is a piece: neither fewer nor more
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a row may be many megabytes
    "spark.log.level": "WARN",
}


def missing() -> str:
    """Tell what the engine needs and this machine has not; nothing if it has all."""
    for module in ("pyspark", "pandas", "pyarrow", "numba"):
        if importlib.util.find_spec(module) is None:
            return f"the package {module}"
    have = java_version()
    if have is None:
        return f"Java {JAVA_LEAST} or newer"
    return "" if have >= JAVA_LEAST else f"Java {JAVA_LEAST} or newer, here is Java {have}"


def java_version() -> int | None:
    """Give the version of the Java that Spark would start; None if there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        return None
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(found[1]) if found else None


@contextmanager
def session(
    master: str = LOCAL,
    *,
    log: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Any]:
    """Give a session of Spark; at the end it is stopped, with the Java that was started for it.

    Args:
        master: The cluster, as Spark names it; this machine's cores if it is not given.
        log: What Spark says is added to this file; None for the terminal.
        settings: More settings of Spark.

    Raises:
        RefusalError: TRACE-003 if something is missing, ENGINE-006 if no cluster answers.
    """
    lacking = missing()
    if lacking:
        refuse(ENGINE_IS_HERE, at=Place("--engine"), engine="spark", missing=lacking)
    here = master.startswith("local") or _answers(master)
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - needs an optional extra
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    chosen = {"spark.master": master, "spark.app.name": "stannary", **_SETTINGS}
    if here:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        chosen |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    conf = SparkConf().setAll([*chosen.items(), *(settings or {}).items()])
    with ExitStack() as stack:
        told = None if log is None else stack.enter_context(log.open("ab"))
        output = {} if told is None else {"stdout": told, "stderr": told}
        gateway = launch_gateway(conf, output)  # type: ignore[no-untyped-call,unused-ignore] # it has no types
        stack.callback(_ended, gateway)
        context = SparkContext(conf=conf, gateway=gateway)
        stack.callback(context.stop)
        yield SparkSession(context)


def _answers(master: str) -> bool:
    """Refuse if a standalone master does not answer; tell whether it is on this machine."""
    named = _MASTER.match(master)
    if named is None:
        return False
    host, port = named[1], int(named[2])
    try:
        socket.create_connection((host, port), PATIENCE_S).close()
    except OSError as error:
        why = error.strerror or "no answer in time"
        refuse(rules.CLUSTER_ANSWERS, at=Place("--master"), master=master, reason=why)
    return host in ("127.0.0.1", "localhost")


def _ended(gateway: Any) -> None:
    """End the Java that was started, so that another session can start its own."""
    from pyspark import SparkContext  # noqa: PLC0415 - needs an optional extra

    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - it knows no other way


class SparkRunner:
    """Does the tasks of a wave as one job of Spark.

    A task holds one piece, reads its parcels as batches of Arrow and gives parcels back; Spark writes
    them to the shared folder. A task whose worker is lost is done again by another.
    """

    def __init__(self, spark: Any, *, width: int = 0) -> None:
        """Use a session; `width` tasks at once, 0 for as many as it says it has cores."""
        self.spark = spark
        self.width = width or int(spark.sparkContext.defaultParallelism)

    def run(
        self, question: Question, cut: Plan, wave: int, given: Sequence[Path], to: Path
    ) -> None:
        """Do the tasks of a wave."""
        from pyspark.sql import functions  # noqa: PLC0415 - needs an optional extra

        first, end = int(cut.firsts[wave]), int(cut.firsts[wave + 1])
        rows = self.spark.read.schema(_GIVEN).parquet(*map(str, given))
        if question.blocks > 1:
            blocks = functions.sequence(functions.lit(0), functions.lit(question.blocks - 1))
            one = functions.array("block")
            each = functions.when(functions.col("what") == PIECE, blocks).otherwise(one)
            rows = rows.withColumn("block", functions.explode(each))
        slot = (functions.col("piece") - first) * question.blocks + functions.col("block")
        rows = rows.repartitionById((end - first) * question.blocks, slot.cast("int"))
        firsts, form = cut.firsts, FORM

        def task(batches: Iterator[Any]) -> Iterator[Any]:
            held: defaultdict[tuple[int, int], list[Parcel]] = defaultdict(list)
            for batch in batches:
                for one in parcels_in(batch):
                    held[one.piece, one.block].append(one)
            for parcels in held.values():
                for made in work(question, firsts, parcels, form=form):
                    yield batch_of([made])

        made = rows.mapInArrow(task, _MADE)
        plain = {"compression": "none", "parquet.enable.dictionary": "false"}
        made.write.partitionBy("goes").options(**plain).parquet(str(to))
