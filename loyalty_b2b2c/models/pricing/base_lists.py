"""Price lists that running ladders are built on: kept, and told when they change."""

from odoo.exceptions import UserError

#: Values of an item that decide which other lists matter.
LINKS = {"base", "base_pricelist_id", "pricelist_id", "compute_price"}


def get_ladders(pricelists):
    """Return the running ladders that are built on price lists (sudo)."""
    ladders = pricelists.env["b2b2c.ladder"].sudo()
    lists = ladders._get_base_lists()
    ids = {
        ladder for pricelist in pricelists.ids for ladder in lists.get(pricelist, ())
    }
    return ladders.browse(sorted(ids))


def refuse_base(pricelists):
    """Refuse that price lists below a running ladder are archived or deleted.

    :raise UserError: it names the ladder
    """
    for pricelist in pricelists:
        if ladder := get_ladders(pricelist)[:1]:
            raise UserError(
                pricelists.env._(
                    "The tiers of the ladder “%(ladder)s” discount “%(pricelist)s”: it "
                    "stays as long as the ladder runs. Make a new version of the "
                    "ladder, or close it.",
                    ladder=ladder.name,
                    pricelist=pricelist.name,
                )
            )


def tell_change(pricelists, names=()):
    """Tell the managers of ladders that price lists below them change.

    :param pricelists: ``product.pricelist`` in the environment of who changes them
    :param names: of the values of items that change
    """
    if not pricelists.env["b2b2c.ladder"]._get_base_lists():
        return
    for pricelist in pricelists:
        if ladders := get_ladders(pricelist):
            ladders.with_env(pricelists.env)._tell_base_change(pricelist)
            if not LINKS.isdisjoint(names):
                pricelists.env.registry.clear_cache()
