"""Reserved points are owed, not spent, and counted for the program they came from."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Count the figures anew from the ledger, which stays as it is."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["b2b2c.stat.range"]._rebuild()
