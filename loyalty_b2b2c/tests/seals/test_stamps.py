"""Where an authority is configured, it stamps what auditors are told."""

import base64
import json
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...models.seals import stamping
from .authority import Authority
from .seals_common import SealsCommon


@tagged("post_install", "-at_install")
class TestStamps(SealsCommon):
    """An authority on this machine: OpenSSL's, behind the protocol's own URL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heads = cls.env["b2b2c.seal.head"]
        cls.company.b2b2c_auditor_ids = cls.env["res.partner"].create(
            {"name": "Olha", "email": "olha@audit.example"}
        )
        cls.authority = cls._start_authority()
        options = {
            stamping.URL_OPTION: cls.authority.url,
            stamping.CA_OPTION: str(cls.authority.roots),
        }
        cls.startClassPatcher(patch.dict(config.options.maps[0], options))

    def setUp(self):
        super().setUp()
        self.authority.instead = None
        self.authority.requests.clear()

    @classmethod
    def _start_authority(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        authority = Authority(Path(folder.name))
        cls.addClassCleanup(authority.stop)
        return authority

    def _state(self):
        return self.heads._state(self.company)

    def _state_without_stamp(self, reason):
        with self.assertLogs(stamping.__name__, "ERROR") as logged:
            head = self._state()
        self.assertFalse(head.time_stamp)
        self.assertIn(reason, logged.output[0])
        self.assertEqual(self._problems(), [], "a statement without a stamp is one")
        return head

    def test_a_statement_is_stamped(self):
        before = fields.Datetime.now()
        head = self._state()
        self.assertLessEqual(before, head.stamped_at)
        self.assertLess((head.stamped_at - before).total_seconds(), 60)
        [(content_type, _request)] = self.authority.requests
        self.assertEqual(content_type, "application/timestamp-query")
        self.assertEqual(self._problems(), [])
        # an auditor needs OpenSSL and the file, and no program of ours
        told = json.loads(base64.b64decode(head.file))
        stamp = base64.b64decode(told["time_stamp"])
        self.authority.verify(stamp, told["statement"])
        with self.assertRaises(subprocess.CalledProcessError):
            self.authority.verify(stamp, told["statement"] + " ")

    def test_the_mail_has_the_stamp(self):
        head = self._state()
        message = self.env["b2b2c.notification"].search([("kind", "=", "seal_head")])
        message._deliver()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        text = mail.body_html.replace("=\n", "")
        self.assertIn(head.time_stamp[:60], text)
        self.assertIn(str(head.stamped_at), text)

    def test_without_an_authority_nobody_is_asked(self):
        with patch.dict(config.options.maps[0], {stamping.URL_OPTION: ""}):
            self.assertFalse(self._state().time_stamp)
        self.assertEqual(self.authority.requests, [])

    def test_an_authority_that_does_not_answer(self):
        self.authority.instead = lambda request: (503, b"")
        self._state_without_stamp("503")

    def test_an_authority_that_answers_something_else(self):
        self.authority.instead = lambda request: (200, b"<html>" * 30000)
        self._state_without_stamp("no time stamp from")

    def test_an_answer_to_an_older_request(self):
        older = base64.b64decode(self._state().time_stamp)
        self._account()._earn(1, source_key="fact/4")
        self.seals._seal(self.company)
        self.authority.instead = lambda request: (200, older)
        self._state_without_stamp("Nonce mismatch")

    def test_an_authority_that_nobody_vouches_for(self):
        self.authority.instead = lambda request: (200, other.stamp(request))
        other = self._start_authority()
        self._state_without_stamp("no time stamp from")

    def test_no_root_certificates(self):
        with patch.dict(config.options.maps[0], {stamping.CA_OPTION: ""}):
            self._state_without_stamp("names no certificates")
        self.assertEqual(self.authority.requests, [])

    def test_the_library_is_missing(self):
        with patch.object(stamping, "rfc3161_client", None):
            self._state_without_stamp("rfc3161-client is missing")

    def test_a_stamp_of_something_else(self):
        """Of another statement, of another authority, or of no format at all."""
        head = self._state()
        other = self._start_authority()
        with patch.dict(
            config.options.maps[0],
            {
                stamping.URL_OPTION: other.url,
                stamping.CA_OPTION: str(other.roots),
            },
        ):
            foreign = stamping.fetch(head.statement)
        for stamp in (stamping.fetch("another statement"), foreign, "AAAA", "é"):
            with self.subTest(stamp=stamp[:20]), self.env.cr.savepoint() as savepoint:
                self._tamper(SQL("UPDATE b2b2c_seal_head SET time_stamp = %s", stamp))
                self.assertEqual(self._problems(), [("statement", head._name, head.id)])
                self.assertEqual(
                    self.heads._compare(base64.b64decode(head.file).decode()),
                    (False, "The time stamp of this file proves nothing."),
                )
                savepoint.rollback()
        self.env.invalidate_all()
        is_same, words = self.heads._compare(base64.b64decode(head.file).decode())
        self.assertTrue(is_same, words)

    def test_control_without_roots_any_stamp_is_believed(self):
        self._state()
        self._tamper(SQL("UPDATE b2b2c_seal_head SET time_stamp = 'AAAA'"))
        with patch.dict(config.options.maps[0], {stamping.CA_OPTION: ""}):
            self.assertEqual(self._problems(), [])
