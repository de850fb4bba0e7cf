"""First half of ./loyalty: make the Python environment, then become its Python.

Everything imported here must run on a bare Python.
"""

import importlib.util
import os
import sys
from pathlib import Path

from tools import cache, python_env
from tools.steps import UserError, say

ROOT = Path(__file__).resolve().parent.parent


def main(argv):
    """Replace this process by the environment's Python running `tools.cli`."""
    try:
        python = python_env.environment(ROOT / "requirements.txt")
    except UserError as error:
        say(f"loyalty: {error}")
        return 2
    except KeyboardInterrupt:
        say("loyalty: interrupted; run it again, it goes on where it was")
        return 130
    settings = dict(os.environ)
    settings.pop("PYTHONDONTWRITEBYTECODE", None)  # doubles the time of every start
    settings["PYTHONPYCACHEPREFIX"] = str(cache.root() / "pycache")
    settings["PYTHONPATH"] = str(ROOT)
    importable = _importable_odoo()
    if importable:
        settings.setdefault("LOYALTY_IMPORTABLE_ODOO", importable)
    os.execve(python, [str(python), "-m", "tools.cli", *argv], settings)


def _importable_odoo():
    """Folder of an Odoo the calling Python can import; `odoo` alone proves nothing,
    it is a namespace package that any stray folder can provide."""
    try:
        found = importlib.util.find_spec("odoo.release")
    except (ImportError, ValueError):
        return None
    return str(Path(found.origin).parent.parent) if found and found.origin else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
