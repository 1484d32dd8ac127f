"""The Natural Earth projection of the world map, as used by scripts/build_map.py and by the pages.

One unit is a thousandth of the map's width. x grows to the east, y to the south, and 0, 0 is the
upper left corner of the frame, which leaves out the Antarctic. Places on a map are drawn, never
counted with, so these numbers may be floats.

Source: T. Patterson, B. Šavrič, Natural Earth projection, polynomial form, 2011.
"""

from math import radians

WIDTH = 1000
NORTH, SOUTH = 84.0, -58.0


def _raw(latitude: float, longitude: float) -> tuple[float, float]:
    p, q = radians(latitude), radians(longitude)
    p2 = p * p
    p4 = p2 * p2
    x = q * (0.8707 + p2 * -0.131979 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = p * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y


_SCALE = WIDTH / (2 * _raw(0, 180)[0])
_TOP = _raw(NORTH, 0)[1]
HEIGHT = round(_SCALE * (_TOP - _raw(SOUTH, 0)[1]))


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Give the place of a point on the map.

    Args:
        latitude: Degrees north, -90 to 90.
        longitude: Degrees east, -180 to 180.

    Example:
        >>> project(0, 0)[0], HEIGHT
        (500.0, 438)
    """
    x, y = _raw(latitude, longitude)
    return _SCALE * x + WIDTH / 2, _SCALE * (_TOP - y)
