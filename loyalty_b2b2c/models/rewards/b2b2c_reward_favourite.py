from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rows import insert_rows


class B2b2cRewardFavourite(models.Model):
    """A reward that a person wants to find again.

    The person's, not a membership's: it stays when somebody changes the employer.
    """

    _name = "b2b2c.reward.favourite"
    _description = "Favourite Reward"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True, ondelete="cascade"
    )
    reward_id = fields.Many2one(
        "b2b2c.reward", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _once = models.UniqueIndex(
        "(partner_id, reward_id)", "This reward is among the favourites already."
    )

    @api.model
    def _mark(self, partner, reward, is_favourite):
        """Put a reward among a person's favourites, or take it out.

        Told, not toggled: two tabs and a double click end as the last one said.

        :param partner: ``res.partner`` record
        :param reward: ``b2b2c.reward`` record the person may see
        :param bool is_favourite: whether it should be one
        """
        if is_favourite:
            insert_rows(self, [{"partner_id": partner.id, "reward_id": reward.id}])
            self.invalidate_model()
            return
        self.env.execute_query(
            SQL(
                """
                DELETE FROM b2b2c_reward_favourite
                 WHERE partner_id = %s AND reward_id = %s RETURNING id
                """,
                partner.id,
                reward.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _get_of(self, partner):
        """Return the ids of a person's favourite rewards."""
        rows = self.sudo().search_fetch(
            [("partner_id", "=", partner.id)], ["reward_id"]
        )
        return set(rows.reward_id.ids)
