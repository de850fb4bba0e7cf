"""Whoever belongs to a company writes no terms of its own: every model with such terms
asks, or stands here with a reason."""

from odoo.tests import tagged

from .common import LoyaltyCommon

#: Whom terms are about.
_PARTIES = {
    "res.partner",
    "b2b2c.member",
    "b2b2c.distributor",
    "b2b2c.ladder.standing",
    "b2b2c.partner.agreement",
}
#: Model -> why it does not inherit ``b2b2c.counterparty``.
ASIDE = {
    "b2b2c.invitation": "asks by itself",
    "b2b2c.ladder.contract": "asks by itself",
    "b2b2c.ladder.standing": "asks by itself",
    "b2b2c.member": "asks by itself",
    "b2b2c.referral.link": "asks by itself",
}


@tagged("post_install", "-at_install")
class TestParties(LoyaltyCommon):
    def _find(self):
        """Return the models in which people with rights name a company or a person."""
        rights = self.env["ir.model.access"].search(
            ["|", ("perm_write", "=", True), ("perm_create", "=", True)]
        )
        written = set(rights.model_id.mapped("model"))
        return {
            name
            for name in written
            if name.startswith("b2b2c.")
            and not (self.env[name]._transient or self.env[name]._abstract)
            and any(self._names_party(f) for f in self.env[name]._fields.values())
        }

    def _names_party(self, field):
        return (
            field.comodel_name in _PARTIES
            and field.type == "many2one"
            and field.store
            and not (field.readonly or field.compute or field.related)
        )

    def _asks(self, name):
        return hasattr(self.env[name], "_check_counterparty")

    def test_each_asks_or_says_why_not(self):
        asking = {name for name in self._find() if self._asks(name)}
        self.assertEqual(self._find() - asking, set(ASIDE))
        self.assertEqual(
            {"b2b2c.api.key", "b2b2c.cause", "b2b2c.challenge.shop.target",
             "b2b2c.distributor", "b2b2c.partner.agreement", "b2b2c.partner.rate",
             "b2b2c.voucher.pool"} - asking,
            set(),
        )  # fmt: skip
