"""A cluster of one master and two workers on loopback, started and ended by the number of its processes."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE_S = 120
POLL_S = 0.05

LIGHT = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Options of Java for processes that live for seconds."""

CLASSES = os.environ.get("STANNARY_SPARK_CLASSES", "")
"""Where scripts/test_spark.sh keeps Spark's classes as Java reads them fastest; nothing for not at all."""

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_OPENED = "".join(
    f" --add-opens=java.base/{x}=ALL-UNNAMED" for x in ("java.lang", "java.nio", "sun.nio.ch")
).split()


@dataclass
class Cluster:
    """What was started.

    Attributes:
        address: Of the master.
        workers: The two workers.
    """

    address: str
    workers: list[subprocess.Popen[bytes]]


def java() -> str:
    """Name the Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else str(shutil.which("java"))


def light() -> tuple[str, ...]:
    """Give options of Java for processes that live for seconds: with classes kept, or listed to be kept."""
    if not CLASSES:
        return LIGHT
    if Path(CLASSES).exists():
        return (*LIGHT, f"-XX:SharedArchiveFile={CLASSES}", "-Xshare:auto")
    return (*LIGHT, f"-XX:DumpLoadedClassList={CLASSES}.%p.list")


def home() -> Path:
    """Name the folder of Spark."""
    spec = find_spec("pyspark")
    return Path(str(spec and spec.origin)).parent


def class_path() -> str:
    """Name what Spark's own processes load classes from, in their order: kept classes fit no other."""
    spark = home()
    first = next(spark.glob("jars/slf4j-api-*.jar"))
    return os.pathsep.join((str(spark / "conf"), str(first), str(spark / "jars" / "*")))


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a master and two workers of one core each; end them and all that they started."""
    started: list[subprocess.Popen[bytes]] = []
    spark = home()
    scala = next(spark.glob("jars/spark-core_*.jar")).name.split("_")[1].split("-")[0]
    told = {
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_SCALA_VERSION": scala,
    }

    # Who runs the tests may be killed: then the system kills these, and what they started ends by itself.
    with_us = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []

    def start(name: str, *words: str) -> Path:
        log = folder / f"{name}.log"
        options = ["-Xmx128m", *light(), *_OPENED, "-cp", class_path()]
        with log.open("wb") as file:
            started.append(
                subprocess.Popen(
                    [*with_us, java(), *options, *words],
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                    cwd=folder,
                    env={**os.environ, **told},
                    start_new_session=True,
                )
            )
        return log

    def said(log: Path, what: str) -> str:
        found: list[str] = []

        def look() -> bool:
            found[:] = re.findall(what, log.read_text())
            return bool(found) or any(one.poll() is not None for one in started)

        until(look)
        assert found, f"{log.name}: {log.read_text()[-2000:]}"
        return found[0]

    try:
        log = start("master", _MASTER, "--host", HOST, "--port", "0", "--webui-port", "0")
        address = said(log, r"Starting Spark master at (spark://\S+)")
        words = (
            "--host",
            HOST,
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            "1g",
        )
        logs = [
            start(f"worker{n}", _WORKER, *words, "--work-dir", str(folder / f"work{n}"), address)
            for n in (1, 2)
        ]
        for one in logs:
            said(one, r"Successfully registered with master")
        yield Cluster(address, started[1:])
    finally:
        end(started)


def end(started: list[subprocess.Popen[bytes]]) -> None:
    """Kill processes and everything that runs in their sessions, and see that nothing is left."""
    sessions = {one.pid for one in started}

    def killed() -> bool:
        left = [pid for pid, session in sessions_of_all() if session in sessions]
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for one in started:
            one.poll()
        return not left

    until(killed)


def sessions_of_all() -> Iterator[tuple[int, int]]:
    """Give number and session of every process that runs."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it ended meanwhile
            continue
        if state != "Z":
            yield int(path.parent.name), int(session)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, up to two minutes."""
    limit = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < limit, "it did not happen within two minutes"
        time.sleep(POLL_S)
