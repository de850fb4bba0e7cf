from odoo import api, fields, models

from ...engine import to_decimal
from ...recognition import habits, sandbox, shops, understand
from ...recognition.letters import plain_number


class B2b2cReceipt(models.Model):
    """What a reviewer puts right is remembered for receipts of the same shop."""

    _inherit = "b2b2c.receipt"

    lesson_ids = fields.Many2many(
        "b2b2c.receipt.word",
        compute="_compute_lesson_ids",
        string="Learned About This Shop",
    )

    codes_text = fields.Char(compute="_compute_codes_text", string="Codes on It")

    @api.depends("seen")
    def _compute_codes_text(self):
        for receipt in self:
            codes = (
                text for page in receipt._get_pages() for _kind, text in page.codes
            )
            receipt.codes_text = " · ".join(dict.fromkeys(codes))[:500]

    @api.depends("seen")
    def _compute_lesson_ids(self):
        words = self.env["b2b2c.receipt.word"]
        for receipt in self:
            keys = receipt._get_shop_keys()
            found = words._find(receipt.company_id, keys) if keys else words
            receipt.lesson_ids = found.filtered("shop_key")

    def _get_pages(self):
        """Return what machines saw."""
        return [sandbox.Page.from_json(value) for value in self.sudo().seen or []]

    def _get_shop_keys(self):
        """Return by what the shop of this receipt is known."""
        keys = [
            key
            for page in self._get_pages()[:1]
            for rows in page.texts.values()
            for key in shops.keys(rows)
        ]
        return list(dict.fromkeys(keys))

    def _understand(self):
        """Return what machines understand of what they saw, and of shops they know."""
        company = self.company_id
        words = self.env["b2b2c.receipt.word"].sudo()
        return understand.receipt(
            self._get_pages(),
            words._get(company, self._get_shop_keys()),
            habits.of_country(
                company.country_id.code, company.currency_id.decimal_places
            ),
        )

    def _learn(self):
        """Remember where number and total stand that machines did not find there."""
        if not self.is_corrected or not self.seen or self.kind == "tax_stamp":
            return
        reading = self._understand()
        rows = [
            rows for page in self._get_pages() for rows in page.texts.values() if rows
        ]
        lessons = set()
        if self.number and plain_number(self.number) != plain_number(reading.number):
            labels = (shops.label_of_number(one, self.number) for one in rows)
            lessons |= {("number", label) for label in labels if label}
        total = to_decimal(self.amount_total)
        if total and total != reading.total:
            decimals = self.currency_id.decimal_places
            labels = (shops.label_of_amount(one, total, decimals) for one in rows)
            lessons |= {("total", label) for label in labels if label}
        if lessons:
            words = self.env["b2b2c.receipt.word"].sudo()
            words._learn(self, shops.name(rows[0]), self._get_shop_keys()[:2], lessons)

    def _get_languages(self):
        """Return the languages of receipts here, as Tesseract calls them: those of the
        company's country, and those its people read."""
        company = self.company_id or self.env.company
        codes = [company.country_id.code] if company.country_id else []
        codes += [
            code.partition("_")[2][:2]
            for code, _name in self.env["res.lang"].get_installed()
        ]
        return habits.languages(filter(None, codes))
