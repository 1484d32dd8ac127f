"""Prepare what has changed, then serve and work. Called by `make run`.

Every step can be done again, and the stamp that skips them is written last: a run that was
cut off halfway is simply finished by the next one.

The process becomes the server. Beside it a keeper starts the worker, starts it again when it
dies, and ends it when the server has gone.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
KEEP = "keep-working"
LONGEST_PAUSE = 60.0
WORKER = (sys.executable, "-m", "stannary.web.manage", "work")


def stop(message: str) -> NoReturn:
    """End with one line that says what to do."""
    print(f"stannary: {message}", file=sys.stderr)
    sys.exit(2)


def port_wanted() -> int:
    """Read PORT, and make sure that nobody else listens there."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        stop(f"PORT={text} is not a port. Use a number from 1 to 65535: make run PORT=8001")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            stop(
                f"port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            )
    return port


def digest_of_source() -> str:
    """Tell one state of the program and its data from another, by names, sizes and times."""
    digest = hashlib.sha256()
    for folder, _folders, files in sorted(os.walk(ROOT / "src" / "stannary")):
        if folder.endswith("__pycache__"):
            continue
        for name in sorted(files):
            if not name.endswith((".pyc", ".mo")):
                facts = (Path(folder) / name).stat()
                digest.update(f"{folder}/{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare(home: Path) -> None:
    """Create the database, load packs, facts and demonstration, collect files."""
    stamp = home / "prepared"
    state = (
        digest_of_source()
        + os.environ.get("STANNARY_DATABASE_URL", "")
        + os.environ["STANNARY_ORIGIN"]
    )
    if stamp.exists() and stamp.read_text() == state:
        return
    stamp.unlink(missing_ok=True)
    print("stannary: preparing the database and the pages; this happens once after each change")
    for script in (["scripts/catalogues.py", "compile"], ["scripts/build_map.py"]):
        if subprocess.run([sys.executable, *script], cwd=ROOT, check=False).returncode:  # noqa: S603 - fixed arguments
            print(
                f"stannary: {script[0]} did not succeed; the pages work with less", file=sys.stderr
            )
    done = subprocess.run(
        [sys.executable, "-m", "stannary.web.manage", "prepare"], cwd=ROOT, check=False
    )
    if done.returncode:
        stop("preparing failed, see the lines above. Nothing is half-written; call make run again.")
    stamp.write_text(state)


def on_this_machine(origin: str) -> bool:
    """Tell whether an address leads nowhere but here."""
    return urlsplit(origin).hostname in ("127.0.0.1", "localhost", "::1")


def keep(command: Sequence[str], *, pause: float = 1.0) -> None:
    """Run a command, again whenever it ends, until we are stopped or our parent has gone.

    Args:
        command: What to run.
        pause: Seconds before it is started again; doubled each time, up to a minute.
    """
    parent = os.getppid()
    stopped: list[int] = []
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda number, _frame: stopped.append(number))
    while not stopped and os.getppid() == parent:
        begun = time.monotonic()
        # a session of its own: Ctrl-C reaches the keeper, which lets the worker finish its job
        child = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - fixed arguments
        while child.poll() is None and not stopped and os.getppid() == parent:
            time.sleep(0.2)
        if child.poll() is None:
            child.terminate()
            child.wait()
        elif not stopped:
            if time.monotonic() - begun > LONGEST_PAUSE:
                pause = 1.0
            print(
                f"stannary: the worker ended with status {child.returncode}; "
                f"it is started again in {pause:g} s. Nothing is lost: what waits is done then.",
                file=sys.stderr,
                flush=True,
            )
            until = time.monotonic() + pause
            while time.monotonic() < until and not stopped and os.getppid() == parent:
                time.sleep(0.05)
            pause = min(2 * pause, LONGEST_PAUSE)


def main() -> None:
    """Prepare, then serve and work until Ctrl-C."""
    if sys.argv[1:] == [KEEP]:
        keep(WORKER)
        return
    port = port_wanted()
    home = Path(os.environ.setdefault("STANNARY_HOME", str(ROOT / "var")))
    os.environ.setdefault("STANNARY_ORIGIN", f"http://127.0.0.1:{port}")
    # This serves 127.0.0.1 alone, so the demonstration's accounts need no second factor. Whoever
    # names another host or address in the environment gets no demonstration: see docs/adr/0012.
    if not {"STANNARY_HOSTS", "STANNARY_DEMO"} & os.environ.keys() and on_this_machine(
        os.environ["STANNARY_ORIGIN"]
    ):
        os.environ["STANNARY_DEMO"] = "1"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(
            f"{home} cannot be made ({error.strerror}). Set STANNARY_HOME to a folder that you own."
        )
    if not os.access(home, os.W_OK):
        stop(f"{home} cannot be written to. Set STANNARY_HOME to a folder that you own.")
    try:
        prepare(home)
    except KeyboardInterrupt:
        stop("stopped before everything was loaded; the next make run goes on from here.")
    print(f"\n  Stannary serves on http://127.0.0.1:{port}/   (Ctrl-C stops it)")
    accounts = home / "demo-accounts.txt"
    if accounts.exists():
        print("\n  Demonstration accounts (illustrative; made for this copy only):")
        print("".join(f"    {line}\n" for line in accounts.read_text().splitlines()))
    if not os.environ.get("STANNARY_SMTP_URL"):
        print(f"  Mail is not sent; it is written to {home / 'mail'}\n")
    sys.stdout.flush()
    subprocess.Popen([sys.executable, __file__, KEEP])  # noqa: S603 - fixed arguments
    os.execv(  # noqa: S606 - this process becomes the server, so that Ctrl-C reaches it
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
            "--graceful-timeout", "3", "--log-level", "warning", "--no-control-socket", "stannary.web.project.wsgi",
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
