from decimal import Decimal

from odoo import api, fields, models

from ...exceptions import IntakeError
from ...recognition import fiscal


class B2b2cReceipt(models.Model):
    """Receipts whose text a system sends: no photo, the same checks.

    Values are checked and names looked up by ``b2b2c.intake`` before.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.receipt"

    @api.model
    def _report(self, vals, *, company):
        """Record a receipt by its text and decide on it at once.

        :param dict vals: JSON values as ``openapi.json`` describes ``Receipt``
        :param company: whose program it is
        :return: ``(receipt, was it new?)``
        :raise IntakeError: it can not be recorded; nothing was written
        """
        member = self._find_reported_member(vals, company)
        found = self._read_reported(vals)
        receipts = self.sudo().with_context(allowed_company_ids=company.ids)
        claim, created = receipts.env["b2b2c.claim"]._submit(
            member,
            {
                "kind": "receipt",
                "reference": found["fiscal_number"] or found["number"] or "API",
                "request_key": self._get_reported_key(found),
            },
        )
        if not created:
            return receipts.search([("claim_id", "=", claim.id)]), False
        receipt = receipts.create(
            {
                "claim_id": claim.id,
                "company_id": company.id,
                "origin": "api",
                "read_state": "done",
                "doubts": [],
                **found,
            }
        )
        receipt._set_reported_lines(vals.get("lines") or [], company)
        receipt._decide()
        return receipt, True

    def _find_reported_member(self, vals, company):
        """Return who handed the receipt in.

        :raise IntakeError: nobody, or somebody who takes no part in sales
        """
        intake = self.env["b2b2c.intake"]
        members = intake._find_member(company, **vals["member"])
        members = members.filtered(lambda member: member.state == "enrolled")
        sellers = members.filtered(lambda member: member._sells())
        member = (sellers or members)[:1]
        if not member:
            message = self.env._("This person does not take part.")
            raise IntakeError("unknown_member", message, "member")
        return member

    def _read_reported(self, vals):
        """Return columns out of the text of a QR code and of single values.

        :raise IntakeError: they say too little to tell receipts apart
        """
        code = fiscal.parse(vals.get("code")) or fiscal.Fiscal("none")
        day = vals.get("date")
        found = {
            "number": vals.get("number"),
            "fiscal_number": vals.get("fiscal_number") or code.number,
            "register_number": vals.get("register_number") or code.register,
            "issued_on": self._read_day(day) if day else code.issued_on,
            "issued_time": code.time,
            "amount_total": Decimal(vals.get("amount") or code.total or 0),
        }
        for name, field in (("issued_on", "date"), ("amount_total", "amount")):
            if not found[name]:
                message = self.env._("Say the date and the total of the receipt.")
                raise IntakeError("missing_value", message, field)
        if not (found["number"] or found["fiscal_number"]):
            message = self.env._("Say the number of the receipt, or send its QR code.")
            raise IntakeError("missing_value", message, "fiscal_number")
        return found

    def _read_day(self, text):
        try:
            return fields.Date.to_date(text)
        except ValueError:
            message = self.env._("A date is written 2026-03-02.")
            raise IntakeError("invalid_value", message, "date") from None

    def _get_reported_key(self, found):
        """Return what makes the same report of the same person one."""
        parts = (found[name] or "" for name in ("fiscal_number", "number", "issued_on"))
        return "api|" + "|".join(map(str, (*parts, found["amount_total"])))

    def _set_reported_lines(self, lines, company):
        """Store reported lines, each with its product when it is known."""
        if not lines:
            return
        catalogue = self.env["b2b2c.receipt.catalogue"]._get(company)
        rows = []
        for line in lines:
            name, gtin = line.get("name"), line.get("gtin")
            rows.append(
                {
                    "receipt_id": self.id,
                    "name": name,
                    "gtin": gtin,
                    "product_id": catalogue.match(name, gtin)[0],
                    "quantity": line.get("quantity", 1),
                    "amount_total": line.get("amount", 0),
                }
            )
        self.env["b2b2c.receipt.line"].sudo().create(rows)
