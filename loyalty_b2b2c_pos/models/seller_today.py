"""What a seller sees of the own work at a till: today, the points, the own place."""

from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine import day_start
from odoo.addons.loyalty_b2b2c.models.base.days import get_today
from odoo.addons.loyalty_b2b2c.values import naive

from . import till_people

#: So many colleagues are shown where the company shares places.
_SHOWN = 10


class SellerToday:
    """Answers one seller about himself.

    :param config: ``pos.config`` as superuser
    :param seller: ``b2b2c.till.seller``, empty before the first sale
    :param partner: ``res.partner``, the participant
    :param employer: ``res.partner`` at which the participant sells
    """

    def __init__(self, config, seller, partner, employer):
        self.env = config.env
        self.config = config
        self.company = config.company_id
        self.seller = seller
        self.partner = partner
        members = self.env["b2b2c.member"].with_context(active_test=False)
        self.members = members.search(
            [("partner_id", "=", partner.id), ("employer_id", "=", employer.id)]
        )
        today = get_today(self.company)
        zone = self.company.b2b2c_timezone or "UTC"
        self.since = naive(day_start(today, zone))
        self.month = naive(day_start(today.replace(day=1), zone))

    def tell(self):
        """Return what the till shows, texts in the reader's language."""
        count, amount = self._get_sales()
        accounts = self.members.account_ids.sorted("id")
        units = accounts.unit_id
        today = self._sum_earned(accounts.ids, self.since)
        return {
            "sales": count,
            "amount": self.config.currency_id.format(amount),
            "units": [
                {
                    "today": unit._format(today.get(unit.id, 0)),
                    "available": unit._format(sum(own.mapped("balance_available"))),
                    "pending": unit._format(sum(own.mapped("balance_pending"))),
                }
                for unit, own in accounts.grouped("unit_id").items()
            ],
            **(self._get_place(units[0]) if units else {}),
        }

    def _get_sales(self):
        """Return how many tickets the seller sold today, and for how much."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), coalesce(sum(o.amount_total), 0)
                  FROM b2b2c_ticket t JOIN pos_order o ON o.id = t.order_id
                 WHERE (t.seller_id = ANY(%s) OR t.partner_id = %s)
                   AND t.company_id = %s AND t.arrived_at >= %s AND o.amount_total > 0
                """,
                self.seller.ids,
                self.partner.id,
                self.company.id,
                self.since,
            )
        )
        return row

    def _sum_earned(self, account_ids, since):
        """Return unit id -> what tickets brought these accounts since an instant."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unit_id, sum(points + points_pending - points_debt)
                  FROM b2b2c_ledger_entry
                 WHERE account_id = ANY(%s) AND recorded_at >= %s
                   AND document_model = 'pos.order' AND award_key IS NOT NULL
              GROUP BY unit_id
                """,
                account_ids,
                since,
            )
        )
        return dict(rows)

    def _get_place(self, unit):
        """Return the place among the sellers of the shop by the points of tickets of
        this month; of the others neither names nor points, unless the company shares
        them."""
        rows = self._rank(unit)
        own = set(self.members.partner_id.ids)
        place = next((n for n, row in enumerate(rows, 1) if row[0] in own), None)
        if place is None:
            return {}
        points = rows[place - 1][1]
        told = {
            # who has as much shares the place
            "place": 1 + sum(row[1] > points for row in rows),
            "of": len(rows),
            "month": unit._format(points),
        }
        if self.company.b2b2c_share_places:
            people = self.env["res.partner"]
            told["colleagues"] = [
                {
                    "name": people.browse(partner_id).name,
                    "points": unit._format(points),
                    "own": partner_id in own,
                }
                for partner_id, points in rows[:_SHOWN]
            ]
        return told

    def _rank(self, unit):
        """Return (person, points of this month) of the shop's sellers, most first."""
        sells = self.env["b2b2c.role"]._get_role_codes("sells")
        members = self.env["b2b2c.member"].search(
            till_people.get_members_domain(self.config)
        )
        members = members.filtered(
            lambda member: (
                member in self.members
                or (member.state == "enrolled" and member.role in sells)
            )
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id,
                       coalesce(sum(e.points + e.points_pending - e.points_debt), 0)
                  FROM b2b2c_member m
             LEFT JOIN b2b2c_account a ON a.member_id = m.id AND a.unit_id = %s
             LEFT JOIN b2b2c_ledger_entry e
                    ON e.account_id = a.id AND e.recorded_at >= %s
                   AND e.document_model = 'pos.order' AND e.award_key IS NOT NULL
                 WHERE m.id = ANY(%s)
              GROUP BY m.partner_id ORDER BY 2 DESC, 1
                """,
                unit.id,
                self.month,
                members.ids,
            )
        )
