"""Bank files: what tells a bank to pay, and what it answers."""

import base64
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import tabular
from .payout_kit import IBAN, OTHER_IBAN, OWN_IBAN, PayoutCommon

STATUS = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">
<CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>{group}
</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{rows}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>
</Document>"""
ROW = """<TxInfAndSts><OrgnlEndToEndId>{}</OrgnlEndToEndId><TxSts>{}</TxSts>
<StsRsnInf><AddtlInf>{}</AddtlInf></StsRsnInf></TxInfAndSts>"""


class BatchCommon(PayoutCommon):
    """Two approved payouts: 20.00 to Germany, 30.00 to Ukraine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.name = "Office Supplier"

    def setUp(self):
        super().setUp()
        self.account._earn(1000, source_key="earn/batches")
        self.first = self._want(200)
        self.second = self._want(300, key="k-2", iban=OTHER_IBAN, holder="Юлія Ґалаґан")
        self.payouts = self.first | self.second
        self._approve(self.payouts)

    def _make(self, way="pain09", **values):
        action = self._order(self.payouts, way, **values)
        self.assertEqual(action["res_model"], "b2b2c.payout.batch")
        return self.env["b2b2c.payout.batch"].browse(action["res_id"])

    def _get_content(self, batch):
        return base64.b64decode(batch.file)

    def _answer(self, batch, content, user=None):
        """Bring what the bank answered; return the sentences."""
        dialog = (
            self.env["b2b2c.payout.answer"]
            .with_user(user or self.manager)
            .create({"batch_id": batch.id, "file": base64.b64encode(content.encode())})
        )
        dialog.action_read()
        return dialog.result.split("\n")


@tagged("post_install", "-at_install")
class TestFile(BatchCommon):
    def test_the_file_says_what_is_ordered(self):
        for way, sign in (("pain03", "BIC"), ("pain09", "BICFI")):
            with self.subTest(way=way):
                root = self._get_root(way)
                texts = {
                    name: [node.text for node in root.iterfind(f".//{{*}}{name}")]
                    for name in ("CtrlSum", "InstdAmt", "EndToEndId", "MsgId", "IBAN")
                }
                self.assertEqual(texts["CtrlSum"], ["50.00", "50.00"])
                self.assertEqual(texts["InstdAmt"], ["20.00", "30.00"])
                self.assertEqual(texts["EndToEndId"], self.payouts.mapped("name"))
                self.assertEqual(texts["MsgId"], self.payouts.batch_id.mapped("name"))
                self.assertEqual(texts["IBAN"], [OWN_IBAN, IBAN, OTHER_IBAN])
                names = [node.text for node in root.iterfind(".//{*}Cdtr/{*}Nm")]
                self.assertEqual(names, ["Olena Kovalenko", "Yuliia Galagan"])
                self.assertIsNotNone(root.find(f".//{{*}}{sign}"))

    def _get_root(self, way):
        """Return the message of a file of two fresh payouts."""
        bank = self.env["res.bank"].create({"name": "Bank", "bic": "BYLADEM1001"})
        self.journal.bank_account_id.bank_id = bank
        self.first = self._want(200, key=f"{way}/1")
        self.second = self._want(
            300, key=f"{way}/2", iban=OTHER_IBAN, holder="Юлія Ґалаґан"
        )
        self.payouts = self.first | self.second
        self._approve(self.payouts)
        return etree.fromstring(self._get_content(self._make(way)))

    def test_the_table(self):
        batch = self._make("csv")
        heads, *rows = tabular.read_table(self._get_content(batch))
        found = [dict(zip(heads, row, strict=True)) for row in rows]
        self.assertEqual([row["amount"] for row in found], ["20.00", "30.00"])
        self.assertEqual([row["iban"] for row in found], [IBAN, OTHER_IBAN])

    def test_a_payout_is_in_one_file(self):
        batch = self._make()
        with self.assertRaises(UserError):
            self._make()
        self.assertEqual(self.payouts.batch_id, batch)

    def test_all_or_none(self):
        self.second.bank_id.active = False
        with self.assertRaises(UserError):
            self._make()
        self.assertEqual(self.first.state, "approved")
        self.assertFalse(self.first.payment_id)

    def test_what_a_bank_would_refuse(self):
        self.journal.bank_account_id = False
        with self.assertRaises(UserError) as refused:
            self._make()
        self.assertIn(self.journal.name, str(refused.exception))
        self.assertEqual(self.payouts.mapped("state"), ["approved"] * 2)

    def test_no_day_of_the_past(self):
        with self.assertRaises(UserError):
            self._make(day=fields.Date.today() - timedelta(days=2))
        day = fields.Date.today() + timedelta(days=3)
        self.assertIn(str(day).encode(), self._get_content(self._make(day=day)))

    def test_the_file_stays_and_is_for_managers(self):
        batch = self._make()
        with self.assertRaises(UserError):
            batch.with_user(self.manager).write({"file": False})
        with self.assertRaises(AccessError):
            batch.with_user(self.officer).read(["file"])
        self.assertTrue(batch.with_user(self.manager).read(["file"])[0]["file"])

    def test_the_sum_is_told_before(self):
        dialog = self.env["b2b2c.payout.pay"].new({"payout_ids": self.payouts.ids})
        self.assertIn("Payouts: 2,", dialog.total)
        self.assertIn("50.00", dialog.total)


