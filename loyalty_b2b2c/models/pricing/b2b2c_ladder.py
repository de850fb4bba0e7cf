from odoo import api, fields, models, tools


class B2b2cLadder(models.Model):
    """The price lists that a ladder is built on stay, and their changes are told."""

    _inherit = "b2b2c.ladder"

    base_told_on = fields.Date(readonly=True, copy=False)

    @api.model
    @tools.ormcache(cache="default")
    def _get_base_lists(self):
        """Return ``{price list id: ids of ladders}`` that running ladders are built on.

        Those that the items of tiers discount, and those that these discount in turn.
        Cached; forgotten when a ladder is written, and by :mod:`.base_lists`.
        """
        domain = [("state", "=", "running"), ("benefit", "!=", "bonus")]
        lists = {}
        for ladder in self.sudo().with_context(active_test=False).search(domain):
            for pricelist in _get_discounted(ladder.tier_ids.pricelist_id):
                lists.setdefault(pricelist.id, []).append(ladder.id)
        return {pricelist_id: tuple(ids) for pricelist_id, ids in lists.items()}

    def _tell_base_change(self, pricelist):
        """Tell the managers that prices below these ladders change, once a day.

        :param pricelist: one of the lists they are built on
        """
        today = fields.Date.today()
        for ladder in self.sudo().filtered(lambda ladder: ladder.base_told_on != today):
            ladder.base_told_on = today
            manager = ladder.company_id._get_loyalty_manager()
            text = self.env._(
                "%(user)s changed the price list “%(pricelist)s”, which the tiers of "
                "“%(ladder)s” discount: what dealers pay changes with it.",
                user=self.env.user.name,
                pricelist=pricelist.name,
                ladder=ladder.name,
            )
            ladder.message_post(body=text)
            if manager:
                ladder.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._("The prices below the ladder changed"),
                    note=text,
                    user_id=manager.id,
                )


def _get_discounted(pricelists):
    """Return the price lists that items of these refer to, and so on."""
    found = pricelists.browse()
    while pricelists:
        items = pricelists.item_ids.filtered(lambda item: item.base == "pricelist")
        pricelists = items.base_pricelist_id - found
        found |= pricelists
    return found
