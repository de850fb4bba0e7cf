"""Plumbing for every kind of test below tests/ and in the add-ons.

Without Odoo the engine is importable as `loyalty_b2b2c.engine`: the package around it
is replaced by an empty one, because its own `__init__` imports the Odoo models.
"""

import sys
import types
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if "loyalty_b2b2c" not in sys.modules:
    package = types.ModuleType("loyalty_b2b2c")
    package.__path__ = [str(ROOT / "loyalty_b2b2c")]
    sys.modules["loyalty_b2b2c"] = package

# The same examples on every run: a gate that fails by chance is not believed.
settings.register_profile("gate", deadline=None, derandomize=True, database=None)
settings.load_profile("gate")
