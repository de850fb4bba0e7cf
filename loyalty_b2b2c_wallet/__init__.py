from . import models
from . import wizards


def uninstall_hook(env):
    """Give back what waits for a payment, and leave Odoo no card with points on it."""
    env["b2b2c.part.payment"].sudo().search([])._give_up()
    env["loyalty.program"].sudo()._b2b2c_close_wallets()
