"""Masses in whole milligrams, shares as exact fractions, and how both are printed.

Rules: KERNEL-001. Nothing here rounds, except the functions whose name says that they print.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS, InvariantError, Place, refuse

MASS_MAX_MG = 9 * 10**18
SHARE_PLACES = 12
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


def parse_mass_mg(text: str, *, at: Place | None = None) -> int:
    """Read a mass written as digits.

    Args:
        text: Digits only, in milligrams, 1 to 9·10^18; surrounding blanks are ignored.
        at: Where it was read, for the message.

    Raises:
        RefusalError: KERNEL-001 for anything else: signs, decimals, zero, 10^19.

    Example:
        >>> parse_mass_mg("375000000")
        375000000
    """
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 24:
        refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=text[:40] or "(empty)")
    mass_mg = int(digits)
    if not 1 <= mass_mg <= MASS_MAX_MG:
        refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=f"{digits} mg")
    return mass_mg


def mass_text(mass_mg: int) -> str:
    """Print a mass exactly, in kilograms, thousands apart, without trailing zeros.

    Example:
        >>> mass_text(5_310_000_000), mass_text(375_000_001), mass_text(1)
        ('5 310 kg', '375.000001 kg', '0.000001 kg')
    """
    sign = "-" if mass_mg < 0 else ""
    whole, rest = divmod(abs(mass_mg), 10**6)
    decimals = f"{rest:06d}".rstrip("0")
    number = f"{whole:,}".replace(",", " ")
    return f"{sign}{number}{'.' + decimals if decimals else ''} kg"


def _rounded(share: Fraction, places: int) -> Decimal:
    """Divide with enough digits and round half to even, once."""
    scaled = share * 10**places
    floor, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    if twice > scaled.denominator or (twice == scaled.denominator and floor % 2):
        floor += 1
    return Decimal(floor).scaleb(-places, context=_WIDE)


def share_12_text(share: Fraction) -> str:
    """Print a share with exactly 12 decimals, rounded half to even.

    Example:
        >>> share_12_text(Fraction(3, 8)), share_12_text(Fraction(1, 3))
        ('0.375000000000', '0.333333333333')
    """
    return f"{_rounded(share, SHARE_PLACES):f}"


def share_text(share: Fraction) -> str:
    """Print a share or points: exact where 12 decimals suffice, else rounded half to even.

    Example:
        >>> share_text(Fraction(123, 160)), share_text(Fraction(123, 2)), share_text(Fraction(2, 3))
        ('0.76875', '61.5', '0.666666666667')
    """
    text = share_12_text(share)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(share: Fraction, *, places: int = 1) -> str:
    """Print a share as percent for people, without the sign.

    It is rounded towards zero, so that 74.99 % never reads as 75.0 %.

    Example:
        >>> percent_text(Fraction(3, 8)), percent_text(Fraction(7499, 10000)), percent_text(Fraction(1))
        ('37.5', '74.9', '100.0')
    """
    scaled = share * 100 * 10**places
    whole = abs(scaled.numerator) // scaled.denominator
    digits = f"{whole:0{places + 1}d}"
    sign = "-" if share < 0 and whole else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def largest_remainder(total: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Divide a whole number by weights so that the parts add up to it exactly.

    Each part gets the whole part of its due; what is left goes one by one to the largest
    remainders, earlier places first where remainders tie.

    Args:
        total: 0 or more.
        weights: None negative; their sum is 1.

    Raises:
        InvariantError: If the total or a weight is negative or the weights do not add up to 1.

    Example:
        >>> largest_remainder(10, [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)])
        (4, 3, 3)
    """
    if not weights and total == 0:
        return ()
    if total < 0:
        raise InvariantError("largest remainder divides a total of 0 or more")
    if sum(weights, Fraction(0)) != 1 or any(weight < 0 for weight in weights):
        raise InvariantError("largest remainder needs weights of 0 or more that add up to 1")
    dues = [weight * total for weight in weights]
    parts = [due.numerator // due.denominator for due in dues]
    order = sorted(range(len(dues)), key=lambda n: (parts[n] - dues[n], n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return tuple(parts)
