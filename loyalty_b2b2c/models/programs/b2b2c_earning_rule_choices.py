from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import TRIGGERS, Hold


class B2b2cEarningRule(models.Model):
    """What can matter for a rule: the form asks for nothing else."""

    _inherit = "b2b2c.earning.rule"

    moments = fields.Json(
        compute="_compute_choices", help="The moments among which there is a choice."
    )
    holds = fields.Json(
        compute="_compute_choices", help="What points of the rule can wait for."
    )
    has_moments = fields.Boolean(compute="_compute_choices")
    has_parties = fields.Boolean(compute="_compute_choices")
    is_about_events = fields.Boolean(compute="_compute_choices")
    is_about_proofs = fields.Boolean(compute="_compute_choices")
    warning = fields.Char(compute="_compute_warning")

    @api.depends("document_kind_ids")
    def _compute_choices(self):
        """Ask the kinds of documents what differs among theirs."""
        holds = [hold for hold, _label in self._fields["hold"].selection]
        for rule in self:
            words = rule._get_kinds_words()
            moments = {moment for one in words for moment in one.moments}
            rule.moments = [moment for moment in TRIGGERS if moment in moments]
            rule.has_moments = len(moments) > 1
            at_once = rule._is_proven_at_once()
            rule.holds = ["none", "days"] if at_once else holds
            rule.has_parties = any(one.has_parties for one in words)
            codes = rule.document_kind_ids.mapped("code")
            rule.is_about_events = "event" in codes
            rule.is_about_proofs = any(one.is_proof for one in words)

    @api.depends("document_kind_ids", "trigger", "hold")
    @api.depends_context("lang")
    def _compute_warning(self):
        for rule in self:
            rule.warning = " ".join(rule._get_warnings())

    def _get_warnings(self):
        """Return what somebody who uses this rule should know; packages add theirs."""
        return self._get_own_warnings()

    def _get_own_warnings(self):
        """Return what is odd about this rule by itself, as sentences."""
        self.ensure_one()
        warnings = []
        if self._pays_before_payment():
            warnings.append(
                self.env._("Its points can be spent before anybody has paid.")
            )
        never = [
            kind.name
            for kind in self.document_kind_ids
            if self._is_never_earned(kind._get_words().when)
        ]
        if never:
            warnings.append(
                self.env._(
                    "Nothing is given for this, as it never comes so far: %s.",
                    ", ".join(never),
                )
            )
        return warnings

    def _is_never_earned(self, moments):
        """Tell whether a document of these moments never comes to what the rule asks.

        Whose deliveries nobody tells of, its goods are handed over with it.
        """
        asked = {self.trigger, *Hold(self.hold).triggers}
        if self.trigger != "delivered":
            asked.discard("delivered")
        return not asked <= {*moments}

    def _pays_before_payment(self):
        """Tell whether points are there to spend while an invoice may be open."""
        is_credit = any(words.is_credit for words in self._get_kinds_words())
        waits = self.hold in ("until_paid", "until_delivered_paid")
        return is_credit and self.trigger != "paid" and not waits

    @api.onchange("document_kind_ids")
    def _onchange_document_kinds(self):
        """Choose what fits the kinds of documents: a moment that there is, and points
        that wait for the payment where there is one to wait for."""
        if not self.document_kind_ids:
            return
        if self.trigger not in self.moments:
            self.trigger = self.moments[0]
        if self.hold not in self.holds:
            self.hold = "none"
        if not self._origin.id and self.hold == "none" and self._pays_before_payment():
            self.hold = "until_paid"

    # === ITS PRODUCTS === #

    def _get_products_domain(self):
        """Return the domain of the products that this rule is for."""
        self.ensure_one()
        domain = self._get_domain("product_domain")
        if self.product_ids:
            domain &= Domain("id", "in", self.product_ids.ids)
        if self.category_ids:
            domain &= Domain("categ_id", "child_of", self.category_ids.ids)
        if self.tag_ids:
            domain &= Domain("all_product_tag_ids", "in", self.tag_ids.ids)
        return domain

    def _is_for_product(self, product):
        """Tell whether this rule is for a product; no product: for any."""
        if not product:
            return not self._word_products()
        return bool(product.filtered_domain(self._get_products_domain()))
