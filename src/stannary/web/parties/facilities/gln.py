"""Global Location Numbers: thirteen digits of which the last checks the others."""

LENGTH = 13


def is_gln(text: str) -> bool:
    """Tell whether a text is a GLN with its check digit.

    From the left every second digit counts three times; with the last one the sum is a multiple
    of ten.

    Example:
        >>> is_gln("9521321000018"), is_gln("9521321000019"), is_gln("952132100001")
        (True, False, False)
    """
    if len(text) != LENGTH or not (text.isascii() and text.isdecimal()):
        return False
    return sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(text)) % 10 == 0
