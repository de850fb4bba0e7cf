import csv
import io
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..people.authority import decides
from .settlement_files import ROW, write_rows

_logger = logging.getLogger(__name__)


class B2b2cSettlement(models.Model):
    """A settlement is sent to the partner, who agrees, disputes lines, or is silent."""

    _inherit = "b2b2c.settlement"

    paper_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="What was sent; it never changes.",
    )
    table_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Every line that was sent, as a table.",
    )

    # === SENDING === #

    def action_send(self):
        """Send drafts to the partners (officers)."""
        for settlement in self._check_officer():
            contact = settlement._get_contact()
            settlement._move_to("sent", "draft", sent_at=fields.Datetime.now())
            settlement._freeze()
            settlement._message_log(
                body=self.env._("Sent to %s.", contact.email_formatted)
            )
            self.env["b2b2c.notification"]._tell(
                [
                    {
                        "kind": "settlement_sent",
                        "key": f"settlement_sent/{settlement.id}",
                        "contact_id": contact.id,
                        "company_id": settlement.company_id.id,
                        "document_name": settlement.name,
                        "res_model": settlement._name,
                        "res_id": settlement.id,
                    }
                ]
            )
        return True

    def _get_contact(self):
        """Return who gets the settlement.

        :raise UserError: nobody there has an e-mail address
        """
        contact = self.agreement_id._get_contact()
        if not contact.email_normalized:
            raise UserError(
                self.env._(
                    "%s has no e-mail address: enter one, or choose another contact in "
                    "the agreement.",
                    contact.display_name,
                )
            )
        return contact

    def _freeze(self):
        """Store the paper and the table as they are now."""
        attachments = self.env["ir.attachment"].sudo()
        content, kind = self._draw_paper()
        self.paper_id = attachments.create(
            {
                "name": f"{self.name}.{kind}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.table_id = attachments.create(
            {
                "name": f"{self.name}.csv",
                "raw": self._write_table(),
                "mimetype": "text/csv",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _draw_paper(self):
        """Return the paper in the partner's language, ``(bytes, "pdf" or "html")``.

        A server without the program that makes PDF files stores the page.
        """
        contact = self.agreement_id._get_contact()
        lang = contact.lang or self.env.lang
        reports = self.env["ir.actions.report"].sudo().with_context(lang=lang)
        name = "loyalty_b2b2c.report_settlement"
        if reports.get_wkhtmltopdf_state() in ("ok", "upgrade"):
            content, kind = reports._render_qweb_pdf(name, self.ids)
        else:
            content, kind = reports._render_qweb_html(name, self.ids)
        return content, kind

    def _write_table(self):
        """Return all lines that count, as a table that spreadsheets open."""
        contact = self.agreement_id._get_contact()
        partner = self.with_context(lang=contact.lang or self.env.lang)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow([partner.env._(label) for label in ROW.values()])
        field = self.env["b2b2c.settlement.line"]._fields["side"]
        labels = dict(field._description_selection(partner.env))
        rows = self._read_rows()
        write_rows(writer, [{**row, "side": labels[row["side"]]} for row in rows])
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    def _read_rows(self, limit=None, offset=0, condition=None):
        """Return the lines of this settlement for the partner, in the order of days.

        Disputed ones are among them; whose points they are is not.

        :param condition: further SQL condition on ``l``
        :return: list of dict with the keys of :data:`.settlement_files.ROW`, ``id`` and
            ``is_disputed``
        """
        names = ["id", "is_disputed", *ROW]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id, l.is_disputed, l.side, l.day, l.sold_on, p.name, l.ticket,
                       l.points, l.paid, l.price, l.percent, l.amount, old.ticket
                  FROM b2b2c_settlement_line l
             LEFT JOIN res_partner p ON p.id = l.shop_id
             LEFT JOIN b2b2c_settlement_line old ON old.id = l.corrects_id
                 WHERE (l.counted_in_id = %(id)s
                        OR l.settlement_id = %(id)s AND l.is_disputed)
                   AND %(condition)s
              ORDER BY l.day, l.id LIMIT %(limit)s OFFSET %(offset)s
                """,
                id=self.id,
                condition=condition or SQL("TRUE"),
                limit=limit,
                offset=offset,
            )
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _count_rows(self, condition):
        """Return how many lines :meth:`_read_rows` finds."""
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM b2b2c_settlement_line l
                 WHERE (l.counted_in_id = %(id)s
                        OR l.settlement_id = %(id)s AND l.is_disputed)
                   AND %(condition)s
                """,
                id=self.id,
                condition=condition,
            )
        )
        return count

    def _get_by_shop(self):
        """Return what each shop's lines come to, for the paper and the page.

        :return: list of dict with ``shop``, ``side``, ``count``, ``points``, ``amount``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.name, l.side, count(*), coalesce(sum(l.points), 0),
                       sum(l.amount)
                  FROM b2b2c_settlement_line l
             LEFT JOIN res_partner p ON p.id = l.shop_id
                 WHERE l.counted_in_id = %s GROUP BY p.name, l.side ORDER BY 1, 2
                """,
                self.id,
            )
        )
        names = ("shop", "side", "count", "points", "amount")
        return [dict(zip(names, row, strict=True)) for row in rows]

    # === AGREEING === #

    @decides("partner_id", asked_by="made_by_id")
    def action_agree(self):
        """Note that the partner agreed in another way (officers).

        Not by who made the settlement.
        """
        for settlement in self._check_officer():
            settlement._agree("officer", self.env.user)
        return True

    def _agree_for_partner(self, user):
        """Agree for the partner, on the portal.

        :param user: ``res.users`` of the partner
        :raise UserError: this person made the settlement
        """
        if self.env["b2b2c.authority"]._is_same_user(user, self.made_by_id):
            raise UserError(self.env._("You made this settlement: the partner agrees."))
        self._agree("partner", user)

    def _agree(self, how, user):
        """Agree to what counts now; disputed lines stay apart.

        :param str how: of :attr:`agreed_how`
        :param user: ``res.users``, empty for nobody
        """
        self._recount()  # first: the partner's system is told what was agreed
        self._move_to(
            "agreed",
            "sent",
            agreed_at=fields.Datetime.now(),
            agreed_by_id=user.id or None,
            agreed_how=how,
        )
        label = dict(self._fields["agreed_how"]._description_selection(self.env))[how]
        self._message_log(body=self.env._("Agreed: %s", label))
        self._after_agreeing()

    def _after_agreeing(self):
        """Do what follows when a settlement is agreed; extend with ``super()``."""
        return True

    @api.model
    def _cron_agree_by_silence(self):
        """Agree to what nobody answered in the time that is agreed."""
        for settlement in self.sudo().search([("state", "=", "sent")]):
            days = settlement.agreement_id._get_silence_days()
            if not days:
                continue
            if settlement.sent_at + timedelta(days=days) > fields.Datetime.now():
                continue
            settlement._agree("silence", self.env["res.users"])
            if not self.env["ir.cron"]._commit_progress(1):
                break
