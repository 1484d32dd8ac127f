"""The public log: dense, append-only, every entry provable, checkpoints only extend."""

import io
import stat
import threading
import zipfile

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from stannary.core.kernel import RefusalError
from stannary.core.transparency_log import check_proof, leaf_hash, parse_proof
from stannary.formats.tlog import log_files
from stannary.signing import note_verifier
from stannary.web.transparency_log import operations, queries
from stannary.web.transparency_log.models import LogEntry, SignedCheckpoint


@pytest.mark.django_db
def test_every_entry_is_proved_by_its_proof_file() -> None:
    for n in range(9):
        operations.append(f"entry {n}".encode())
    verifier = note_verifier(queries.vkey())

    for n in range(9):
        proof = parse_proof(queries.inclusion(n))
        leaf = leaf_hash(f"entry {n}".encode())
        checkpoint = check_proof(proof, leaf=leaf, verifiers=[verifier], origin=queries.origin())
        assert checkpoint.size == 9
        with pytest.raises(RefusalError) as refused:
            check_proof(proof, leaf=leaf_hash(b"another"), verifiers=[verifier])
        assert refused.value.rule.code == "LOG-012"


@pytest.mark.django_db
@pytest.mark.parametrize("index", [3, 4])
def test_an_entry_that_is_not_there_has_no_proof(index: int) -> None:
    for n in range(3):
        operations.append(f"entry {n}".encode())

    with pytest.raises(RefusalError) as refused:
        queries.inclusion(index)

    assert refused.value.rule.code == "LOG-003"


@pytest.mark.django_db
def test_the_whole_log_is_streamed_and_the_same_whoever_asks() -> None:
    entries = [f"entry {n}".encode() for n in range(3)]
    for entry in entries:
        operations.append(entry)
    answers = [Client().get("/log/log.zip") for _ in range(2)]

    assert all(answer.streaming for answer in answers)
    first, second = (b"".join(answer) for answer in answers)
    assert first == second
    note = queries.newest_checkpoint().note  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {f"log/{name}": file for name, file in log_files(entries, note)}


@pytest.mark.django_db
def test_nothing_is_signed_over_a_log_that_was_rewritten() -> None:
    operations.append(b"one")
    operations.append(b"two")
    LogEntry.objects.filter(index=0).update(leaf_hash=leaf_hash(b"forged"))

    with pytest.raises(RefusalError) as refused, transaction.atomic():
        operations.append(b"three")

    assert refused.value.rule.code == "LOG-013"
    assert LogEntry.objects.count() == 2
    assert SignedCheckpoint.objects.count() == 2


@pytest.mark.django_db
def test_an_index_is_given_once() -> None:
    row = operations.append(b"one")

    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.create(index=row.index, entry=b"x", leaf_hash=b"x" * 32, at=row.at)


@pytest.mark.django_db
def test_an_entry_that_is_too_long_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(RefusalError) as refused, transaction.atomic():
        operations.append(b"x" * 65_536)

    assert refused.value.rule.code == "LOG-001"
    assert queries.size() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_no_gap_and_one_line_of_checkpoints() -> None:
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for n in range(3):
                operations.append(f"writer {number} entry {n}".encode())
        except Exception as error:  # noqa: BLE001 - whatever happens in the thread must reach the test
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    assert list(LogEntry.objects.values_list("index", flat=True)) == list(range(24))
    assert list(SignedCheckpoint.objects.values_list("size", flat=True)) == list(range(1, 25))


@pytest.mark.django_db
def test_private_keys_are_readable_by_their_owner_alone() -> None:
    operations.append(b"one")
    queries.issuer()

    for name in ("issuer.json", "log.json"):
        mode = stat.S_IMODE((settings.HOME / "keys" / name).stat().st_mode)
        assert mode == 0o600


@pytest.mark.django_db
def test_the_log_is_open_as_page_files_and_api(client: Client) -> None:
    assert "Nothing has been entered yet" in client.get("/log/").content.decode()
    assert client.get("/log/checkpoint").status_code == 404
    operations.append(b'{"id":"<script>","sha256":"00","type":"test"}')

    page = client.get("/log/").content.decode()
    assert "&lt;script&gt;" in page
    assert client.get("/log/checkpoint").content.decode().startswith(f"{queries.origin()}\n1\n")
    assert client.get("/log/vkey").content.decode() == queries.vkey() + "\n"
    assert (
        client.get("/log/proof/0").content.decode().startswith("c2sp.org/tlog-proof@v1\nindex 0\n")
    )
    assert client.get("/log/proof/1").status_code == 404
    assert client.get("/log/entry/0").content == b'{"id":"<script>","sha256":"00","type":"test"}'
    document = client.get("/.well-known/did.json").json()
    assert document["id"] == queries.issuer().did
    assert "d" not in document["verificationMethod"][0]["publicKeyJwk"]
    assert client.get("/api/v1/log").json()["size"] == 1
    assert client.get("/api/v1/log/entries?limit=1").json()["items"][0]["index"] == 0


@pytest.mark.django_db
def test_pages_of_the_log_go_back_to_the_first_entry(client: Client) -> None:
    for n in range(60):
        operations.append(f"entry {n}".encode())

    first = client.get("/log/").content.decode()
    older = client.get("/log/?before=10").content.decode()

    assert "?before=10" in first
    assert "entry 9" in older
    assert "Older entries" not in older
    assert client.get("/log/?before=nonsense").status_code == 200
