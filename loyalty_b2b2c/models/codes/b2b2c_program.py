from odoo import models

from ..mechanics.mechanic import NextStep

#: States of batches whose codes exist.
_MADE = ("making", "printed", "active")


class B2b2cProgram(models.Model):
    """Programs that reward scans need codes on the goods."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        return [*steps, self._get_code_step()] if self._counts_kind("scan") else steps

    def _get_code_step(self):
        products = self._get_scanned_products()
        domain = [("company_id", "=", self.company_id.id), ("state", "in", _MADE)]
        if products:
            domain.append(("product_id", "in", products.ids))
        batches = self.env["b2b2c.code.batch"].search(domain)
        name = self.env._("Codes of %s", self.name)
        values = {
            "default_name": f"{name}: {products[:1].name}" if products else name,
            "default_product_id": products[:1].id,
            "default_count": 100,
        }
        return NextStep(
            code="codes",
            order=20,
            label=self.env._("Print codes for the goods"),
            note=self.env._("Codes made: %s", f"{sum(batches.mapped('made')):,}"),
            is_done=bool(batches),
            button=self.env._("Print") if batches else self.env._("Make Codes"),
            act=lambda: (
                self._open_batches(batches)
                if batches
                else self._open_in_dialog(
                    batches._name, self.env._("New Codes"), **values
                )
            ),
        )

    def _get_scanned_products(self):
        """Return the products that its rules for scans name."""
        rules = self.rule_ids.filtered(
            lambda rule: "scan" in rule.document_kind_ids.mapped("code")
        )
        return rules.product_ids

    def _open_batches(self, batches):
        """Return the action that prints the one batch there is, or shows them."""
        if len(batches) == 1 and batches.state != "making":
            return batches.action_print()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_code_batch_action"
        )
        return {**action, "domain": [("id", "in", batches.ids)]}
