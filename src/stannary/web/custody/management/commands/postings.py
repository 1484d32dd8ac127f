"""The command that leads the ledger: one process decides postings, many at a time."""

import signal
import socket
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stannary.core.kernel import RefusalError
from stannary.engines.posting import Sequencer, Store, StoreUnavailableError
from stannary.engines.posting.service import Service
from stannary.web.custody import ledger

RELEASE_SECONDS = 10


class Command(BaseCommand):
    """Takes the lead, answers over a socket, and releases reservations that expired, until stopped."""

    help = "Lead the ledger of postings over a socket until stopped with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Leave room for other acts."""
        parser.add_argument("act", choices=["serve"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve; end with an error if another one leads, or takes the lead."""
        database = settings.DATABASES["default"]
        store, looking = ledger.store_of(database), ledger.store_of(database)
        try:
            sequencer = Sequencer(store, holder=f"{socket.gethostname()} postings")
        except RefusalError as refusal:
            store.close()
            looking.close()
            raise CommandError(str(refusal)) from refusal
        service = Service(sequencer, ledger.socket_path())
        stopping = threading.Event()

        def stop(*_: object) -> None:
            stopping.set()
            service.stop()

        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, stop)
        releasing = threading.Thread(target=_release, args=(sequencer, looking, stopping))
        releasing.start()
        self.stdout.write(f"leads the ledger; listens at {ledger.socket_path()}")
        self.stdout.flush()
        try:
            service.serve()
        finally:
            stop()
            releasing.join()
            sequencer.stop()
            looking.close()
        if sequencer.deposed is not None:
            raise CommandError(str(sequencer.deposed))


def _release(sequencer: Sequencer, store: Store, stopping: threading.Event) -> None:
    """Release what expired, now and then; what cannot be done now is done the next time."""
    while not stopping.is_set():
        try:
            ledger.release_through(sequencer, store, at_ms=ledger.now_ms())
        except StoreUnavailableError:
            store.reconnect()
        except RefusalError:
            pass  # it does not lead any more, or could not store it: nothing was released
        stopping.wait(RELEASE_SECONDS)
