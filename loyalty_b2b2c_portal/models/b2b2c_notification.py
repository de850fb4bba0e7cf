from odoo import api, models
from odoo.tools import SQL

#: Type of the bus message; the open page listens for it.
BUS_TYPE = "b2b2c_rewards"


class B2b2cNotification(models.Model):
    _inherit = "b2b2c.notification"

    @api.model
    def _insert(self, rows):
        """Tell the participants' open pages too, once, when this is committed."""
        messages = super()._insert(rows)
        if not messages:
            return messages
        found = self.env.execute_query(
            SQL(
                """
                SELECT a.id, m.partner_id FROM b2b2c_account a
                  JOIN b2b2c_member m ON m.id = a.member_id
                 WHERE a.id = ANY(%s)
                   AND EXISTS (SELECT FROM res_users u
                                WHERE u.partner_id = m.partner_id AND u.active)
                """,
                [account_id for _message, account_id in messages],
            )
        )
        partners = {account_id: partner_id for account_id, partner_id in found}
        for message_id, account_id in messages:
            # the bus holds messages back until the commit; the page reads the rest
            self.env["res.partner"].browse(partners.get(account_id))._bus_send(
                BUS_TYPE, {"account": account_id, "message": message_id}
            )
        return messages
