import re

from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from odoo.addons.loyalty_b2b2c.models.base.numbers import word_number
from odoo.addons.loyalty_b2b2c.values import shown

from . import words

#: So many receipts stand on a page.
PER_PAGE = 100
#: State of a settlement -> tone of Bootstrap.
_TONES = {"sent": "warning", "agreed": "success"}


class Settlements:
    """The pages on which a partner looks at settlements.

    Whose they are is decided here: those of agreements whose contact the person is, or
    of the person itself when an agreement names no contact.

    :param user: ``res.users`` who is logged in
    """

    def __init__(self, user):
        self.env = user.env
        self.user = user
        partner = user.partner_id
        agreements = self.env["b2b2c.partner.agreement"].sudo()
        self.agreements = agreements.search(
            Domain("contact_id", "=", partner.id)
            | Domain("contact_id", "=", False) & Domain("partner_id", "=", partner.id)
        )

    def search(self, domain=(), **options):
        """Return settlements the person may see: what was sent (sudo)."""
        domain = [
            ("agreement_id", "in", self.agreements.ids),
            ("state", "!=", "draft"),
            *domain,
        ]
        return self.env["b2b2c.settlement"].sudo().search(domain, **options)

    def rows(self, offset=0, limit=None):
        """Return settlements in words, the newest first."""
        return [self.row(one) for one in self.search(offset=offset, limit=limit)]

    def row(self, settlement):
        """Return a settlement in words."""
        states = {
            "sent": self.env._("Please look at it"),
            "agreed": self.env._("Agreed"),
        }
        is_paid = settlement.books_state == "paid"
        balance = settlement.net_amount
        return {
            "id": settlement.id,
            "name": settlement.name,
            "company": settlement.company_id.name,
            "period": " – ".join(
                words.day(self.env, day)
                for day in (settlement.date_from, settlement.date_to)
            ),
            "status": self.env._("Paid") if is_paid else states[settlement.state],
            "tone": _TONES[settlement.state],
            "is_open": settlement.state == "sent",
            "owes": self._money(settlement, settlement.earned_amount),
            "spent": self._money(settlement, settlement.spent_amount),
            "shipped": self._money(settlement, settlement.shipped_amount)
            if settlement.shipped_amount
            else "",
            "balance": self._money(settlement, abs(balance)),
            "we_pay": balance < 0,
            "disputed": self._money(settlement, settlement.disputed_amount)
            if settlement.disputed_count
            else "",
        }

    def documents(self, settlement):
        """Return the posted documents of a settlement, in words."""
        return [
            {
                "name": move.name,
                "what": self.env._("Your invoice from us")
                if move == settlement.invoice_id
                else self.env._("What we pay you for"),
                "amount": format_amount(self.env, move.amount_total, move.currency_id),
            }
            for move in settlement.invoice_id | settlement.bill_id
            if move.state == "posted"
        ]

    def count(self, settlement, query="", side=""):
        """Return how many receipts :meth:`lines` finds on all pages."""
        return settlement._count_rows(self._get_condition(query, side))

    def _get_condition(self, query, side):
        """Return the SQL condition of what somebody looks for."""
        condition = SQL("TRUE")
        if query:
            pattern = re.sub(r"([\\%_])", r"\\\1", query)
            condition = SQL("l.ticket ILIKE %s", f"%{pattern}%")
        if side in ("earned", "spent", "shipped"):
            condition = SQL("%s AND l.side = %s", condition, side)
        return condition

    def lines(self, settlement, page=1, query="", side=""):
        """Return a page of receipts in words.

        :param str query: a part of a receipt's number
        :param str side: of the lines, empty for all
        """
        condition = self._get_condition(query, side)
        rows = settlement._read_rows(PER_PAGE, (page - 1) * PER_PAGE, condition)
        disputes = {}
        for dispute in settlement.dispute_ids.sorted("id"):
            disputes[dispute.line_id.id] = dispute
        labels = {
            "earned": self.env._("Points given"),
            "spent": self.env._("Paid with points"),
            "shipped": self.env._("Goods shipped"),
        }
        return [
            {
                "id": row["id"],
                "what": labels[row["side"]],
                "day": words.day(self.env, row["day"]),
                "sold_on": words.day(self.env, row["sold_on"]),
                "shop": row["shop"] or "",
                "ticket": row["ticket"] or "",
                "how": self._explain(settlement, row),
                "amount": self._money(settlement, row["amount"]),
                "corrects": row["corrects"] or "",
                "is_disputed": row["is_disputed"],
                "dispute": self._word_dispute(disputes.get(row["id"])),
                "can_dispute": settlement.state == "sent"
                and not row["is_disputed"]
                and row["id"] not in disputes,
            }
            for row in rows
        ]

    def _explain(self, settlement, row):
        """Return how an amount comes about, as a short calculation."""
        if row["percent"] is None:
            return ""
        percent = f"{word_number(self.env, shown(row['percent']))} %"
        if row["side"] == "earned":
            points = word_number(self.env, shown(row["points"]))
            points = self.env._("%s points", points)
            currency = settlement.currency_id
            price = words.price(self.env, shown(row["price"]), currency)
            return f"{points} × {price} × {percent}"
        return f"{self._money(settlement, row['paid'])} × {percent}"

    def _word_dispute(self, dispute):
        """Return what became of a dispute, ``None`` when there is none."""
        if not dispute:
            return None
        states = {
            "open": self.env._("You said: %s", dispute.reason),
            "accepted": self.env._("Taken back."),
            "refused": self.env._("It stays."),
        }
        return {
            "tone": "warning" if dispute.state == "open" else "secondary",
            "words": " ".join(filter(None, [states[dispute.state], dispute.answer])),
            "thread": [
                {
                    "author": message.author_id.name,
                    "day": words.day(self.env, message.date),
                    "body": message.body,
                }
                for message in dispute.message_ids.sorted("id")
                if message.message_type == "comment" and not message.is_internal
            ],
            "id": dispute.id,
            "is_open": dispute.state == "open",
        }

    def _money(self, settlement, amount):
        return format_amount(self.env, shown(amount), settlement.currency_id)
