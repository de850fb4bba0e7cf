from odoo import api, models


class B2b2cCounterparty(models.AbstractModel):
    """Terms with one company: nobody who belongs to it writes them.

    What is the same for everybody, as a rule, is a manager's to say, who may take part
    himself.  What is agreed with one company is good for that company alone: its rate,
    the size of what its till reports, the target of its shop.
    """

    _name = "b2b2c.counterparty"
    _description = "Terms with One Company"

    #: Paths of fields to the company, ``res.partner``.
    _counterparty = ("partner_id",)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_counterparty()
        return records

    def write(self, vals):
        """Refuse who belongs to the company of before, or to that of now."""
        self.check_access("write")  # before anything is said of the record
        self._check_counterparty()
        result = super().write(vals)
        self._check_counterparty()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_counterparty()
        return super().unlink()

    def _check_counterparty(self):
        """Refuse the user when the terms are those of a company he belongs to.

        :raise UserError: somebody else has to write them
        """
        if self.env.su:
            return
        records, partners = self.sudo(), self.env["res.partner"].sudo()
        for path in self._counterparty:
            partners |= records.mapped(path)
        self.env["b2b2c.authority"]._check(self.env.user, partners=partners)
