from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Type of the bus message; the open page listens for it.
BUS_TYPE = "b2b2c_rewards"
#: Type of the bus message about what changes no account; the page of tasks listens.
TASKS_TYPE = "b2b2c_tasks"


class B2b2cChannel(models.AbstractModel):
    _inherit = "b2b2c.channel"

    @api.model
    def _get_channel_models(self):
        return [*super()._get_channel_models(), "b2b2c.channel.page"]


class B2b2cChannelPage(models.AbstractModel):
    """The open page of the portal: it shows a message the moment it is committed."""

    _name = "b2b2c.channel.page"
    _description = "Messages on the Open Portal Page"
    _inherit = "b2b2c.channel"

    _code = "page"
    _label = _lt("Open page")
    _phrase = _lt("on the open page")
    _is_live = True

    def _get_address(self, partner):
        """Return the logins a page can be open with."""
        return ", ".join(partner.sudo().user_ids.mapped("login"))

    @api.model
    def _announce(self, messages):
        """Tell the participants' open pages, once, when this is committed."""
        rows = self.env.execute_query(
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
        partners = dict(rows)
        for message_id, account_id in messages:
            # the bus holds messages back until the commit; the page reads the rest
            self.env["res.partner"].browse(partners.get(account_id))._bus_send(
                BUS_TYPE, {"account": account_id, "message": message_id}
            )

    @api.model
    def _announce_to_members(self, messages):
        """Tell the participants' open pages that something is new for them."""
        people = messages.member_id.partner_id.filtered("user_ids")
        for message in messages:
            if message.member_id.partner_id in people:
                message.member_id.partner_id._bus_send(
                    TASKS_TYPE, {"message": message.id}
                )
