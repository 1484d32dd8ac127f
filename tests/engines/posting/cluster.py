"""A PostgreSQL cluster of one's own, for measuring and for breaking: made, restarted, thrown away.

It listens on a socket in its folder alone. `fsync` stays on unless the options say otherwise.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSIONS = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Give the folder of the newest server that is installed; None if there is none."""
    found = sorted(VERSIONS.glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


class Cluster:
    """A server that runs from a folder."""

    def __init__(
        self, folder: Path, options: str, *, segment_mb: int = 16, existing: bool = False
    ) -> None:
        """Make the folder a cluster, if it is none yet; it is not started."""
        found = binaries()
        if found is None:
            raise RuntimeError("no PostgreSQL server is installed")
        self._bin, self.folder, self._options = found, folder, options
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if existing:
            return
        if self._as:
            shutil.chown(folder, "postgres")
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--no-locale", "--no-sync", f"--wal-segsize={segment_mb}",
        )  # fmt: skip

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self, *, file_limit_kb: int = 0) -> None:
        """Start, and wait until it answers; no file grows beyond the limit, if there is one."""
        limit = f"ulimit -f {file_limit_kb}; " if file_limit_kb else ""
        options = f"-k {self.folder} -c listen_addresses= {self._options}"
        call = f"{limit}exec {self._bin / 'pg_ctl'} -D {self.folder / 'data'} -l {self.folder / 'log'} -w -o '{options}' start"
        subprocess.run([*self._as, "bash", "-c", call], check=True, stdout=subprocess.DEVNULL)

    def stop(self, mode: str = "fast") -> None:
        """Stop; `immediate` is as if the power went out."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._bin / name), *arguments], check=True, stdout=subprocess.DEVNULL
        )


@contextmanager
def cluster(
    options: str = "", *, segment_mb: int = 16, file_limit_kb: int = 0
) -> Iterator[Cluster]:
    """Give a cluster that runs, and throw it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="stannary-cluster-") as folder:
        one = Cluster(Path(folder), options, segment_mb=segment_mb)
        one.start(file_limit_kb=file_limit_kb)
        try:
            yield one
        finally:
            one.stop("immediate")
