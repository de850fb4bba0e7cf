"""Nothing of a person is left in what newer parts of the product store (R26)."""
# what people write by hand is in no language
# pylint: disable=translation-required

import base64
import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.privacy import erasure, erasure_texts
from ..receipts.receipt_kit import ReceiptCommon, jpeg

NAME = "Соломія Мар'янчук"
EMAIL = "solomiia@example.net"
PHONE = "+380 50 765 43 21"
#: How the same is written elsewhere: JSON, HTML, another grouping of the digits.
MARKERS = (
    NAME,
    json.dumps(NAME)[1:-1],
    NAME.replace("'", "&#39;"),
    EMAIL,
    "50 765 43 21",
    "380507654321",
    "050-765-43-21",
)
#: Own stored texts that name nobody: codes, keys, sums and what staff set up.
NOTHING_PERSONAL = {
    "b2b2c.api.answer": {"fingerprint", "idempotency_key"},
    "b2b2c.api.key": {"name", "prefix", "secret_hash"},
    "b2b2c.cap.scope": {"scope"},
    "b2b2c.cap.use": {"document", "scope"},
    "b2b2c.claim": {"findings", "proof_key", "reason_code", "reference", "request_key"},
    "b2b2c.code": {"code", "pin_hash"},
    "b2b2c.code.batch": {
        "import_file", "import_name", "import_report", "name", "note", "print_secret",
        "state_before",
    },
    "b2b2c.consent.text": {"body"},
    "b2b2c.document.kind": {"code", "name"},
    "b2b2c.earning.rule": {
        "event_codes", "name", "partner_domain", "product_domain",
    },
    "b2b2c.event": {"source_model", "transaction_ref"},
    "b2b2c.expected.day": {"award_key"},
    "b2b2c.external.document": {"content_hash", "event_code", "reference"},
    "b2b2c.invitation": {"token"},
    "b2b2c.ladder": {"name", "product_domain"},
    "b2b2c.ladder.tier": {"name"},
    # append-only; reasons with personal data are refused when they are given
    "b2b2c.ledger.entry": {
        "award_key", "basis", "document_model", "explanation", "line_model", "reason",
        "source_key",
    },
    "b2b2c.member": {"program_scope"},
    "b2b2c.notification": {"dedupe_key"},
    "b2b2c.price.deviation": {"document_model", "document_name", "name", "source_key"},
    "b2b2c.price.exception": {"order_digest"},
    "b2b2c.program": {"description", "name"},
    "b2b2c.receipt": {
        "doubts", "fiscal_number", "issued_time", "number", "register_number", "serial",
        "upload_hash",
    },
    "b2b2c.receipt.key": {"key"},
    "b2b2c.receipt.line": {"gtin"},
    "b2b2c.receipt.page": {"fingerprint"},
    "b2b2c.redemption": {"name", "request_key"},
    "b2b2c.reward": {"description", "image_1920", "name"},
    "b2b2c.scan.limit": {"scope"},
    "b2b2c.stat.day": {"document_model"},
    "b2b2c.stat.range": {"next_transaction"},
    # of the operator, not of the participant
    "b2b2c.terminal.operation": {
        "device", "ip", "points_text", "reference", "request_key",
    },
    "b2b2c.unit": {"name", "symbol"},
    "b2b2c.volume.entry": {
        "document_model", "document_name", "line_key", "source_key",
    },
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPrivacyFields(ReceiptCommon):
    """Solomiia sells at the shop, joined by herself, and hands a receipt in."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_receipt_program()
        cls.person = cls.env["res.partner"].create(
            {
                "name": NAME,
                "email": EMAIL,
                "phone": PHONE,
                "country_id": cls.env.ref("base.ua").id,
            }
        )
        cls.seller = cls._create_member(
            partner_id=cls.person.id, role="salesperson", employer_id=cls.shop.id
        )
        cls._leave_traces()

    @classmethod
    def _leave_traces(cls):
        env, today = cls.env, cls.today
        env["b2b2c.consent.text"].create(
            {"company_id": cls.company.id, "body": "<p>Yes</p>"}
        )
        invitation = env["b2b2c.invitation"].create(
            {"employer_id": cls.shop.id, "company_id": cls.company.id}
        )
        text = env["b2b2c.consent.text"]._get_current(cls.company)
        joined = {
            "invitation_id": invitation.id, "company_id": cls.company.id,
            "employer_id": cls.shop.id, "role": "salesperson", "name": NAME,
            "consent_text_id": text.id, "consent_at": today, "address": "192.0.2.7",
        }  # fmt: skip
        env["b2b2c.join"].create(
            [
                {**joined, "state": "joined", "member_id": cls.seller.id},
                {**joined, "state": "taken", "email": EMAIL},
            ]
        )
        env["mail.blacklist"]._add(EMAIL)
        env["phone.blacklist"]._add(["+380507654321"])
        cls.receipt = env["b2b2c.receipt"]._upload(
            cls.seller, [jpeg(NAME)], "request-1"
        )
        cls.receipt.write({"seen": {"pages": [f"BUYER {NAME}"]}})
        cls.receipt.line_ids = [Command.create({"name": f"For {NAME}"})]
        cls.receipt.claim_id.message_post(body=f"{NAME} sent it from 050-765-43-21")
        cls.receipt.claim_id.activity_schedule(
            "mail.mail_activity_data_todo", note=f"Look at it: {NAME}"
        )
        intake = env["b2b2c.intake"].with_company(cls.company)
        cls.document, _created = intake._record(
            {
                "type": "sale",
                "reference": "R-1",
                "occurred_at": f"{today}T00:00:00Z",
                "partner": {"id": cls.shop.id},
                "member": {"email": EMAIL},
                "note": f"{NAME} paid in cash",
                "lines": [{"name": f"Gift for {NAME}", "amount": "100"}],
            },
            company=cls.company,
            channel="api",
        )
        cls.order = cls._create_order()
        env["bus.bus"].create(
            {"channel": "x", "message": json.dumps({"author": {"name": NAME}})}
        )
        cls._answer_by_api({"member": {"name": NAME, "phone": "+380507654321"}})
        cls.order.message_post(body=f"Ring {NAME} at (050) 765 4321, not at 050 111")
        env.flush_all()

    @classmethod
    def _answer_by_api(cls, payload):
        key = cls.env["b2b2c.api.key"].create({"name": "Till"})
        row = cls.env["b2b2c.api.answer"]._claim(key.id, "one")
        cls.env["b2b2c.api.answer"]._keep(row.id, "f", 200, json.dumps(payload))

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _hits(self):
        """Search every text of the database: {(table, column): first hit}."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT c.table_name, c.column_name FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.udt_name IN ('varchar', 'text', 'jsonb', 'json', 'bpchar')
            """
        )
        hits = {}
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT %(c)s::text FROM %(t)s WHERE %(c)s::text ILIKE ANY(%(m)s)"
                    " LIMIT 1",
                    c=SQL.identifier(column),
                    t=SQL.identifier(table),
                    m=[f"%{_like(marker)}%" for marker in MARKERS],
                )
            )
            if row := self.env.cr.fetchone():
                hits[(table, column)] = row[0][:200]
        return hits

    def test_the_traces_are_there(self):
        """Else the search below proves nothing."""
        tables = {table for table, _column in self._hits()}
        for table in (
            "b2b2c_join", "b2b2c_receipt", "b2b2c_receipt_line", "mail_message",
            "mail_activity", "b2b2c_external_document", "b2b2c_external_line",
            "b2b2c_api_answer", "bus_bus", "mail_blacklist", "phone_blacklist",
        ):  # fmt: skip
            self.assertIn(table, tables)

    def test_nothing_is_found_afterwards(self):
        image = self.receipt.page_ids.image
        self.assertTrue(base64.b64decode(image))
        self.seller._erase("Request 123")
        self.assertEqual(self._hits(), {})
        self.assertFalse(self.receipt.page_ids.image)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "b2b2c.receipt.page"), ("res_field", "!=", False)]
        )
        self.assertFalse(
            files.filtered(lambda f: f.res_id in self.receipt.page_ids.ids)
        )

    def test_what_nobody_decided_is_refused(self):
        self.seller._erase("Request 123")
        self.assertEqual(self.receipt.state, "refused")
        self.assertEqual(self.receipt.read_state, "failed")

    def test_other_numbers_stay(self):
        self.seller._erase("Request 123")
        body = self.order.message_ids[0].body
        self.assertIn("not at 050 111", body)
        self.assertIn("[erased]", body)

    def test_a_corrupt_answer_is_none(self):
        """What is replaced inside JSON leaves JSON."""
        self.seller._erase("Request 123")
        body = self.env["b2b2c.api.answer"].search([]).mapped("body")[-1]
        self.assertEqual(
            json.loads(body), {"member": {"name": "[erased]", "phone": "[erased]"}}
        )

    def test_reasons_in_the_books_name_nobody(self):
        account = self.seller._get_account(self.unit)
        with self.assertRaisesRegex(UserError, "Leave personal data out"):
            self.env["b2b2c.adjustment"].create(
                {"account_id": account.id, "points": 1, "reason": f"Gift for {NAME}"}
            )
        entry = account._earn(5, source_key="x/1")
        wizard = self.env["b2b2c.entry.reverse"].create(
            {"entry_id": entry.id, "points": 1, "reason": f"{EMAIL} asked"}
        )
        wizard = wizard.with_user(
            self._create_user("manager9", "loyalty_b2b2c.group_manager")
        )
        with self.assertRaisesRegex(UserError, "Leave personal data out"):
            wizard.action_reverse()


@tagged("post_install", "-at_install")
class TestPrivacyStructure(ReceiptCommon):
    def test_every_stored_text_is_decided_on(self):
        """A new field is erased with the person, or listed here as nobody's."""
        undecided, gone = {}, {}
        for name, model in self.env.registry.items():
            if not name.startswith("b2b2c.") or model._abstract or model._transient:
                continue
            if name in erasure.DELETED or not model._auto:
                continue
            stored = {
                field.name
                for field in model._fields.values()
                if field.store
                and not field.related  # handled where it is
                and field.type in ("char", "text", "html", "json", "binary", "image")
            }
            handled = {
                *erasure_texts.TEXTS.get(model._table, ()),
                *erasure.CLEARED.get(name, ()),
            }
            listed = NOTHING_PERSONAL.get(name, set())
            undecided[name] = stored - handled - listed
            gone[name] = (handled | listed) - stored
            self.assertFalse(handled & listed, name)
        self.assertEqual({k: v for k, v in undecided.items() if v}, {})
        self.assertEqual({k: v for k, v in gone.items() if v}, {})

    def test_texts_of_odoo_exist(self):
        """A table or column that Odoo renames would silently be left out."""
        columns = erasure_texts.TextEraser(
            self.env, self.contact, self.member, ([], [])
        ).columns
        for table, names in erasure_texts.TEXTS.items():
            self.assertEqual(set(names), columns[table].keys(), table)


def _like(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
