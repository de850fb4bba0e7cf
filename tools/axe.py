"""axe-core, which looks for what keeps people from using a page: its one script.

It is in a Python package; what that package needs besides is not installed.
"""

import hashlib

from tools import cache, python_env
from tools.steps import UserError, step

VERSION = "4.12.1"
PACKAGE = "axe-playwright-python==0.1.8"
SCRIPT = "axe_playwright_python/axe.min.js"
DIGEST = "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc"


def script():
    """Path of the script, fetched once."""
    target = cache.root() / f"axe-{VERSION}"
    if not target.is_dir():
        with step(f"axe-core {VERSION}"):
            cache.finished(target, _fetch)
    return target / SCRIPT


def _fetch(draft):
    python_env.unpack(PACKAGE, draft)
    if hashlib.sha256((draft / SCRIPT).read_bytes()).hexdigest() != DIGEST:
        raise UserError(f"{PACKAGE} holds another script than axe-core {VERSION}")
