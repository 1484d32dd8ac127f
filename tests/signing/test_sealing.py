"""What is sealed is read with the right secret, and by nobody else."""

import pytest

from stannary.signing.sealing import UnreadableSealError, seal, unseal

OLD, NEW = "an old secret of the server", "a new secret of the server"


def test_what_is_sealed_opens_again_and_shows_nothing_of_itself() -> None:
    sealed = seal("JBSWY3DPEHPK3PXP", secrets=[NEW])

    assert unseal(sealed, secrets=[NEW]) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert seal("JBSWY3DPEHPK3PXP", secrets=[NEW]) != sealed


def test_an_older_secret_still_opens_and_a_strange_one_does_not() -> None:
    sealed = seal("é", secrets=[OLD])

    assert unseal(sealed, secrets=[NEW, OLD]) == "é"
    with pytest.raises(UnreadableSealError):
        unseal(sealed, secrets=[NEW])


def test_a_changed_sign_is_noticed() -> None:
    sealed = seal("secret", secrets=[NEW])
    other = "A" if sealed[30] != "A" else "B"

    with pytest.raises(UnreadableSealError):
        unseal(sealed[:30] + other + sealed[31:], secrets=[NEW])
