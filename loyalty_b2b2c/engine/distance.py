"""How far two places are from each other."""

from math import asin, cos, radians, sin, sqrt

_EARTH = 6371.0  # kilometres from its middle to the sea


def kilometres(one, other):
    """Return the kilometres between two places, over the ground.

    :param one, other: ``(latitude, longitude)`` in degrees
    """
    (north, east), (other_north, other_east) = (
        map(radians, place) for place in (one, other)
    )
    half = (
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    )
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
