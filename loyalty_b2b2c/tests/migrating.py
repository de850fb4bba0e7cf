"""Runs a migration script as Odoo does between two versions."""

from pathlib import Path

from odoo.modules.module import load_script
from odoo.tools.misc import file_path


def migrate(env, path, version):
    """Run a script on what a test made look like a database of before.

    :param str path: of the script, from the folder of add-ons
    :param str version: that the database had
    """
    script = load_script(file_path(path), Path(path).stem.replace("-", "_"))
    env.flush_all()
    script.migrate(env.cr, version)
    env.invalidate_all()
