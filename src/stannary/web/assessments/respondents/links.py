"""The part of a respondent's link that cannot be guessed: made, read from paper, digested."""

import hashlib
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: no letter that is taken for another or for a digit."""

LENGTH = 28
"""Characters of five bits each: 140 bits."""

GROUP = 4
_READ_AS = str.maketrans("oil", "011", "- ")


def new_token() -> str:
    """Make a token in groups, so that somebody can copy it from paper."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest(token: str) -> str:
    """Give what is kept of a token: however it was typed, the same for the same token.

    Example:
        >>> digest("ABCD-o1") == digest("abcd-0l")
        True
    """
    typed = token.lower().translate(_READ_AS)
    return hashlib.sha256(typed.encode()).hexdigest()
