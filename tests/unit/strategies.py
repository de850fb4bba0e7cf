"""Hypothesis strategies and profile for the engine tests."""

from datetime import datetime, timezone
from decimal import Decimal

from engine import Rounding
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

settings.register_profile(
    "unit",
    max_examples=100,
    deadline=None,
    # The suite is a gate: the same commit gives the same answer.
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")

DECIMALS = st.decimals(-(10**12), 10**12, places=4)
POINTS = st.integers(0, 500).map(Decimal)
ROUNDINGS = st.builds(
    Rounding, st.integers(0, 6), st.sampled_from(["down", "half_up", "up"])
)
INSTANTS = st.datetimes(
    datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.just(timezone.utc)
)
#: The extremes, ordinary clock changes, and midnights that are skipped or doubled.
ZONES = st.sampled_from(
    [
        "Etc/GMT+12",
        "Etc/GMT-14",
        "Europe/Kyiv",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "America/St_Johns",
        "Pacific/Apia",
    ]
)
