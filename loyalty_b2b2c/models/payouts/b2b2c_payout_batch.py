import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import tabular
from ...engine import bank_answer, bank_file, to_decimal
from ...engine.bank_answer import AnswerError
from ...engine.bank_file import BankFileError, PaymentOrder, Transfer

#: Ways to tell a bank; stored values are for ever.
FORMATS = [
    ("pain03", "SEPA / ISO 20022 (pain.001.001.03)"),
    ("pain09", "SEPA / ISO 20022 (pain.001.001.09)"),
    ("csv", "Table (CSV)"),
]
#: The largest answer of a bank that is read.
MAX_BYTES = 20 * 1024 * 1024


class B2b2cPayoutBatch(models.Model):
    """Payouts that one bank file tells a bank to pay; the file stays as it was sent."""

    _name = "b2b2c.payout.batch"
    _description = "Bank File of Payouts"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid From",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    day = fields.Date("Pay On", required=True, readonly=True)
    file_format = fields.Selection(
        FORMATS, string="Format", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Made By", readonly=True, ondelete="set null"
    )
    payout_ids = fields.One2many("b2b2c.payout", "batch_id", string="Payouts")
    payout_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer("Not Confirmed", compute="_compute_counts")
    file = fields.Binary(
        readonly=True, attachment=True, groups="loyalty_b2b2c.group_manager"
    )
    file_name = fields.Char(readonly=True)

    @api.depends("payout_ids.state")
    def _compute_counts(self):
        for batch in self:
            states = batch.payout_ids.mapped("state")
            batch.payout_count = len(states)
            batch.waiting_count = states.count("ordered")

    def write(self, vals):
        """Let clients handle the activities only: what was sent to a bank stays."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("What was sent to a bank stays as it is."))
        return super().write(vals)

    # === THE FILE: callers check rights === #

    @api.model
    def _make(self, payouts, user, journal, day, kind):
        """Order payments and write the file that tells the bank: all, or nothing.

        :param payouts: ``b2b2c.payout``, approved
        :param user: ``res.users`` who orders them
        :param journal: ``account.journal`` of the bank account
        :param date day: when the bank should pay
        :param str kind: a value of :data:`FORMATS`
        :return: the batch
        :raise UserError: one of them cannot be paid, or not by such a file
        """
        company = payouts.company_id.ensure_one()
        batch = self.sudo().create(
            {
                "name": self.env["ir.sequence"].next_by_code(self._name),
                "company_id": company.id,
                "journal_id": journal.id,
                "day": day,
                "file_format": kind,
                "user_id": user.id,
            }
        )
        for payout in payouts.sudo().sorted("id"):
            payout._order_payment(user, journal, day, batch)
        batch._write_file()
        return batch

    def _write_file(self):
        """Store the file that tells the bank.

        :raise UserError: a bank would refuse it
        """
        order = self._get_order()
        try:
            if self.file_format == "csv":
                content = tabular.write_csv(bank_file.get_table(order))
            else:
                content = bank_file.write_pain(order, self.file_format)
        except BankFileError as error:
            raise UserError(self._word_error(error)) from None
        suffix = "csv" if self.file_format == "csv" else "xml"
        self.write(
            {"file": base64.b64encode(content), "file_name": f"{self.name}.{suffix}"}
        )

    def _get_order(self):
        """Return what the file says, as ``engine.bank_file`` wants it."""
        bank = self.sudo().journal_id.bank_account_id
        return PaymentOrder(
            reference=self.name,
            written_at=fields.Datetime.context_timestamp(
                self, fields.Datetime.now()
            ).replace(tzinfo=None),
            day=self.day,
            name=bank.acc_holder_name or self.company_id.name,
            iban=(bank.sanitized_acc_number or "") if bank.acc_type == "iban" else "",
            bic=bank.bank_bic or "",
            transfers=tuple(
                Transfer(
                    reference=payout.name,
                    amount=to_decimal(payout.currency_id.round(payout.paid_amount)),
                    currency=payout.currency_id.name,
                    name=payout.holder,
                    iban=payout.bank_id.sanitized_acc_number,
                    text=payout._word_document(),
                )
                for payout in self.sudo().payout_ids.sorted("id")
            ),
        )

    def _word_error(self, error):
        """Return why a bank would refuse the file, and what to do."""
        sentence = {
            "empty": self.env._("There is nothing to pay."),
            "account": self.env._(
                "A bank file needs the IBAN of your own bank account: enter it in the "
                "journal “%s”.",
                self.journal_id.name,
            ),
            "amount": self.env._("A bank does not pay such an amount."),
            "name": self.env._(
                "The name or the text cannot be written in Latin letters."
            ),
            "reference": self.env._("A bank does not take such a number."),
        }[error.code]
        return f"{error.reference}: {sentence}" if error.reference else sentence

    # === THE ANSWER: callers check rights === #

    def _read_answer(self, content, user):
        """Take what the bank answered to this file.

        :param bytes content: of the answer: pain.002, camt.052 to 054, or a table
        :param user: ``res.users`` who brought it
        :return: list of sentences: what was done, and what was not understood
        :raise UserError: it is no answer
        """
        self.ensure_one()
        done = {"paid": 0, "returned": 0, "open": 0}
        problems = []
        for answer in self._parse_answer(content):
            for payout, problem in self._match(answer):
                if problem:
                    problems.append(problem)
                    continue
                done[self._take_answer(payout, answer, user)] += 1
        self._message_log(
            body=self.env._("Answer of the bank, brought by %s.", user.name)
        )
        return [
            self.env._("Paid: %s", done["paid"]),
            self.env._("Came back: %s", done["returned"]),
            self.env._("Nothing new: %s", done["open"]),
            *problems,
        ]

    def _parse_answer(self, content):
        """Return the answers in a file.

        :raise UserError: it is none, or too large
        """
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("This file is too large."))
        try:
            if bank_answer.is_xml(content):
                return bank_answer.read_xml(content)
            return bank_answer.read_rows(tabular.read_table(content))
        except (AnswerError, tabular.TableError):
            raise UserError(
                self.env._(
                    "This is no answer of a bank: send its XML file (pain.002 or "
                    "camt), or a table with the columns number, status and reason."
                )
            ) from None

    def _match(self, answer):
        """Return the payouts of this batch an answer is about, each with a problem or
        none."""
        if not answer.reference:
            if answer.batch == self.name:
                return [(payout, "") for payout in self.payout_ids]
            return [(None, self.env._("%s is another file.", answer.batch))]
        payout = self.payout_ids.filtered(lambda p: p.name == answer.reference)
        if not payout:
            return [(None, self.env._("%s is not of this file.", answer.reference))]
        if answer.amount is None:
            return [(payout, "")]
        told = float(answer.amount)  # float: what Odoo's currencies compare
        if payout.currency_id.compare_amounts(told, payout.paid_amount):
            problem = self.env._(
                "%(payout)s: the bank says %(told)s, we ordered %(ordered)s.",
                payout=payout.name,
                told=payout._word_amount(told),
                ordered=payout._word_amount(payout.paid_amount),
            )
            return [(None, problem)]
        return [(payout, "")]

    def _take_answer(self, payout, answer, user):
        """Let a payout follow what the bank says.

        :return: what was done: ``"paid"``, ``"returned"`` or ``"open"``
        """
        nobody = self.env["res.users"]
        if answer.verdict == bank_answer.PAID and payout.state == "ordered":
            payout._confirm("answer", nobody)
            return "paid"
        if answer.verdict == bank_answer.RETURNED and payout.state in (
            "ordered",
            "paid",
        ):
            reason = answer.reason or self.env._("no reason given")
            payout._come_back(
                user, self.env._("The bank sent the money back: %s", reason)
            )
            return "returned"
        return "open"

    # === ACTION METHODS === #

    def action_open_payouts(self):
        """Open the payouts of this file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_payout_action"
        )
        return dict(action, domain=[("batch_id", "=", self.id)], context={})
