"""As if packages were not installed: importing them fails, here and in new processes.

Imports nothing of Odoo: ``tests/unit`` loads this file, too.
"""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

PROGRAM = """\
import importlib.machinery
import importlib.util
import sys

FOLDER, NAMES = {folder!r}, {names!r}


class Missing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in NAMES:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Missing)
# what this one hides, which may be needed to find libraries
rest = [one for one in sys.path if one != FOLDER]
found = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
if found:
    found.loader.exec_module(importlib.util.module_from_spec(found))
"""


class Missing:
    """Finder that knows packages only to deny them."""

    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        """Say that a denied package is not there, nothing about others."""
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def blocked(*names):
    """Deny packages for the block, in this process and in every Python it starts."""
    loaded = [one for one in sys.modules if one.partition(".")[0] in names]
    kept = {one: sys.modules.pop(one) for one in loaded}
    with TemporaryDirectory() as folder:
        program = PROGRAM.format(folder=folder, names=names)
        Path(folder, "sitecustomize.py").write_text(program)
        path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
        finders = [Missing(names), *sys.meta_path]
        try:
            with (
                patch.dict(os.environ, PYTHONPATH=path),
                patch.object(sys, "meta_path", finders),
            ):
                yield
        finally:
            sys.modules.update(kept)
