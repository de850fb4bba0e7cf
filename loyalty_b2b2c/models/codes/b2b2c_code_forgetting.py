from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.product_code import KEPT, keep

CHUNK = 50000


class B2b2cCodeForgetting(models.Model):
    """Codes that are printed need not stand in the database: then they are kept as a
    keyed hash and their last characters.

    Whoever copies the table can scan none of them.  They are found, claimed, shipped
    and blocked as before; only printing them again needs what is on paper.
    """

    _inherit = "b2b2c.code.batch"

    codes_kept = fields.Selection(
        [
            ("clear", "As they are printed"),
            ("forgetting", "Being forgotten"),
            ("hashed", "As hashes only"),
        ],
        string="Codes Are Kept",
        required=True,
        readonly=True,
        copy=False,
        default="clear",
    )

    def action_forget_codes(self):
        """Keep only hashes of the codes, and no PINs: printing is done (managers)."""
        own = self._own()
        own._forget_codes()
        return True

    def action_close(self):
        """End a batch for good; nobody prints its codes any more (managers)."""
        result = super().action_close()
        self._own()._forget_codes()
        return result

    def _forget_codes(self):
        """Begin to forget the codes of these batches; few are forgotten at once."""
        for batch in self.filtered(lambda batch: batch.codes_kept == "clear"):
            if batch.state in ("draft", "making"):
                raise UserError(
                    self.env._("The codes of “%s” are not made yet.", batch.name)
                )
            batch.write({"codes_kept": "forgetting", "print_secret": False})
            if batch._forget_chunk() == CHUNK:
                self.env.ref("loyalty_b2b2c.cron_codes").sudo()._trigger()

    def _forget_chunk(self):
        """Forget the next codes.

        :return: how many
        """
        self.ensure_one()
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, code FROM b2b2c_code
                    WHERE batch_id = %s AND NOT starts_with(code, %s) LIMIT %s""",
                self.id,
                KEPT,
                CHUNK,
            )
        )
        pepper = self._get_pepper()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b2c_code c SET code = v.code
                  FROM unnest(%s::int[], %s::text[]) AS v (id, code)
                 WHERE c.id = v.id
                """,
                [code_id for code_id, _code in rows],
                [keep(pepper, code) for _id, code in rows],
            )
        )
        self.env["b2b2c.code"].invalidate_model(flush=False)
        if len(rows) < CHUNK:
            self.codes_kept = "hashed"
        return len(rows)

    @api.model
    def _cron_make(self):
        """Make codes that wait, and forget those that are printed."""
        super()._cron_make()
        for batch in self.search([("codes_kept", "=", "forgetting")], order="id"):
            while batch.codes_kept == "forgetting":
                if not self.env["ir.cron"]._commit_progress(batch._forget_chunk()):
                    return
