"""Money on the phone: asked for, confirmed, followed, and by nobody else."""

import re
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import PASSWORD, PortalCommon

IBAN = "DE89370400440532013000"
REQUESTS = "/my/rewards/requests"


@tagged("post_install", "-at_install")
class TestPortalPayouts(PortalCommon, HttpCase):
    """1,000 points of 0.10; payouts above 50.00 are confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"b2b2c_payout_proof_above": 50, "b2b2c_payout_trusted": False}
        )
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.account._earn(1000, source_key="payouts/olena")
        cls.other_account._earn(1000, source_key="payouts/petro")
        cls.money = cls.env["b2b2c.reward"].create(
            {
                "name": "Money",
                "kind": "payout",
                "points": 100,
                "price_kind": "chosen",
                "company_id": cls.company.id,
            }
        )

    def _post(self, url, login="olena", token=True, **data):
        self.authenticate(login, PASSWORD)
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)

    def _want(self, amount=600, **data):
        answer = self._post(
            f"/my/rewards/store/{self.money.id}/request",
            **{
                "key": "k-1",
                "amount": str(amount),
                "price": str(amount),
                "answer_holder": "Olena Kovalenko",
                "answer_iban": "DE89 3704 0044 0532 0130 00",
                **data,
            },
        )
        self.env.invalidate_all()
        return answer

    def _get_payout(self):
        return self.env["b2b2c.payout"].search([])

    def _get_proof(self, payout):
        return f"/my/rewards/payouts/{payout.id}/proof"

    def _send_code(self, payout):
        """Press the button; return the code of the message, and the page."""
        codes = []
        model = type(self.env["b2b2c.notification"])
        tell = model._tell

        def listen(notification, rows, **secrets):
            codes.append(secrets["payout_code"])
            return tell(notification, rows, **secrets)

        with patch.object(model, "_tell", listen):
            page = self._post(f"{self._get_proof(payout)}/code")
        return codes[-1], page

    def _read(self, page):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))

    def test_the_whole_way(self):
        form = self._get(f"/my/rewards/store/{self.money.id}/confirm?amount=600")
        self.assertIn("IBAN", form.text)
        self.assertRegex(self._read(form), r"60\.00 go there")
        self.assertIn('value="Olena Kovalenko"', form.text)
        page = self._want()
        payout = self._get_payout()
        self.assertEqual((payout.amount, payout.state), (60, "requested"))
        self.assertEqual(payout.entered_by_id, self.user)
        self.assertIn(f'href="{self._get_proof(payout)}"', page.text)
        self.assertIn("Confirm that it is you", page.text)
        self.assertIn("DE•• •••• 3000", page.text)
        self.assertNotIn(IBAN, page.text)
        page = self._get(self._get_proof(payout))
        self.assertIn("o•••@example.com", page.text)
        self.assertNotIn('name="answer"', page.text)
        code, page = self._send_code(payout)
        self.assertIn('name="answer"', page.text)
        wrong = "000000" if code != "000000" else "111111"
        page = self._post(self._get_proof(payout), answer=wrong)
        self.assertEqual(page.status_code, 400)
        self.assertIn("wrong or no longer valid", page.text)
        page = self._post(self._get_proof(payout), answer=code)
        self.assertTrue(page.url.endswith(REQUESTS))
        self.assertIn("Being checked", page.text)
        self.assertEqual(payout.state, "proved")

    def test_each_state_is_seen(self):
        self._want(200)
        payout = self._get_payout()
        manager = self._create_user("paying", "loyalty_b2b2c.group_manager")
        journal = payout._get_bank_journal(self.company)
        for word, step in (
            ("Being checked", lambda: payout._approve(manager)),
            ("Approved", lambda: payout._order_payment(manager, journal, "2026-03-02")),
            ("On its way", lambda: payout._confirm("hand", manager)),
            ("Paid", lambda: payout._come_back(manager, "Account closed")),
            ("Came back", lambda: None),
        ):
            with self.subTest(word=word):
                self.assertIn(word, self._read(self._get(REQUESTS)))
            step()
            self.env.flush_all()
        self.assertIn("Account closed", self._get(REQUESTS).text)
        self.assertIn("20.00", self._get(REQUESTS).text)

    def test_a_wrong_account_is_asked_for_again(self):
        page = self._want(answer_iban="DE89 3704 0044 0532 0130 01")
        self.assertEqual(page.status_code, 400)
        self.assertIn("This IBAN is not right", page.text)
        self.assertIn('name="answer_iban"', page.text)
        self.assertFalse(self._get_payout())

    def test_less_than_is_paid_out(self):
        """One sentence that names the least; nothing is reserved."""
        self.company.b2b2c_payout_least = 25
        for amount, money in ((100, 10), (249, 24.9)):
            with self.subTest(money=money):
                page = self._want(amount)
                self.assertEqual(page.status_code, 400)
                self.assertRegex(
                    self._read(page), r"25\.00\S* is the least that is paid out\."
                )
        self.assertFalse(self._get_payout())
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance_available, 1000)
        self.assertEqual(self._want(250).status_code, 200)
        self.assertEqual(self._get_payout().amount, 25)

    def test_double_click_and_back(self):
        self._want()
        self._want()
        self.assertEqual(len(self._get_payout()), 1)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance_available, 400)

    def test_somebody_elses_payout(self):
        self._want()
        payout = self._get_payout()
        for url in (self._get_proof(payout), "/my/rewards/payouts/999999/proof"):
            self.assertEqual(self._get(url, login="petro").status_code, 404)
            for path in (url, f"{url}/code"):
                answer = self._post(path, login="petro", answer="1")
                self.assertEqual(answer.status_code, 404)
        self.assertFalse(payout.sends)
        self.assertEqual(payout.tries, 0)

    def test_forms_need_their_token(self):
        self._want()
        payout = self._get_payout()
        for path in (self._get_proof(payout), f"{self._get_proof(payout)}/code"):
            answer = self._post(path, token=False, answer="1")
            self.assertEqual(answer.status_code, 400)
        self.assertFalse(payout.sends)

    def test_a_stale_page(self):
        """What was confirmed, or called off, is not confirmed again."""
        self._want()
        payout = self._get_payout()
        payout.redemption_id._cancel(self.user)
        self.env.flush_all()
        page = self._get(self._get_proof(payout))
        self.assertTrue(page.url.endswith(REQUESTS))
        page = self._post(self._get_proof(payout), answer="123456")
        self.assertTrue(page.url.endswith(REQUESTS))
        self.assertEqual(payout.state, "cancelled")

    def test_the_password(self):
        self.env.cr.execute(
            "DELETE FROM b2b2c_address_proof WHERE partner_id = %s",
            [self.member.partner_id.id],
        )
        self._want()
        payout = self._get_payout()
        self.assertIn('type="password"', self._get(self._get_proof(payout)).text)
        self._post(self._get_proof(payout), answer="not it")
        self.assertEqual(payout.state, "requested")
        self._post(self._get_proof(payout), answer=PASSWORD)
        self.assertEqual((payout.state, payout.proof_way), ("proved", "password"))
