import secrets
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models

from ...engine import to_decimal
from ...exceptions import FactError
from ...recognition.letters import plain_number
from ..processing.judge import Judge, join

SHOP_RUSH = 30


class B2b2cReceipt(models.Model):
    """What happens to a receipt that was read: credited, refused, or looked at."""

    _inherit = "b2b2c.receipt"

    def _decide(self):
        """Accept, refuse or send this receipt to review, with the reason."""
        self.ensure_one()
        claim = self.claim_id
        original = self._find_same_photo()
        reason = "same_photo" if original else None
        if not original:
            original = self._take_keys()
            if original:
                reason = "same_stamp" if self.kind == "tax_stamp" else "same_receipt"
        if reason:
            self.duplicate_of_id = original
            claim._refuse(reason)
            return
        self._fill_claim()
        findings = self._get_findings()
        claim.write(
            {
                "findings": findings,
                "score": sum(finding["points"] for finding in findings),
            }
        )
        if self._is_too_old() and not self.doubts:
            self._release_keys()
            claim._refuse("too_old")
            return
        reason = self._get_review_reason(findings)
        if reason:
            claim._send_to_review(reason)
        else:
            claim._accept()

    def _find_same_photo(self):
        """Return an earlier receipt in force with the very same files."""
        if not self.upload_hash:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("upload_hash", "=", self.upload_hash),
                ("id", "<", self.id),
                ("claim_id.kind", "=", self.kind),
                ("claim_id.state", "in", ("review", "accepted", "cancelled")),
                ("claim_id.reason_code", "!=", "withdrawn"),
            ],
            order="id",
            limit=1,
        )

    def _is_too_old(self):
        days = self.company_id.b2b2c_receipt_days
        if not days or not self.issued_on:
            return False
        return self.issued_on < fields.Date.today() - timedelta(days=days)

    def _get_findings(self):
        """Return what is unusual: list of ``{"code", "points", "params"}``."""
        findings = []
        alike = self.page_ids._find_alike().receipt_id.filtered(
            lambda other: other.state in ("review", "accepted")
        )[:1]
        if alike:
            self.duplicate_of_id = alike
            params = {"name": alike.display_name}
            findings.append({"code": "alike", "points": 60, "params": params})
        tomorrow = fields.Date.today() + timedelta(days=1)
        if self.issued_on and self.issued_on > tomorrow:
            findings.append({"code": "future", "points": 60, "params": {}})
        hour = fields.Datetime.now() - timedelta(hours=1)
        count = self.search_count(
            [("claim_id.partner_id", "=", self.partner_id.id),
             ("create_date", ">", hour)]
        )  # fmt: skip
        if count > SHOP_RUSH:
            params = {"count": count}
            findings.append({"code": "shop_rush", "points": 30, "params": params})
        return findings

    def _get_review_reason(self, findings):
        """Return why a person looks at this receipt, ``None`` when nobody needs to."""
        company = self.company_id
        doubts = set(self.doubts or [])
        if company.b2b2c_receipt_auto == "code":
            doubts -= {"code_alone", "code_total", "no_lines"}
        reasons = (
            ("no_reader", self.read_state == "failed"),
            ("no_text_reader", "no_text_reader" in doubts),
            ("unsure", bool(doubts) or self._is_too_old() or not self._get_keys()),
            ("unusual", bool(findings)),
            ("amount", self.needs_second),
            ("always", company.b2b2c_receipt_auto == "never"),
            ("nothing_found", not self._would_earn()),
            ("audit", secrets.randbelow(100) < company.b2b2c_receipt_audit),
        )
        return next((code for code, holds in reasons if holds), None)

    # === WHAT IT IS WORTH === #

    def _fill_claim(self):
        """Write what was read into the proof of sale."""
        keys = self._get_keys()
        self.claim_id.write(
            {
                "reference": self._get_reference(),
                "proof_key": keys[0] if keys else False,
            }
        )
        self._fill_lines()

    def _fill_lines(self):
        """Write what was sold into the proof of sale: what it would pay follows."""
        lines = self._get_claim_lines()
        self.claim_id.write(
            {
                "amount_total": self.amount_total,
                "amount_untaxed": sum(line["amount_untaxed"] for line in lines),
                "occurred_at": self._get_occurred_at(),
            }
        )
        self.claim_id._set_lines(lines)

    def _get_reference(self):
        if self.kind == "tax_stamp":
            return plain_number(self.serial) or self.claim_id.reference
        return self.fiscal_number or self.number or self.claim_id.reference

    def _get_occurred_at(self):
        """Return when the sale was: its day at noon, never later than handed in."""
        submitted = self.claim_id.create_date
        if not self.issued_on:
            return submitted
        noon = fields.Datetime.to_datetime(self.issued_on) + timedelta(hours=12)
        return min(noon, submitted)

    def _get_claim_lines(self):
        """Return the lines that may earn: known products, or everything by setting."""
        whole = self.company_id.b2b2c_receipt_whole or self.kind == "tax_stamp"
        lines = [
            self._get_claim_line(line.product_id, line.quantity, line.amount_total)
            | {"name": line.name}
            for line in self.line_ids
            if line.product_id or whole
        ]
        if not self.line_ids and whole and self.amount_total:
            product = self.env["product.product"]
            lines.append(self._get_claim_line(product, 1, self.amount_total))
        return lines

    def _get_claim_line(self, product, quantity, amount):
        return {
            "product_id": product.id or None,
            "product_uom_id": product.uom_id.id or None,
            "quantity": to_decimal(quantity),
            "amount_total": to_decimal(amount),
            "amount_untaxed": self._without_tax(product, to_decimal(amount)),
        }

    def _without_tax(self, product, amount):
        """Return an amount without tax: prices on receipts contain it."""
        taxes = product.taxes_id.filtered(
            lambda tax: tax.company_id in self.company_id.parent_ids
        )
        if not product:
            taxes = self.company_id.account_sale_tax_id
        percent = sum(
            to_decimal(tax.amount) for tax in taxes if tax.amount_type == "percent"
        )
        cents = Decimal(1).scaleb(-self.currency_id.decimal_places)
        return (amount / (1 + Decimal(percent) / 100)).quantize(cents)

    def _would_earn(self):
        """Tell whether accepting this receipt gives somebody something, by a program of
        any company."""
        claim = self.claim_id
        claim.flush_recordset()
        verdicts = Judge(self.env, with_refusals=False).ask(claim, hypothetical=True)
        try:
            return bool(join(verdicts[claim.id]).awards)
        except FactError:
            return False
