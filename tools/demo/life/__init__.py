"""Half a year of the demo company, so that figures and lists look like daily work.

Days pass one after the other, with the clock of the process moved to each; what
happens is drawn from a seed, and made through the same public actions a click calls.
``./loyalty demo`` and ``./loyalty pictures`` load it; the story does without.
"""

from .days import DAYS
from .half_year import load

__all__ = ["DAYS", "load"]
