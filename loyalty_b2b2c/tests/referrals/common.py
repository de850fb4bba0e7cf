"""A teacher recommends a shop; parents buy."""

from odoo import fields

from ..common import LoyaltyCommon


class ReferralCommon(LoyaltyCommon):
    """Iryna recommends with a code; Petro is nobody's customer yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"role": "employee"})
        cls.campaign = cls.env["b2b2c.referral.campaign"].create(
            {
                "name": "Teachers recommend",
                "company_id": cls.company.id,
                "program_id": cls.program.id,
                "counts_for": "always",
            }
        )
        cls.iryna = cls._create_recommender("Iryna Bondar")
        cls.link = cls._get_link(cls.iryna)
        cls.petro = cls._create_customer("Petro Melnyk")
        cls.links = cls.env["b2b2c.referral.link"]
        cls.referrals = cls.env["b2b2c.referral"]
        cls.uses = cls.env["b2b2c.referral.use"]
        cls.touches = cls.env["b2b2c.referral.touch"]

    @classmethod
    def _create_recommender(cls, name, **values):
        first = name.split()[0].lower()
        values = {"role": "recommender", "email": f"{first}@example.com", **values}
        return cls._create_member(name=name, phone=False, **values)

    @classmethod
    def _get_link(cls, member, campaign=None):
        return cls.env["b2b2c.referral.link"]._ensure(member, campaign or cls.campaign)

    @classmethod
    def _create_customer(cls, name, **values):
        """Create a private person whom nobody knows."""
        first = name.split()[0].lower()
        values = {"name": name, "email": f"{first}@home.example.com", **values}
        return cls.env["res.partner"].create(values)

    def _buy(self, customer, link=None, quantity=1, **values):
        """Let a customer order, with a code if there is one; return the order."""
        order = self._create_order(
            quantity=quantity, partner_id=customer.id, confirm=False, **values
        )
        order.action_confirm()
        if link:
            # an add-on with a discount takes a code off that cannot be used, as long as
            # the order is open; here it is about what becomes of it when it is sold
            self.assertTrue(self.uses._note(order, link, "order", customer))
        self._process()
        if link:
            use = self.uses._find(order)
            self.assertTrue(use.referral_id, self._tell_settling(order, use))
        return order

    def _tell_settling(self, order, use):
        """Return what is known of a purchase that came to no recommendation."""
        events = self._events(order)
        return {
            "order": (order.id, order.state, order.company_id.id),
            "events": events.mapped(lambda one: (one.state, one.reason, one.attempts)),
            "use": use.read(["link_id", "partner_id", "how", "number"]),
            "buyer": self.env["b2b2c.source.sale.order"]._get_parties(order).buyer.id,
            "counting": self.campaign._get_ids_counting(order.company_id.id),
        }

    def _open(self, link, customer, days_ago=0):
        """Let a customer open a link some days ago."""
        self.touches._touch(link, "page", partner=customer)
        self.env.cr.execute(
            "UPDATE b2b2c_referral_touch SET touched_at = touched_at - %s * interval"
            " '1 day' WHERE id = (SELECT max(id) FROM b2b2c_referral_touch)",
            [days_ago],
        )
        self.env.invalidate_all()

    def _get_brought(self, customer):
        """Return (recommender, state) of the recommendations of a customer."""
        found = self.referrals.search([("partner_id", "=", customer.id)], order="id")
        return [(one.referrer_id, one.state) for one in found]

    @property
    def today(self):
        return fields.Date.today()
