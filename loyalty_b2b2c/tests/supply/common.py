from odoo import Command

from ..common import LoyaltyCommon


class SupplyCommon(LoyaltyCommon):
    """An owner with 1,000 points of 0.10 each; coffee for 8.00 and tea for 5.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("supplying", "loyalty_b2b2c.group_officer")
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.shop = cls.env["res.partner"].create(
            {"name": "Corner Shop", "is_company": True, "city": "Lviv"}
        )
        cls.owner = cls._create_member(
            name="Ivan", email="ivan@example.com", role="owner", employer_id=cls.shop.id
        )
        cls.account = cls.owner._get_account(cls.unit)
        cls.account._earn(1000, source_key="earn/supply")
        cls.coffee = cls._create_product("Coffee", 8)
        cls.tea = cls._create_product("Tea", 5)
        cls.north = cls.env["res.partner"].create(
            {
                "name": "North Distribution",
                "is_company": True,
                "email": "orders@north.example.com",
            }
        )
        cls.distributor = cls.env["b2b2c.distributor"].create(
            {
                "partner_id": cls.north.id,
                "company_id": cls.company.id,
                "product_ids": [Command.set([cls.coffee.id, cls.tea.id])],
            }
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _offer(self, quantities=None, **values):
        """Return the offer for 10 × Coffee, or what is asked for."""
        wanted = quantities or {self.coffee: 10}
        return self.env["b2b2c.supply.order"]._get_offer(
            values.pop("member", self.owner),
            values.pop("unit", self.unit),
            {product.id: number for product, number in wanted.items()},
            **values,
        )

    def _send(self, quantities=None, key="k-1", **values):
        """Send an order for 10 × Coffee (80.00), or what is asked for."""
        wanted = quantities or {self.coffee: 10}
        return self.env["b2b2c.supply.order"]._send(
            values.pop("member", self.owner),
            values.pop("unit", self.unit),
            {product.id: number for product, number in wanted.items()},
            request_key=key,
            **values,
        )

    def _ship(self, order, *pieces):
        """Book what was shipped in total, a number per line."""
        shipped = dict(zip(order.line_ids, pieces, strict=True))
        order._ship(shipped, self.officer)

    def _figures(self):
        """Return (available, posted, reserved) of the owner."""
        self.account.invalidate_recordset()
        return (
            self.account.balance_available,
            self.account.balance_posted,
            self.account.balance_held,
        )

    def _owed(self, order):
        """Return what is owed, step by step, the oldest first."""
        order.invalidate_recordset()
        return order.compensation_ids.sorted("id").mapped("amount")
