from odoo import models

#: What makes a contact another company's.
_BELONGING = {"parent_id", "is_company"}


class ResPartner(models.Model):
    """Adapter: who bought is written down before a contact moves to another company."""

    _inherit = "res.partner"

    def write(self, vals):
        if _BELONGING & vals.keys():
            moved = self._b2b2c_get_moved(vals)
            if moved:
                moved._b2b2c_before_move(vals)
        return super().write(vals)

    def _b2b2c_get_moved(self, vals):
        """Return those of these contacts that ``vals`` put somewhere else."""
        return self.filtered(
            lambda partner: any(
                partner._fields[name].convert_to_write(partner[name], partner)
                != (vals[name] or False)
                for name in _BELONGING & vals.keys()
            )
        )

    def _b2b2c_before_move(self, vals):
        """Keep who bought what, before ``vals`` put these contacts somewhere else.

        Packages that have to do more extend it with ``super()``.

        :raise UserError: one of them must not move
        """
        self.env["b2b2c.source"].sudo()._keep_before_move(self)
