"""Plumbing for every kind of test below tests/."""

import sys
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# The same examples on every run: a gate that fails by chance is not believed.
settings.register_profile("gate", deadline=None, derandomize=True, database=None)
settings.load_profile("gate")
