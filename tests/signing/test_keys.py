"""Private keys: only their owner reads them, nothing is written over, and they fit themselves."""

import json
from pathlib import Path

import pytest

from stannary.core.kernel import RefusalError
from stannary.signing import (
    generate_key,
    key_from_jwk,
    key_from_seed,
    load_key,
    load_or_create_key,
    private_jwk,
    public_jwk,
    save_key,
)

CURVES = ("Ed25519", "P-256", "P-384", "P-521")


def refused(path: Path) -> str:
    with pytest.raises(RefusalError) as refusal:
        load_key(path)
    return refusal.value.rule.code


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("curve", CURVES)
def test_a_key_comes_back_from_its_file(tmp_path: Path, curve: str) -> None:
    key = generate_key("key-1", curve=curve)

    save_key(key, tmp_path / "key.json")
    again = load_key(tmp_path / "key.json")

    assert private_jwk(again) == private_jwk(key)
    assert again.kid == "key-1"
    assert "d" not in public_jwk(again)
    assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600


def test_a_key_is_not_shown_by_accident() -> None:
    assert repr(key_from_seed(bytes(32), "key-1")) == "SigningKey(Ed25519, kid='key-1')"


def test_no_file_is_written_over(tmp_path: Path) -> None:
    path = written(tmp_path / "key.json", b"something dear")

    with pytest.raises(RefusalError) as refusal:
        save_key(generate_key(), path)

    assert refusal.value.findings[0].message == (
        f"{path}: CREDENTIAL-014: A new key is never written over a file that exists."
        " Name a file that does not exist yet."
    )
    assert path.read_bytes() == b"something dear"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_the_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    save_key(generate_key(), tmp_path / "key.json")
    (tmp_path / "key.json").chmod(mode)

    assert load_key(tmp_path / "key.json").algorithm.crv == "Ed25519"


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644, 0o666, 0o777])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    save_key(generate_key(), tmp_path / "key.json")
    (tmp_path / "key.json").chmod(mode)

    with pytest.raises(RefusalError) as refusal:
        load_key(tmp_path / "key.json")

    assert refusal.value.findings[0].message == (
        f"{tmp_path / 'key.json'}: CREDENTIAL-012: A file with a private key can be read by its"
        f" owner alone. Here: mode={mode:o}, needed=600."
        " Call chmod 600 on the file, and consider whether the key was seen."
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CREDENTIAL-002"),
        (b"\xff", "CREDENTIAL-013"),
        (b"[]", "CREDENTIAL-013"),
        (b"{}", "CREDENTIAL-008"),
        (b" " * 10_001, "CREDENTIAL-013"),
        (json.dumps(public_jwk(key_from_seed(bytes(32)))).encode(), "CREDENTIAL-013"),
    ],
)
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(written(tmp_path / "key.json", content)) == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "key.json") == "CREDENTIAL-013"


@pytest.mark.parametrize("curve", CURVES)
def test_parts_that_do_not_belong_together_are_refused(curve: str) -> None:
    one, other = (private_jwk(generate_key(curve=curve)) for _ in range(2))

    for jwk, code in (
        ({**one, "d": other["d"]}, "CREDENTIAL-013"),
        ({**one, "d": str(one["d"])[:-4]}, "CREDENTIAL-013"),
        ({**one, "d": 5}, "CREDENTIAL-013"),
        ({**one, "kid": 5}, "CREDENTIAL-013"),
        ({**one, "x": 5}, "CREDENTIAL-008"),
        ({**one, "use": "enc"}, "CREDENTIAL-008"),
    ):
        with pytest.raises(RefusalError) as refusal:
            key_from_jwk(jwk)
        assert refusal.value.rule.code == code


def test_a_secret_that_is_no_number_of_the_curve_is_refused() -> None:
    jwk = private_jwk(generate_key(curve="P-256"))

    with pytest.raises(RefusalError, match="CREDENTIAL-013"):
        key_from_jwk({**jwk, "d": "A" * 43})


def test_an_unknown_curve_or_a_short_seed_makes_no_key() -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-013"):
        generate_key(curve="secp256k1")
    with pytest.raises(RefusalError, match="CREDENTIAL-013"):
        key_from_seed(bytes(31))


def test_a_key_is_made_once_and_then_read(tmp_path: Path) -> None:
    path = tmp_path / "key.json"

    first = load_or_create_key(path, "key-1")

    assert private_jwk(load_or_create_key(path, "key-2")) == private_jwk(first)


def test_a_key_that_another_process_made_meanwhile_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key.json"
    save_key(key_from_seed(bytes(32)), path)
    monkeypatch.setattr(Path, "exists", lambda _self: False)

    assert private_jwk(load_or_create_key(path)) == private_jwk(key_from_seed(bytes(32)))


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_or_create_key(tmp_path / "no" / "key.json")
