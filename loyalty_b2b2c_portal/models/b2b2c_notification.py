from odoo import api, models
from odoo.tools import SQL

#: Type of the bus message; the open page listens for it.
BUS_TYPE = "b2b2c_rewards"


class B2b2cNotification(models.Model):
    _inherit = "b2b2c.notification"

    @api.model
    def _insert(self, account, kind, key, **values):
        """Tell the participant's open pages too, once, when this is committed."""
        message_id = super()._insert(account, kind, key, **values)
        if message_id:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT m.partner_id FROM b2b2c_account a
                      JOIN b2b2c_member m ON m.id = a.member_id
                     WHERE a.id = %s
                       AND EXISTS (SELECT FROM res_users u
                                    WHERE u.partner_id = m.partner_id AND u.active)
                    """,
                    account.id,
                )
            )
            # the bus holds messages back until the commit; the page reads the rest
            self.env["res.partner"].browse(row[0] for row in rows)._bus_send(
                BUS_TYPE, {"account": account.id, "message": message_id}
            )
        return message_id
