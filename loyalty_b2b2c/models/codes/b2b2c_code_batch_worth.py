import base64

from odoo import api, fields, models
from odoo.fields import Domain

from ...drawing.label_sheet import draw_png
from ...engine import product_code

#: What stands for a code where there is none yet.
SAMPLE = "CODE"


class B2b2cCodeBatch(models.Model):
    """What a code of a batch is worth, before thousands of labels are printed."""

    _inherit = "b2b2c.code.batch"

    product_image = fields.Image(related="product_id.image_256")
    sample_picture = fields.Binary(string="Sample", compute="_compute_sample")
    sample_link = fields.Char(string="QR Content", compute="_compute_sample")
    worth_text = fields.Text(string="A Scan Pays", compute="_compute_worth")
    pays_nothing = fields.Boolean(compute="_compute_worth")

    @api.depends("product_id")
    def _compute_sample(self):
        """Draw what a phone sees; the code is a sample that counts nowhere."""
        for batch in self:
            gtin = batch._get_gtin() if batch.product_id else ""
            batch.sample_link = product_code.link(batch.get_base_url(), SAMPLE, gtin)
            batch.sample_picture = base64.b64encode(draw_png(batch.sample_link))

    @api.depends("product_id", "company_id")
    @api.depends_context("lang")
    def _compute_worth(self):
        for batch in self:
            rules = batch._get_paying_rules()
            batch.pays_nothing = bool(batch.product_id) and not rules
            batch.worth_text = "\n".join(rule._get_sentence() for rule in rules)

    def _get_paying_rules(self):
        """Return the rules in force that pay for a scan of the product today."""
        self.ensure_one()
        now = fields.Datetime.now()
        rules = self.env["b2b2c.earning.rule"].sudo()
        rules = rules.search(
            Domain("program_id.state", "=", "running")
            & Domain("program_id.company_id", "=", self.company_id.id)
            & _is_open("program_id.date_to", now)
            & Domain("document_kind_ids.code", "=", "scan")
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", now))
            & _is_open("valid_until", now)
        )
        return rules.filtered(lambda rule: rule._is_for_product(self.product_id))


def _is_open(name, now):
    """Return the domain of what has no end, or one that is still to come."""
    return Domain(name, "=", False) | Domain(name, ">", now)
