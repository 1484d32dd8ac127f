"""Keys of a log: what one signs the other checks."""

import pytest

from stannary.core.kernel import RefusalError
from stannary.signing import generate_key, key_from_seed, note_signer, note_verifier

SIGNER = note_signer("log.example/open", key_from_seed(bytes(32)))


def test_what_the_signer_signs_the_vkey_checks() -> None:
    verifier = note_verifier(SIGNER.vkey)

    assert (verifier.name, verifier.key_id) == (SIGNER.name, SIGNER.key_id)
    assert verifier.verify(b"text", SIGNER.sign(b"text"))
    assert not verifier.verify(b"other", SIGNER.sign(b"text"))
    assert not verifier.verify(b"text", b"")


def test_the_name_is_part_of_the_key_id() -> None:
    other = note_signer("log.example/other", key_from_seed(bytes(32)))

    assert other.key_id != SIGNER.key_id


def test_a_log_signs_with_ed25519_only() -> None:
    with pytest.raises(RefusalError, match="LOG-006"):
        note_signer("log.example/open", generate_key(curve="P-256"))
    with pytest.raises(RefusalError, match="LOG-005"):
        note_signer("log example", key_from_seed(bytes(32)))
