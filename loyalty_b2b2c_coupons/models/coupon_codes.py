"""The codes of coupons and gift cards."""

import secrets

from odoo.addons.loyalty_b2b2c.engine.product_code import ALPHABET

#: What tills know a coupon or a gift card by.
PREFIX = "044"
#: Random characters after it, five bits each: 90 bits.  Odoo's own codes have 32.
LENGTH = 18


def new_code():
    """Return an unguessable code that tills know to be a coupon."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _character in range(LENGTH))
