"""Makes ``engine`` importable without the addon package, which imports Odoo."""

import sys
from pathlib import Path

ADDON = Path(__file__).parents[2] / "loyalty_b2b2c"

# Last, so that the addon's folders never shadow an installed package.
sys.path.append(str(ADDON))
