"""Nobody recommends to himself: twelve ways to try, each with its reason."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ReferralCommon


class GuardCommon(ReferralCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.iryna.partner_id
        cls.own.write(
            {
                "phone": "+380 50 111 22 33",
                "email": "iryna.bondar@gmail.com",
                "street": "Lesi Ukrainky 5, kv. 7",
                "zip": "01001",
                "country_id": cls.env.ref("base.ua").id,
            }
        )

    def _judge(self, customer, **values):
        """Let a customer buy with Iryna's code; return its recommendation."""
        order = self._buy(customer, self.link, **values)
        return self.referrals.search([("document_id", "=", order.id)])

    def _try(self, customer, state, *signs):
        """Assert what comes of a purchase, and why."""
        referral = self._judge(customer)
        found = {sign["code"] for sign in referral.signs}
        self.assertEqual((referral.state, found), (state, set(signs)))
        self.assertEqual(len(referral.signs_text.splitlines()), len(signs))
        return referral


@tagged("post_install", "-at_install")
class TestSelfRecommendation(GuardCommon):
    def test_01_the_same_person(self):
        self._try(self.own, "refused", "same_person")

    def test_02_a_second_contact_of_the_same_person(self):
        second = {"email": self.own.email, "phone": self.own.phone}
        customer = self._create_customer("I. Bondar", **second)
        self._try(customer, "refused", "same_person")

    def test_03_the_same_phone(self):
        customer = self._create_customer("Oleh Hnat", phone="050 1112233")
        customer.country_id = self.env.ref("base.ua")
        self._try(customer, "held", "same_phone")

    def test_04_the_same_e_mail_by_an_alias(self):
        customer = self._create_customer("Oleh Hnat", email="irynabondar+x@gmail.com")
        self._try(customer, "held", "same_email")

    def test_05_the_same_address_written_otherwise(self):
        home = {"street": "Lesi Ukrainky, 5", "street2": "kv 7", "zip": "01-001"}
        customer = self._create_customer("Oleh Hnat", **home)
        self._try(customer, "held", "same_address")

    def test_06_goods_that_go_to_the_recommender(self):
        home = {"name": "Home", "street": self.own.street, "zip": self.own.zip}
        delivery = {**home, "type": "delivery", "parent_id": self.petro.id}
        there = self.env["res.partner"].create(delivery)
        referral = self._judge(self.petro, partner_shipping_id=there.id)
        signs = [sign["code"] for sign in referral.signs]
        self.assertEqual((referral.state, signs), ("held", ["same_address"]))

    def test_07_the_same_household(self):
        home = {"street": self.own.street, "zip": self.own.zip}
        customer = self._create_customer("Taras Bondar", **home)
        self._try(customer, "held", "same_address", "household")

    def test_08_the_same_bank_account(self):
        for partner, number in (
            (self.own, "UA21 3223 1300 0002 6007 2335 6600 1"),
            (self.petro, "ua213223130000026007233566001"),
        ):
            self.env["res.partner.bank"].create(
                {"partner_id": partner.id, "acc_number": number}
            )
        self._try(self.petro, "held", "same_bank")

    def test_09_the_same_device(self):
        self.touches._touch(self.link, "page", visitor="cookie", partner=self.own)
        other = self._get_link(self._create_recommender("Taras Bulba"))
        self.touches._touch(other, "page", visitor="cookie", partner=self.petro)
        self._try(self.petro, "held", "same_device")

    def test_10_the_own_company(self):
        self._try(self.contact, "refused", "own_company")

    def test_11_the_owner_of_the_shop(self):
        owner = self._create_member(
            name="Owen Shop", role="owner", email="owen@example.com", phone=False
        )
        self._try(owner.partner_id, "held", "owner")
        fellow = self._create_member(
            name="Fay Low", role="salesperson", email="fay@example.com", phone=False
        )
        self._try(fellow.partner_id, "active", "colleague")

    def test_12_contacts_that_become_one(self):
        second = self._create_customer("Oleh Hnat", email="oleh@example.com")
        self._try(second, "active")
        self.assertTrue(self.uses.search([("partner_id", "=", second.id)]))
        self._merge(second, self.own)
        self.assertEqual(self._get_brought(self.own), [(self.iryna, "refused")])

    def test_an_address_of_before(self):
        self.own.email = "new@example.com"
        customer = self._create_customer("Oleh Hnat", email="iryna.bondar@gmail.com")
        self._try(customer, "held", "former_address")

    def test_the_own_card(self):
        """A sale is reported that Iryna's card was shown with, and her code."""
        self.product.default_code = "PAPER"
        document, _is_new = self.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": "T-100",
                "occurred_at": "2026-03-10T10:00:00+02:00",
                "member": {"code": self.iryna.code},
                "lines": [{"product": "PAPER", "quantity": 2, "amount": 100}],
            },
            company=self.company,
            channel="api",
        )
        self.assertTrue(self.uses._note(document, self.link, "terminal"))
        self._process()
        referral = self.uses._find(document).referral_id
        self.assertIn("own_card", [sign["code"] for sign in referral.signs])
        self.assertEqual(referral.state, "refused")

    def test_two_signs_are_refused(self):
        home = {"street": self.own.street, "zip": self.own.zip}
        customer = self._create_customer("Oleh Hnat", phone="+380501112233", **home)
        self._try(customer, "refused", "same_phone", "same_address")

    def test_a_second_contact_makes_nobody_new(self):
        self._buy(self.petro)
        again = self._create_customer("P. Melnyk", email=self.petro.email)
        self._try(again, "refused", "not_new")

    def test_strangers_are_no_sign(self):
        self._try(self.petro, "active")


