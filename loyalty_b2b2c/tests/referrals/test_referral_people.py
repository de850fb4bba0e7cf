"""Recommenders are invited, forgotten and counted."""

import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_referral_points import ReferralPointsCommon


@tagged("post_install", "-at_install")
class TestReferralPeople(ReferralPointsCommon):
    def _get_report(self, *measures):
        """Return what the figures say of Vira's code."""
        self.env.flush_all()
        domain = [("member_id", "=", self.vira.id)]
        aggregates = [f"{name}:sum" for name in measures]
        [row] = self.env["b2b2c.referral.report"]._read_group(domain, [], aggregates)
        return row

    def test_the_way_of_a_recommendation(self):
        link = self._get_link(self.vira)
        self._open(link, self.petro)
        self._open(link, self._create_customer("Just Looking"))
        self._buy(self.petro, link, quantity=10)
        self._buy(self.petro, quantity=10)
        found = self._get_report("opened", "named", "sold", "brought", "points")
        # twice 100, 50 and 25 points
        self.assertEqual(found, (2, 1, 2, 1, 350))

    def test_a_visitor_counts_once_a_day(self):
        link = self._get_link(self.vira)
        for _time in range(3):
            self.touches._touch(link, "page", visitor="cookie-1")
        self.touches._touch(link, "page", visitor="cookie-2")
        self.assertEqual(self._get_report("opened"), (2,))
        self.touches._know("cookie-1", self.petro)
        self._buy(self.petro)
        self.assertEqual(self._get_brought(self.petro), [(self.vira, "active")])

    def test_visitors_are_forgotten(self):
        link = self._get_link(self.vira)
        self.touches._touch(link, "page", visitor="cookie", network="192.0.2.7")
        touch = self.touches.search([], limit=1)
        self.assertNotIn("192", touch.network_hash)
        for days, kept in ((20, (True, True)), (20, (True, False)), (60, (False,) * 2)):
            self.env.cr.execute(
                "UPDATE b2b2c_referral_touch"
                "   SET touched_at = touched_at - %s * interval '1 day'",
                [days],
            )
            self.touches._gc()
            touch.invalidate_recordset()
            found = bool(touch.visitor_hash), bool(touch.network_hash)
            self.assertEqual(found, kept, days)

    def test_a_copy_of_what_is_known(self):
        self._buy(self.petro, self._get_link(self.vira))
        data = self.vira.sudo()._get_personal_data()
        self.assertEqual(data["recommends_with"][0]["shown_name"], "Vira")
        self.assertEqual(data["recommended"][0]["state"], "active")
        self.assertNotIn("Petro", str(data["recommended"]))
        self.assertEqual(len(data["was_recommended"]), 1)

    def test_who_is_forgotten_leaves_no_name(self):
        link = self._get_link(self.vira)
        self._buy(self.petro, link, quantity=10)
        code = link.code
        wizard = self.env["b2b2c.erase"].create(
            {"member_id": self.vira.id, "reason": "Asked for it", "confirmed": True}
        )
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertFalse(self.links._find(code, self.company).link)
        self.assertEqual((link.state, link.shown_name), ("revoked", False))
        self.assertNotIn("VIRA", link.code)
        # what the others earned stays
        self.assertEqual(self._get_points(self.bohdan, self.alla), [50, 25])

    def test_contacts_that_become_one_were_brought_by_who_came_first(self):
        second = self._create_customer("P. Melnyk", email="second@example.com")
        taras = self._create_recommender("Taras Bulba")
        self._buy(self.petro, self._get_link(taras))
        self._buy(second, self._get_link(self.vira))
        self._merge(self.petro, second)
        self.assertEqual(
            self._get_brought(second), [(taras, "active"), (self.vira, "ended")]
        )
        # what was earned stays with who earned it
        self.assertEqual(self._get_points(taras, self.vira), [10, 10])

    def test_no_merge_makes_a_cycle(self):
        """Alla brought Bohdan, who brought Vira; Vira turns out to be Alla."""
        self._merge(self.vira.partner_id, self.alla.partner_id)
        self._buy(self.petro, self._get_link(self.bohdan), quantity=10)
        alla = self.alla._get_survivor() | self.vira._get_survivor()
        [alla] = alla
        self.assertEqual(self._get_points(self.bohdan, alla), [100, 50])
        self.assertEqual(self._get_brought(alla.partner_id), [(self.bohdan, "refused")])


@tagged("post_install", "-at_install")
class TestReferralInvite(ReferralPointsCommon):
    def _invite(self, text, user=None):
        return (
            self.env["b2b2c.referral.invite"]
            .with_user(user or self.env.user)
            .create(
                {
                    "campaign_id": self.campaign.id,
                    "employer_id": self.client.id,
                    "file": base64.b64encode(text.encode()),
                }
            )
        )

    def test_who_takes_part_gets_a_code_and_others_an_invitation(self):
        taras = self._create_recommender("Taras Bulba")
        wizard = self._invite(
            "Name;E-mail;Phone\n"
            "Taras Bulba;taras@example.com;\n"
            "Olha Nova;olha@school.example;\n"
            "Olha Nova;OLHA@school.example;\n"
            "Nobody;no address;\n"
            "Nobody at all\n"
        )
        wizard.action_check()
        self.assertFalse(self.links.search([("member_id", "=", taras.id)]))
        self.assertIn("Row 5", wizard.result)
        self.assertIn("Row 6", wizard.result)
        wizard.action_invite()
        self.assertTrue(self.links.search([("member_id", "=", taras.id)]))
        messages = self.env["b2b2c.notification"].search(
            [("kind", "=", "referral_invited")]
        )
        self.assertEqual(messages.mapped("address"), ["olha@school.example"])
        invitation = self.env["b2b2c.invitation"].browse(messages.res_id)
        self.assertEqual(
            (invitation.approval, invitation.role), ("manager", "recommender")
        )
        kind = self.env["b2b2c.notification.kind"]._get_kinds()["referral_invited"]
        self.assertIn(invitation.link, kind.sentences(messages)[-1])

    def test_a_file_that_is_none(self):
        for text in ("", "Shop;Sum\nA;1"):
            with self.assertRaises(UserError):
                self._invite(text).action_check()

    def test_nobody_invites_to_the_own_company(self):
        officer = self._create_user("rita", "loyalty_b2b2c.group_officer")
        self.contact.email = officer.email
        self.member.contact_id = self.contact
        with self.assertRaises(UserError):
            self._invite("Name;E-mail\nA B;a@b.example", officer).action_check()