@tagged("post_install", "-at_install")
class TestAnswer(BatchCommon):
    def setUp(self):
        super().setUp()
        self.batch = self._make()

    def _status(self, *rows, batch=None, group=""):
        return STATUS.format(
            batch=batch or self.batch.name,
            group=group,
            rows="".join(ROW.format(*row) for row in rows),
        )

    def test_one_arrived_and_one_came_back(self):
        for _time in range(2):
            said = self._answer(
                self.batch,
                self._status(
                    (self.first.name, "ACSC", ""),
                    (self.second.name, "RJCT", "Account closed"),
                ),
            )
        self.assertEqual(said, ["Paid: 0", "Came back: 0", "Nothing new: 2"])
        self.assertEqual((self.first.state, self.first.paid_way), ("paid", "answer"))
        self.assertEqual(self.second.state, "returned")
        self.assertIn("Account closed", self.second.reason)
        # 2,000 points less 20.00 = 200
        self.assertEqual(self._figures(), (1800, 1800, 0, 0))
        self.assertBooksBack(self.second)

    def test_what_is_on_its_way_stays(self):
        said = self._answer(
            self.batch,
            self._status((self.first.name, "ACSP", ""), (self.second.name, "PDNG", "")),
        )
        self.assertEqual(said[2], "Nothing new: 2")
        self.assertEqual(self.payouts.mapped("state"), ["ordered"] * 2)

    def test_a_table(self):
        rows = [
            ["number", "status", "reason"],
            [self.first.name, "paid", ""],
            [self.second.name, "returned", "Closed"],
        ]
        text = "\n".join(";".join(row) for row in rows)
        said = self._answer(self.batch, text)
        self.assertEqual(said, ["Paid: 1", "Came back: 1", "Nothing new: 0"])

    def test_the_whole_file_was_refused(self):
        group = "<GrpSts>RJCT</GrpSts>"
        said = self._answer(self.batch, self._status(batch="PB77777", group=group))
        self.assertIn("PB77777", said[-1])
        self.assertEqual(self.payouts.mapped("state"), ["ordered"] * 2)
        self._answer(self.batch, self._status(group=group))
        self.assertEqual(self.payouts.mapped("state"), ["returned"] * 2)
        self.assertEqual(self._figures(), (2000, 2000, 0, 0))

    def test_another_amount_is_nobodys_business_but_a_persons(self):
        entry = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">
            <BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><Amt Ccy="USD">19.99</Amt>
            <CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs>
            <EndToEndId>{self.first.name}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
            </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""
        said = self._answer(self.batch, entry)
        self.assertIn("19.99", said[-1])
        self.assertEqual(self.first.state, "ordered")
        self._answer(self.batch, entry.replace("19.99", "20.00"))
        self.assertEqual(self.first.state, "paid")

    def test_what_is_of_no_file_of_ours(self):
        other = self._want(100, key="k-3")
        self._approve(other)
        self._order(other)
        for number in (other.name, "PY99999", "'; DROP", self.first.name.lower()):
            with self.subTest(number=number):
                said = self._answer(self.batch, self._status((number, "ACSC", "")))
                self.assertIn("not of this file", said[-1])
        self.assertEqual(other.state, "ordered")

    def test_what_is_no_answer(self):
        for content in ("", "hello", "<a/>", "number\nPY1", "PK\3\4", "a;b\n1;2"):
            with self.subTest(content=content), self.assertRaises(UserError):
                self._answer(self.batch, content)

    def test_who_brings_it(self):
        with self.assertRaises(AccessError):
            self._answer(self.batch, self._status(), user=self.officer)
