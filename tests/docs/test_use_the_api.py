"""The session with the API comes out as the document says, against a fresh copy that is running."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.replay import NEEDS_A_SERVER, Command, commands_of, matches, run

ROOT = Path(__file__).resolve().parents[2]
SHOWN = "http://127.0.0.1:8000"


@pytest.fixture
def served(checkout: Path) -> Iterator[str]:
    """Prepare a copy with its demonstration, serve it, and give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(checkout / "src"),
        "STANNARY_HOME": str(checkout / "var"),
        "STANNARY_ORIGIN": SHOWN,
        "STANNARY_DEMO": "1",
    }
    steps = (["migrate", "-v0"], ["load_packs"], ["demo"], ["collectstatic", "--noinput", "-v0"])
    for step in steps:
        subprocess.run(
            [sys.executable, "-m", "stannary.web.manage", *step],
            cwd=checkout,
            env=environment,
            check=True,
            capture_output=True,
            timeout=200,
        )
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "2",
            "--no-control-socket", "--log-level", "error", "stannary.web.project.wsgi",
        ],
        cwd=checkout,
        env=environment,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(port)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _attempt in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(str(port))


@pytest.mark.parametrize("name", NEEDS_A_SERVER)
def test_the_session_with_the_api_comes_out_as_the_document_says(
    name: str, checkout: Path, served: str
) -> None:
    commands = commands_of(ROOT / name)

    assert all(command.is_replayed for command in commands)
    for command in commands:
        text = command.text
        if "claim.json)" in text:  # what the server gave has the address that people see
            text = text.replace("claim.json)", f"claim.json | sed s,{SHOWN},{served},)")
        seen = run(Command(text.replace(f" {SHOWN}/", f" {served}/"), command.line), checkout)
        assert matches(command.expected, seen), "\n".join(
            [f"{name}, line {command.line}: $ {command.text}", *command.expected, "--- seen", *seen]
        )
