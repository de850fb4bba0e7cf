"""Nothing of a person is left in what newer parts of the product store (R26)."""
# what people write by hand is in no language
# pylint: disable=translation-required

import base64
import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.people.person import Person
from ...models.people.personal_texts import ModelTexts
from ...models.privacy import erasure_texts
from ..fakes import extended
from ..receipts.receipt_kit import ReceiptCommon, jpeg
from .traces import TracesCommon

NAME = "Соломія Мар'янчук"
EMAIL = "solomiia@example.net"
PHONE = "+380 50 765 43 21"


@tagged("post_install", "-at_install")
class TestPrivacyFields(TracesCommon, ReceiptCommon):
    """Solomiia sells at the shop, joined by herself, and hands a receipt in."""

    # also as JSON, as HTML, and in other groupings of the digits
    markers = (
        NAME,
        json.dumps(NAME)[1:-1],
        NAME.replace("'", "&#39;"),
        EMAIL,
        "50 765 43 21",
        "380507654321",
        "050-765-43-21",
    )
    traced_tables = (
        "b2b2c_join", "b2b2c_receipt", "b2b2c_receipt_line", "mail_message",
        "mail_activity", "b2b2c_external_document", "b2b2c_external_line",
        "b2b2c_api_answer", "bus_bus", "mail_blacklist", "phone_blacklist",
    )  # fmt: skip

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
        row = cls.env["b2b2c.api.answer"]._begin(key.id, "one")
        cls.env["b2b2c.api.answer"]._keep(row.id, "f", 200, json.dumps(payload))

    def test_nothing_is_found_afterwards(self):
        image = self.receipt.page_ids.image
        self.assertTrue(base64.b64decode(image))
        self.seller._erase("Request 123")
        self.assertEqual(self._find_traces(), {})
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
        manager = self._create_user("manager9", "loyalty_b2b2c.group_manager")
        wizard = (
            self.env["b2b2c.entry.reverse"]
            .with_user(manager)
            .create({"entry_id": entry.id, "points": 1, "reason": f"{EMAIL} asked"})
        )
        with self.assertRaisesRegex(UserError, "Leave personal data out"):
            wizard.action_reverse()


def undecided(env, person):
    """Return what no package decided on, or decided on twice, or what is gone.

    :return: dict model -> names of fields
    """
    registry = person.members._get_personal_texts(person).by_model
    problems = {}
    for name, model in env.registry.items():
        if not name.startswith("b2b2c.") or model._abstract or model._transient:
            continue
        texts = registry.get(name, ModelTexts())
        if texts.is_deleted or not model._auto:
            continue
        stored = {
            field.name
            for field in model._fields.values()
            if field.store
            and not field.related  # handled where it is
            and field.type in ("char", "text", "html", "json", "binary", "image")
        }
        sets = (texts.replaced, texts.cleared, texts.impersonal)
        twice = sum(map(len, sets)) - len(set().union(*sets))
        if stored != set().union(*sets) or twice:
            problems[name] = stored ^ set().union(*sets)
    return problems


@tagged("post_install", "-at_install")
class TestPrivacyStructure(ReceiptCommon):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = Person(cls.member.partner_id)

    def test_every_stored_text_is_decided_on(self):
        """The package that has a field says: replaced, cleared, or impersonal."""
        self.assertEqual(undecided(self.env, self.person), {})

    def test_texts_of_odoo_exist(self):
        """A table or column that Odoo renames would silently be left out."""
        eraser = erasure_texts.TextEraser(self.person)
        for table, names in eraser.texts.items():
            self.assertEqual(set(names), eraser.columns[table].keys(), table)


class FakePackage:
    """A package whose products carry the words of those who asked for them."""

    def _get_personal_data(self):
        goods = self.env["b2b2c.reward"].search([("x_asked", "!=", False)])
        data = super()._get_personal_data()
        return {**data, "asked": self._to_rows(goods, ("x_asked", "x_by"))}

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.reward", replaced=["x_asked"], cleared=["x_by"])
        return texts

    def _erase_personal_data(self, person):
        result = super()._erase_personal_data(person)
        goods = self.env["b2b2c.reward"].search([("x_by", "in", person.names)])
        goods.x_by = False
        return result


@tagged("post_install", "-at_install")
class TestPrivacyOfAPackage(ReceiptCommon):
    """A package stores more about people: one file says what becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("x_asked", "x_by"):
            cls.env["ir.model.fields"].create(
                {
                    "name": name,
                    "model_id": cls.env["ir.model"]._get_id("b2b2c.reward"),
                    "field_description": name,
                    "ttype": "char",
                }
            )
        partner = cls.env["res.partner"].create({"name": NAME, "email": EMAIL})
        cls.asker = cls._create_member(partner_id=partner.id)
        cls.person = Person(partner)
        cls.reward = cls.env["b2b2c.reward"].create(
            {
                "name": "Mug",
                "points": 1,
                "company_id": cls.company.id,
                "x_asked": f"write to {EMAIL} when there are mugs",
                "x_by": NAME,
            }
        )

    def _extend(self):
        self.enterContext(extended(self.env, "b2b2c.member", FakePackage))

    def test_without_the_file_it_is_noticed(self):
        self.assertEqual(
            undecided(self.env, self.person), {"b2b2c.reward": {"x_asked", "x_by"}}
        )

    def test_with_the_file_all_is_decided(self):
        self._extend()
        self.assertEqual(undecided(self.env, self.person), {})

    def test_the_person_is_taken_out(self):
        self._extend()
        self.asker._erase("Request 123")
        self.assertEqual(
            (self.reward.x_asked, self.reward.x_by, self.reward.name),
            ("write to [erased] when there are mugs", False, "Mug"),
        )

    def test_without_the_file_it_would_stay(self):
        self.asker._erase("Request 123")
        self.assertIn(EMAIL, self.reward.x_asked)

    def test_the_copy_has_it(self):
        self._extend()
        data = self.asker._get_personal_data()
        self.assertEqual(
            data["asked"], [{"x_asked": self.reward.x_asked, "x_by": NAME}]
        )