@tagged("post_install", "-at_install")
class TestReferralDesk(GuardCommon):
    """What waits, and how it is decided."""

    def setUp(self):
        super().setUp()
        self.campaign.review_days = 7
        self.officer = self._create_user("rita", "loyalty_b2b2c.group_officer")
        self.company.b2b2c_manager_id = self.officer
        customer = self._create_customer("Oleh Hnat", phone="+380501112233")
        self.referral = self._judge(customer)

    def _run(self, **later):
        with freeze_time(fields.Datetime.now() + timedelta(**later)):
            self.referrals._cron_decide()

    def test_an_officer_has_a_to_do(self):
        self.assertEqual(self.referral.activity_ids.user_id, self.officer)
        self.referral.with_user(self.officer).action_accept()
        self.assertEqual(self.referral.state, "active")
        self.assertEqual(self.referral.decided_by_id, self.officer)
        self.assertFalse(self.referral.activity_ids)

    def test_it_is_decided_by_itself_in_time(self):
        self._run(days=6)
        self.assertEqual(self.referral.state, "held")
        self._run(days=8)
        self.assertEqual(self.referral.state, "active")

    def test_it_is_refused_by_itself_if_the_campaign_says_so(self):
        self.campaign.undecided = "refused"
        self._run(days=8)
        self.assertEqual(self.referral.state, "refused")

    def test_nobody_decides_for_himself(self):
        self.officer.partner_id.email = self.own.email
        with self.assertRaisesRegex(UserError, "Another person"):
            self.referral.with_user(self.officer).action_accept()

    def test_a_sign_that_comes_later_is_found(self):
        found = self._judge(self.petro)
        self.petro.write({"street": self.own.street, "zip": self.own.zip})
        self._run(days=1)
        self.assertEqual(found.state, "held")

    def test_what_a_person_decided_stays(self):
        self.referral.with_user(self.officer).action_accept()
        self.referral.action_check_again()
        self._run(days=1)
        self.assertEqual(self.referral.state, "active")

    def test_many_in_a_day_are_looked_at(self):
        self.campaign.limit_day = 2
        states = [
            self._judge(self._create_customer(f"Person{number} Name")).state
            for number in range(2)
        ]
        # Oleh waits, and counts
        self.assertEqual(states, ["active", "held"])

    def test_so_many_count_in_a_month(self):
        self.campaign.limit_month = 1
        found = self._judge(self.petro)
        self.assertEqual(found.state, "refused")
        self.assertEqual(
            found.signs_text, "More than 1 new customers within the month."
        )

    def test_a_code_on_a_page_of_codes(self):
        self.campaign.write({"limit_typed": 3, "limit_day": 0})
        states = [
            self._judge(self._create_customer(f"Person{number} Name")).state
            for number in range(3)
        ]
        self.assertEqual(states, ["active", "held", "held"])

    def test_tax_number(self):
        self.campaign.needs_tax_id = True
        found = self._judge(self.petro)
        self.assertEqual([one["code"] for one in found.signs], ["no_tax_id"])
        self.own.vat = "1234567890"
        self.assertEqual(self._judge(self._create_customer("Next One")).state, "active")

    def test_terms_have_versions(self):
        terms = self.env["b2b2c.referral.terms"].create({})
        self.assertEqual(terms.version, 1)
        self.assertEqual(self._judge(self.petro).signs[0]["code"], "no_terms")
        self.assertTrue(self.link._agree(terms))
        self.assertEqual(self._judge(self._create_customer("Next One")).state, "active")
        with self.assertRaisesRegex(UserError, "new version"):
            terms.body = "Everything is different"
        newer = terms.create({"version": 7})
        self.assertEqual((newer.version, self.link._has_agreed()), (2, False))
        self.assertFalse(self.link._agree(terms))

    def test_limits_make_sense(self):
        for values in ({"review_days": 0}, {"limit_day": -1}, {"hold_score": -5}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.campaign.write(values)
