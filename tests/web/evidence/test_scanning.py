"""A scanner that is set up is asked about every file, and one that is silent lets nothing in."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from stannary.core.kernel import RefusalError
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import hand_in
from stannary.web.evidence.scanning import Clamd, scanner
from stannary.web.parties.models import Person
from web.evidence.clamd_peer import EICAR, Peer, looks_for_eicar
from web.evidence.conftest import Handing, given

Start = Callable[..., Peer]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers that speak clamd's protocol over TCP."""
    started: list[Peer] = []

    def go(**how: object) -> Peer:
        how.setdefault("answer", looks_for_eicar)
        peer = Peer(socket.create_server(("127.0.0.1", 0)), **how)  # type: ignore[arg-type]  # tests name the fields
        started.append(peer)
        threading.Thread(target=peer.serve, daemon=True).start()
        return peer

    yield go
    for one in started:
        one.close()


def client(peer: Peer, seconds: float = 10) -> Clamd:
    return Clamd(("127.0.0.1", peer.listener.getsockname()[1]), seconds)


def problem(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(RefusalError) as refusal:
        act()
    assert refusal.value.rule.code == "EVIDENCE-004"
    return dict(refusal.value.findings[0].facts)


def test_a_clean_file_passes_whole_and_malware_is_named(start: Start) -> None:
    peer = start()
    clamd = client(peer)
    large = bytes(200_000)

    assert clamd.scan(large) is None
    assert clamd.scan(b"before" + EICAR) == "Eicar-Signature"
    assert peer.streams == [large, b"before" + EICAR]


def test_a_scanner_says_what_it_is(start: Start) -> None:
    assert client(start()).version() == "ClamAV 1.4.3/27800/Sun Nov 1 10:00:00 2026"


def test_a_unix_socket_does_as_well(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    address = str(tmp_path / "clamd.ctl")
    listener.bind(address)
    listener.listen()
    peer = Peer(listener, looks_for_eicar)
    threading.Thread(target=peer.serve, daemon=True).start()

    assert Clamd(address, 10).scan(EICAR) == "Eicar-Signature"
    peer.close()


def test_a_file_larger_than_the_scanner_takes_is_refused(start: Start) -> None:
    clamd = client(start(most=100_000))

    told = problem(lambda: clamd.scan(bytes(20_000_000)))

    # the answer may be lost with the connection: either way nothing is let through
    assert told["scanner"] in ("could not scan it", "does not answer")


def test_an_answer_that_is_not_understood_is_no_pass(start: Start) -> None:
    clamd = client(start(answer=lambda _: b"stream: Can't allocate memory ERROR\0"))

    assert problem(lambda: clamd.scan(b"x")) == {
        "scanner": "could not scan it",
        "answer": "Can't allocate memory ERROR",
    }


def test_a_scanner_that_hangs_up_is_no_pass(start: Start) -> None:
    clamd = client(start(answer=lambda _: b""))

    assert problem(lambda: clamd.scan(b"x")) == {
        "scanner": "does not answer",
        "problem": "closed without an answer",
    }


def test_a_silent_scanner_is_given_up_in_time(start: Start) -> None:
    clamd = client(start(answer=None), seconds=0.2)
    began = time.monotonic()

    told = problem(clamd.version)

    assert told == {"scanner": "does not answer", "problem": "TimeoutError"}
    assert time.monotonic() - began < 5


def test_a_scanner_without_time_left_is_not_asked(start: Start) -> None:
    clamd = client(start(), seconds=1e-9)

    assert problem(lambda: clamd.scan(b"x"))["scanner"] == "does not answer"


@pytest.mark.parametrize("address", ["unix", "tcp"])
def test_a_scanner_that_is_not_there_is_no_pass(address: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    where = str(tmp_path / "nobody") if address == "unix" else ("127.0.0.1", port)

    told = problem(lambda: Clamd(where, 5).scan(b"x"))

    assert told["scanner"] == "does not answer"


def test_without_a_scanner_there_is_none(settings: Settings) -> None:
    settings.CLAMD = None
    assert scanner() is None

    settings.CLAMD = ("127.0.0.1", 3310)
    assert scanner() == Clamd(("127.0.0.1", 3310), 60)


@pytest.mark.django_db
def test_an_item_says_what_scanned_it_and_malware_is_not_kept(
    handed: Handing, settings: Settings, start: Start, folder: Path
) -> None:
    settings.CLAMD = client(start()).address
    clean = handed()

    told = problem(lambda: handed(content=b"Look: " + EICAR, name="virus.txt"))

    assert clean.scanned_by == "ClamAV 1.4.3/27800/Sun Nov 1 10:00:00 2026"
    assert told == {"found": "Eicar-Signature"}
    assert EvidenceVersion.objects.count() == 1
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 1


@pytest.mark.django_db
def test_a_scanner_that_is_down_is_no_way_around_it(
    engagement: Engagement, site_user: Person, settings: Settings, tmp_path: Path
) -> None:
    settings.CLAMD = str(tmp_path / "nobody")

    told = problem(
        lambda: hand_in(actor=site_user, engagement_id=engagement.pk, given=given(title=""))
    )

    assert told["scanner"] == "does not answer"
    assert not EvidenceVersion.objects.exists()


@pytest.fixture
def real_clamd(tmp_path: Path) -> Iterator[Clamd]:
    """Run the real daemon, with one signature of our own: that of the harmless test file."""
    daemon = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if daemon is None:
        pytest.skip("LOUD: no clamd here, so files were scanned only by the small peer of the test")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "test.ndb").write_text(f"Eicar-Signature:0:*:{EICAR.hex()}\n")
    address = tmp_path / "clamd.ctl"
    conf = tmp_path / "clamd.conf"
    conf.write_text(f"Foreground yes\nLocalSocket {address}\nDatabaseDirectory {tmp_path / 'db'}\n")
    with subprocess.Popen([daemon, "-c", os.fspath(conf)], stdout=subprocess.DEVNULL) as running:
        until = time.monotonic() + 60
        while not address.exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield Clamd(str(address), 30)
        running.terminate()


@pytest.mark.untraced
def test_the_real_daemon_finds_the_harmless_test_file(real_clamd: Clamd) -> None:
    assert real_clamd.version().startswith("ClamAV")
    assert real_clamd.scan(b"Water was clear.") is None
    assert real_clamd.scan(EICAR) == "Eicar-Signature.UNOFFICIAL"
