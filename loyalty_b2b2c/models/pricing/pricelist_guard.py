"""The price guard of price lists: those of tiers stay as long as the ladder runs."""

from odoo.exceptions import UserError

from .marks import LADDER, is_marked


def refuse_tiers_of(items):
    """Refuse to change items of price lists that are tiers of a running ladder.

    :param items: ``product.pricelist.item``
    :raise UserError: one is a tier's
    """
    if items.env["b2b2c.ladder.tier"]._get_running_lists():
        refuse_tiers(items.pricelist_id)


def refuse_tiers(pricelists):
    """Refuse to change price lists that are tiers of a ladder that runs.

    :param pricelists: ``product.pricelist``
    :raise UserError: one is a tier's
    """
    tiers = pricelists.env["b2b2c.ladder.tier"]
    refused = tiers._get_running_lists().intersection(pricelists.ids)
    if is_marked(LADDER) or not refused:
        return
    tier = tiers.sudo().search([("pricelist_id", "in", list(refused))], limit=1)
    raise UserError(
        pricelists.env._(
            "“%(pricelist)s” is tier %(tier)s of the ladder “%(ladder)s”: it stays as "
            "it is, and price lists stay switched on, as long as the ladder runs. Make "
            "a new version of the ladder, or close it.",
            pricelist=tier.pricelist_id.name,
            tier=tier.name,
            ladder=tier.ladder_id.name,
        )
    )
