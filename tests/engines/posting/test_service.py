"""Several processes post through one sequencer, over a socket."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engines.posting.made_up import FUNDED, NOW, opened, posting
from refusals import refused_by
from stannary.core.kernel import Finding, RefusalError
from stannary.engines.posting import Sequencer, Settings, open_store
from stannary.engines.posting.rules import LEAD_IS_STILL_HELD
from stannary.engines.posting.service import Client, Service, UnavailableError


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A socket behind which a sequencer leads."""
    store = open_store(f"sqlite:///{tmp_path}/ledger.sqlite3")
    store.create()
    opened(store)
    sequencer = Sequencer(store, holder="here", settings=Settings(now_ms=lambda: NOW, linger_s=0))
    service = Service(sequencer, tmp_path / "socket")
    thread = threading.Thread(target=service.serve)
    thread.start()
    yield tmp_path / "socket"
    service.stop()
    thread.join()
    sequencer.stop()
    store.close()


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    """Somebody who posts."""
    one = Client(place)
    yield one
    one.close()


def test_verdicts_come_in_the_order_of_what_was_asked(client: Client) -> None:
    first = [posting(60), posting(60)]

    assert client.post(first) == [0, 53]
    client.send([posting(1)])
    client.send([posting(1000), posting(0), first[0]])
    assert client.receive() == [0]
    assert client.receive() == [53, 50, 0]


def test_accounts_are_opened_and_read(client: Client) -> None:
    assert client.open("late") == client.open("late") == 7
    assert client.balance(2) == (FUNDED, 0)
    assert client.balance(99) is None
    assert refused_by(lambda: client.open("late", source=True)) == "CUSTODY-061"


@pytest.mark.parametrize(("many", "code"), [(0, "ENGINE-022"), (8192, None), (8193, "ENGINE-022")])
def test_a_request_is_within_limits(client: Client, many: int, code: str | None) -> None:
    one = posting(0)

    assert refused_by(lambda: client.send([one] * many)) == code
    if code is None:
        assert client.receive() == [50] * many


def test_only_this_user_may_post(place: Path) -> None:
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("!BI", 9, 1),
        struct.pack("!BI", 1, 0),
        struct.pack("!BI", 1, 8193),
        struct.pack("!BI", 2, 1) + b"x",
        struct.pack("!BI", 2, 3) + b"\x00\xff\xff",
    ],
)
def test_who_sends_nonsense_is_hung_up_on_and_others_are_served(
    place: Path, client: Client, sent: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(place))
        stranger.sendall(sent)
        with suppress(ConnectionResetError):
            assert stranger.recv(1) == b""

    assert client.post([posting(1)]) == [0]


def test_a_service_that_was_stopped_takes_nobody_and_ends_quietly(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/ledger.sqlite3")
    store.create()
    sequencer = Sequencer(store, holder="here", settings=Settings(now_ms=lambda: NOW))
    service = Service(sequencer, tmp_path / "socket")

    service.stop()
    service.serve()
    service.stop()

    with pytest.raises(UnavailableError):
        Client(tmp_path / "socket")
    sequencer.stop()
    store.close()


def test_a_service_whose_sequencer_leads_no_more_ends(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/ledger.sqlite3")
    store.create()
    sequencer = Sequencer(store, holder="here", settings=Settings(now_ms=lambda: NOW))
    sequencer.deposed = RefusalError(Finding(LEAD_IS_STILL_HELD))
    service = Service(sequencer, tmp_path / "socket")

    service.serve()

    service.stop()
    sequencer.stop()
    store.close()


def test_when_nobody_listens_the_caller_knows(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        Client(tmp_path / "nobody")


def test_when_the_sequencer_goes_away_the_caller_knows(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        client = Client(tmp_path / "socket")
        client.send([posting(1)])
        taken, _ = listener.accept()
        taken.close()

        with pytest.raises(UnavailableError):
            client.receive()
        client.close()
