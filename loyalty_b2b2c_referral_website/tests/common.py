"""Petro comes to the web shop with Iryna's recommendation; paper costs 100.00."""

from odoo.tests import new_test_user

from odoo.addons.loyalty_b2b2c_referral_discount.tests.common import (
    ReferralDiscountCommon,
)


class RecommendedCartCommon(ReferralDiscountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        # nothing has to be delivered: a cart of it can be paid at once
        cls.product.write(
            {"type": "service", "is_published": True, "website_id": False}
        )
        cls.user = cls._create_login("petro", cls.petro)
        cls.own_user = cls._create_login("iryna", cls.iryna.partner_id)

    @classmethod
    def _create_login(cls, login, partner):
        partner.write(
            {
                "street": "Khreshchatyk 1",
                "city": "Kyiv",
                "zip": "01001",
                "phone": "+380 67 765 43 21",
                "country_id": cls.env.ref("base.ua").id,
                "state_id": False,
            }
        )
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            password=f"{login}-password",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
