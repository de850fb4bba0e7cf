"""What auditors are told is signed outside the database, and compared later."""

import base64
import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...models.seals import signing
from .seals_common import SealsCommon


def pem(key):
    """Return a private key as its file has it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@tagged("post_install", "-at_install")
class TestSealHeads(SealsCommon):
    """One key signs, one auditor is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name) / "seal.pem"
        cls.key = Ed25519PrivateKey.generate()
        cls.path.write_bytes(pem(cls.key))
        cls.startClassPatcher(
            patch.dict(config.options.maps[0], {signing.OPTION: str(cls.path)})
        )
        cls.auditor = cls.env["res.partner"].create(
            {"name": "Olha", "email": "olha@audit.example"}
        )
        cls.company.b2b2c_auditor_ids = cls.auditor
        cls.heads = cls.env["b2b2c.seal.head"]

    def _state(self):
        return self.heads._state(self.company)

    def _file(self, head):
        return base64.b64decode(head.file).decode()

    def _without_key(self):
        return patch.dict(config.options.maps[0], {signing.OPTION: ""})

    def test_the_last_seal_is_signed(self):
        head, last = self._state(), self._block(self._numbers()[1])
        told = json.loads(head.statement)
        self.assertEqual(
            (told["company"], told["seal"], told["hash"]),
            (self.company.id, last.number, last.block_hash),
        )
        sealed = self.seals.search([("company_id", "=", self.company.id)])
        self.assertEqual(told["rows"], sum(sealed.mapped("row_count")))
        # an auditor needs the file, and no program of ours
        told = json.loads(self._file(head))
        self.key.public_key().verify(
            bytes.fromhex(told["signature"]), told["statement"].encode()
        )
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.assertEqual(told["public_key"], raw.hex())
        self.assertEqual(self._problems(), [])

    def test_a_seal_is_told_once(self):
        self.assertTrue(self._state())
        self.assertFalse(self._state())
        self._account()._earn(1, source_key="fact/4")
        self.assertFalse(self._state(), "not sealed yet")
        self.seals._seal(self.company)
        self.assertEqual(self._state().number, self._numbers()[1] + 1)
        while self.seals._seal(self.company):
            pass
        last = self.seals.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(last.book, "b2b2c.seal.head")
        self.assertFalse(self._state(), "only statements were sealed since")

    def test_auditors_are_told_by_mail(self):
        head = self._state()
        message = self.env["b2b2c.notification"].search(
            [("kind", "=", "seal_head"), ("contact_id", "=", self.auditor.id)]
        )
        self.assertEqual(len(message), 1)
        message._deliver()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn(self.auditor.email, mail.email_to or mail.recipient_ids.email)
        for text in (head.block_hash, head.signature, head.public_key):
            self.assertIn(text, mail.body_html)
        self.assertNotIn("It is not signed", mail.body_html)

    def test_without_a_key_it_says_so(self):
        with self._without_key():
            head = self._state()
            self.assertEqual((head.is_signed, self._problems()), (False, []))
            is_same, words = self.heads._compare(self._file(head))
        self.assertTrue(is_same)
        self.assertIn("not signed", words)
        message = self.env["b2b2c.notification"].search([("kind", "=", "seal_head")])
        message._deliver()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("It is not signed: the server has no key.", mail.body_html)

    def test_a_file_that_is_no_key_is_logged(self):
        self.path.write_bytes(b"nothing")
        self.addCleanup(self.path.write_bytes, pem(self.key))
        with self.assertLogs(signing.__name__, "ERROR") as logged:
            self.assertFalse(self._state().is_signed)
        self.assertIn(str(self.path), logged.output[0])

    def test_a_statement_signed_with_another_key(self):
        """The owner of the database signs with a key of his own."""
        head = self._state()
        forger = Ed25519PrivateKey.generate()
        raw = forger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._tamper(
            SQL(
                "UPDATE b2b2c_seal_head SET signature = %s, public_key = %s",
                forger.sign(head.statement.encode()).hex(),
                raw.hex(),
            )
        )
        self.assertEqual(self._problems(), [("statement", head._name, head.id)])
        self.assertEqual(
            self.heads._compare(self._file(head)),
            (False, "The signature of this file is not ours."),
        )

    def test_a_key_of_former_times_is_believed(self):
        head = self._state()
        newer = self.path.with_name("newer.pem")
        newer.write_bytes(pem(Ed25519PrivateKey.generate()))
        public = self.path.with_name("former.pub.pem")
        public.write_bytes(
            self.key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
        )
        with patch.dict(config.options.maps[0], {signing.OPTION: str(newer)}):
            self.assertEqual(self._problems(), [("statement", head._name, head.id)])
        both = f"{newer}, {public}"
        with patch.dict(config.options.maps[0], {signing.OPTION: both}):
            self.assertEqual(self._problems(), [])

    def test_a_statement_that_is_edited(self):
        head = self._state()
        for column, value in (
            ("statement", head.statement.replace(head.block_hash, "0" * 64)),
            ("statement", "x"),
            ("block_hash", "zz"),
            ("signature", "00"),
            ("number", 1000000),
        ):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    SQL(
                        "UPDATE b2b2c_seal_head SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        value,
                        head.id,
                    )
                )
                self.assertEqual(self._problems(), [("statement", head._name, head.id)])
                savepoint.rollback()

    def test_the_file_of_an_auditor_is_compared(self):
        head = self._state()
        kept = self._file(head)
        number = head.number
        self.assertEqual(
            self.heads._compare(kept), (True, f"Seal {number} is the same.")
        )
        self._tamper(
            SQL("UPDATE b2b2c_seal SET block_hash = repeat('00', 32)"),
            SQL("DELETE FROM b2b2c_seal_head"),
        )
        is_same, words = self.heads._compare(kept)
        self.assertFalse(is_same)
        self.assertIn(f"Seal {number} is another one now", words)
        self._tamper(SQL("DELETE FROM b2b2c_seal"))
        self.assertEqual(
            self.heads._compare(kept),
            (False, f"Seal {number} was cut off: it is gone."),
        )

    def test_the_dialog(self):
        head = self._state()
        check = self.env["b2b2c.seal.check"].create({"file": head.file})
        self.assertEqual(check.action_check()["params"]["type"], "success")
        for file in (False, base64.b64encode(b"{}"), base64.b64encode(b"\xff")):
            check.file = file
            with self.assertRaisesRegex(UserError, "no statement about seals"):
                check.action_check()

    def test_a_statement_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        told = {
            "statement": json.dumps({"company": other.id, "seal": 1, "hash": "00"}),
            "signature": None,
        }
        heads = self.heads.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaisesRegex(UserError, "another company"):
            heads._compare(json.dumps(told))

    def test_the_scheduled_action_states_all(self):
        with self.enter_registry_test_mode():
            self.env.ref("loyalty_b2b2c.cron_seal_head").method_direct_trigger()
        last = self.heads.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(last.number, self._numbers()[1])
