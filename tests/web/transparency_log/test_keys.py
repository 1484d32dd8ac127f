"""The keys of the register: made once, whole, whoever asks first."""

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from stannary.signing import SigningKey, generate_key, private_jwk, public_jwk, save_key
from stannary.web.transparency_log import keys


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with override_settings(HOME=tmp_path):
        yield tmp_path


def test_makers_at_once_all_get_the_same_key(home: Path) -> None:
    folder = home / "keys"
    folder.mkdir()
    start = threading.Barrier(8)
    seen: list[str] = []

    def ask() -> None:
        start.wait()
        seen.append(str(private_jwk(keys._key.__wrapped__(folder / "issuer.json"))))

    all_of_them = [threading.Thread(target=ask) for _ in range(8)]
    for one in all_of_them:
        one.start()
    for one in all_of_them:
        one.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [file.name for file in folder.iterdir()] == ["issuer.json"]


def test_a_key_that_another_process_made_meanwhile_is_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "keys"
    folder.mkdir()
    path = folder / "issuer.json"
    theirs = generate_key()

    def slow(key: SigningKey, draft: Path) -> None:
        save_key(key, draft)
        save_key(theirs, path)

    monkeypatch.setattr(keys, "save_key", slow)

    assert public_jwk(keys._key.__wrapped__(path)) == public_jwk(theirs)
    assert [file.name for file in folder.iterdir()] == ["issuer.json"]


def test_folder_and_files_of_keys_are_their_owner_s_alone(home: Path) -> None:
    issuer = keys.issuer("127.0.0.1:8000")
    keys.log_signer("127.0.0.1:8000/log")

    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700
    for name in ("issuer.json", "log.json"):
        assert stat.S_IMODE((home / "keys" / name).stat().st_mode) == 0o600
    assert issuer.did == "did:web:127.0.0.1%3A8000"
    assert issuer.kid.startswith("did:web:127.0.0.1%3A8000#")


def test_the_two_keys_differ(home: Path) -> None:
    keys.issuer("127.0.0.1:8000")
    keys.log_signer("127.0.0.1:8000/log")

    assert (home / "keys" / "issuer.json").read_text() != (home / "keys" / "log.json").read_text()
