from odoo import fields, models

from .cashier import as_cashier
from .seller_questions import find_sellers, tell_own_points


class PosConfig(models.Model):
    """What a till asks about sellers: who may have sold, and how the own day was.

    A till loads nobody when it starts, and says nothing that is believed: people are
    asked for by name, and named by a token, see :mod:`.till_people`.
    """

    _inherit = "pos.config"

    b2b2c_shop_id = fields.Many2one(
        "res.partner",
        string="Shop",
        domain="[('is_company', '=', True)]",
        ondelete="set null",
        groups="loyalty_b2b2c.group_manager",
        help="Where this till stands: participants of this shop sell here. Empty: "
        "those of the till's company.",
    )

    def b2b2c_find_sellers(self, words=""):
        """Return who may have sold at this till.

        :param str words: a part of the name; empty: the first ones
        :return: ``{"sellers": [{"token", "name", "note"}], "more": bool}``
        """
        words = str(words or "").strip()[:50]
        return find_sellers(as_cashier(self), self.env.user, words)

    def b2b2c_get_my_points(self, employee_id=False, pin=""):
        """Return what who is logged in at this till sold today, and the own points.

        Of an employee only after the PIN, which the server checks, unless he is the
        user who is signed in: nobody reads a colleague's points.

        :param int employee_id: who is logged in (module ``pos_hr``)
        :return: ``{"asks_pin": True}``; ``{"problem": sentence}``; or ``name`` with
            what :meth:`~.seller_today.SellerToday.tell` says
        """
        config = as_cashier(self)
        number = employee_id if isinstance(employee_id, int) else 0
        return tell_own_points(config, self.env.user, number, str(pin or "")[:64])
