from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..base.days import word_day
from ..people.authority import decides

#: What a person chooses from when refusing, reason code -> on the button.
REFUSALS = [
    ("not_readable", "Not readable"),
    ("not_receipt", "Not a receipt"),
    ("not_ours", "No product of ours"),
    ("same_receipt", "Handed in before"),
    ("too_old", "Too old"),
    ("altered", "Altered"),
    ("by_person", "Another reason"),
]


class B2b2cReceipt(models.Model):
    """The desk of those who look at receipts."""

    _inherit = "b2b2c.receipt"

    @api.depends_context("uid")
    def _compute_waiting_count(self):
        count = self.search_count(self._get_waiting_domain())
        for receipt in self:
            is_one = receipt.state == "review" and (
                receipt.first_reviewer_id != self.env.user
            )
            receipt.waiting_count = count - is_one

    @decides("submitter_id", "partner_id")
    def action_approve(self):
        """Accept this receipt (officers), above the limit as the first of two.

        :return: a short message, and then the next receipt that waits
        """
        receipt = self._check_reviewer()
        if receipt._needs_another(self.env.user):
            text = self.env._(
                "%s: approved by you; a second person has to.", receipt.display_name
            )
        else:
            receipt._approve(self.env.user)
            text = receipt._get_approved_text()
            return self._open_next(text, undo=receipt)
        return self._open_next(text)

    def _get_approved_text(self):
        """Return what somebody is told who approved: who got points, and how many."""
        paid = self.claim_id._word_booked()
        if not paid:
            return self.env._("%s: approved.", self.display_name)
        return self.env._(
            "%(name)s: approved. %(paid)s.", name=self.display_name, paid=paid
        )

    @decides("submitter_id", "partner_id")
    def action_undo(self):
        """Take an approval of one's own back (officers): the receipt waits again.

        :return: the action that opens it
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on receipts.")
            )
        self.check_access("read")
        receipt = self.sudo()
        if receipt.state != "accepted" or receipt.decided_by_id != self.env.user:
            raise UserError(
                self.env._(
                    "%s is not as you left it: somebody else has decided since.",
                    receipt.display_name,
                )
            )
        receipt.claim_id._reopen(self.env.user)
        return {
            "type": "ir.actions.client",
            "tag": "b2b2c_receipt_next",
            "params": {
                "res_id": self.id,
                "message": self.env._(
                    "%s waits again; its points were taken back.", receipt.display_name
                ),
            },
        }

    @decides("submitter_id", "partner_id")
    def action_refuse(self):
        """Ask why this receipt is refused (officers)."""
        self._check_reviewer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "b2b2c.receipt.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    @decides("submitter_id", "partner_id")
    def action_read_again(self):
        """Read photos again (officers): better libraries may be there by now."""
        receipt = self._check_reviewer()
        if not receipt.page_ids:
            raise UserError(self.env._("There is no photo to read."))
        receipt._release_keys()
        receipt.write(
            {"read_state": "waiting", "read_attempts": 0, "first_reviewer_id": False}
        )
        receipt.claim_id.write({"state": "draft", "reason_code": False})
        self.env.ref("loyalty_b2b2c.cron_receipt").sudo()._trigger()
        return True

    def action_next(self):
        """Open the next receipt that waits for this person, else the list."""
        return self._open_next()

    def _open_next(self, text=None, undo=None):
        """Return the action that opens the next receipt that waits, else the list.

        :param str text: what was done, shown for a moment
        :param undo: the receipt whose decision can be taken back from there
        """
        waiting = self._get_waiting(after=self[:1].id or 0) or self._get_waiting()
        return {
            "type": "ir.actions.client",
            "tag": "b2b2c_receipt_next",
            "params": {
                "res_id": waiting.id,
                "message": text,
                "undo": undo.id if undo else False,
            },
        }

    def _get_waiting(self, after=0):
        """Return the oldest receipt the user can decide on, after another one."""
        domain = [*self._get_waiting_domain(), ("id", ">", after)]
        return self.search(domain, order="id", limit=1)

    def _get_waiting_domain(self):
        """Return the domain of receipts the user can decide on."""
        return [
            ("claim_id.state", "=", "review"),
            ("first_reviewer_id", "!=", self.env.uid),
        ]

    def _check_reviewer(self):
        """Return this receipt (with sudo) for an officer who may decide on it.

        :raise UserError: the user may not, or it does not wait for anybody
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on receipts.")
            )
        self.check_access("read")
        receipt = self.sudo()
        if receipt.state != "review":
            raise UserError(
                self.env._("%s does not wait for a decision.", receipt.display_name)
            )
        return receipt

    def _needs_another(self, user):
        """Note a first approval; tell whether a second person has to follow.

        :raise UserError: the same person a second time
        """
        if not self.needs_second:
            return False
        if self.env["b2b2c.authority"]._is_same_user(user, self.first_reviewer_id):
            raise UserError(
                self.env._(
                    "You approved it already; above %(limit)s a second person does.",
                    limit=self.company_id.b2b2c_receipt_limit,
                )
            )
        if self.first_reviewer_id:
            return False
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b2c_receipt SET first_reviewer_id = %s
                 WHERE id = %s AND first_reviewer_id IS NULL
                """,
                user.id,
                self.id,
            )
        )
        self.invalidate_recordset(["first_reviewer_id"])
        self.claim_id.message_post(
            body=self.env._("%s approved; a second person has to.", user.name)
        )
        return True

    def _block_corrections(self):
        """Let nobody correct this receipt while it is decided on.

        A correction writes the same row.  Of a decision and a correction at the same
        time, Odoo repeats the later one, which then finds what the other did.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_receipt SET read_state = read_state"
                " WHERE id = %s RETURNING id",
                self.id,
            )
        )

    def _approve(self, user):
        """Accept what stands on the receipt now.

        :raise UserError: it says too little, or was paid already
        """
        self._block_corrections()
        if not self._get_keys():
            raise UserError(
                self.env._("Enter the serial of the stamp.")
                if self.kind == "tax_stamp"
                else self.env._("Enter number, date and total of the receipt.")
            )
        original = self._take_keys()
        if original:
            raise UserError(
                self.env._(
                    "It is the same as %(name)s, handed in on %(day)s.",
                    name=original.display_name,
                    day=word_day(self.env, original.submitted_at),
                )
            )
        self._fill_claim()
        self._check_products()
        self.claim_id._accept(user)
        self._learn()

    def _check_products(self):
        """Ask for the product of what would earn nothing because it names none.

        :raise UserError: a line has no product, and no rule takes such a line
        """
        lines = self.claim_id.line_ids
        if not lines or all(line.product_id for line in lines) or self._would_earn():
            return
        raise UserError(
            self.env._(
                "Nobody would get anything for it: choose the product of the line. If "
                "it is none of ours, refuse it."
            )
        )

    def _withdraw(self):
        """Take a receipt back as the participant wishes, while nobody decided on it; it
        can be handed in again.

        :raise UserError: it was decided already
        """
        self.ensure_one()
        self.claim_id._withdraw()
        self._release_keys()

    def _refuse(self, reason_code, user, note=None):
        """Refuse a receipt for a reason; others may hand it in again.

        :param reason_code: of :data:`REFUSALS`
        """
        self._block_corrections()
        self._release_keys()
        self.claim_id._refuse(reason_code, user, note)
