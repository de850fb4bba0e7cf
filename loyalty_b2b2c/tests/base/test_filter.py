"""Filters ask what their writer may read, of products and contacts only (A27)."""

from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...models.base.b2b2c_filter import B2b2cFilter
from ..common import LoyaltyCommon

_SAMPLES = {"boolean": True, "integer": 1, "float": 1, "monetary": 1}


@tagged("post_install", "-at_install")
class TestFilter(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("filters", "loyalty_b2b2c.group_manager")
        cls.program = cls._create_program()
        cls.filters = cls.env["b2b2c.filter"].with_user(cls.manager)
        cls.other = cls.env["res.company"].create({"name": "Other Company B"})

    def _write(self, name, domain, user=None):
        """Write a filter of a rule as a person does."""
        rule = self.program.rule_ids.with_user(user or self.manager)
        with self.env.cr.savepoint():
            rule.write({name: repr(domain)})

    def _ask(self, field):
        """Return a condition on a field."""
        value = _SAMPLES.get(field.type, "2026-01-01" if "date" in field.type else "x")
        return [(field.name, "=", value)]

    def test_what_the_person_may_not_read(self):
        """Every field of contacts and products that is for others is refused."""
        tried = []
        for name, model in (
            ("partner_domain", "res.partner"),
            ("product_domain", "product.product"),
        ):
            rows = self.env[model].with_user(self.manager)
            for field in rows._fields.values():
                if rows._has_field_access(field, "read") or not field.store:
                    continue
                tried.append(field.name)
                with self.subTest(field=field.name), self.assertRaises(ValidationError):
                    self._write(name, self._ask(field))
        self.assertIn("signup_type", tried)

    def test_no_way_leads_out(self):
        """Every relation of contacts and products to what is not open is refused by
        name, further on, and by what is inside; a record by itself is taken."""
        opened = self.env["b2b2c.filter"]._get_open_models()
        tried = 0
        for model in ("res.partner", "product.product"):
            rows = self.env[model].with_user(self.manager)
            for field in rows._fields.values():
                if (
                    not field.relational
                    or field.comodel_name in opened
                    or not field._description_searchable
                    or not rows._has_field_access(field, "read")
                ):
                    continue
                for condition in (
                    (field.name, "ilike", "Other"),
                    (f"{field.name}.display_name", "=", "Other"),
                    (f"{field.name}.create_uid.login", "=", "x"),
                    (field.name, "any", [("id", ">", 0)]),
                    (field.name, "not any", [("id", ">", 0)]),
                ):
                    tried += 1
                    with self.subTest(condition=condition):
                        with self.assertRaises(UserError):
                            self.filters._check(model, repr([condition]))
        self.assertGreater(tried, 50)
        self.filters._check("res.partner", "[('user_id', '=', 1)]")
        self.filters._check("res.partner", "[('company_id', 'in', [1, False])]")

    def test_named_examples(self):
        for domain in (
            [("signup_type", "=", "reset")],
            [("bank_ids.acc_number", "like", "UA")],
            [("company_id.name", "=", "Other Company B")],
            [("company_id", "ilike", "Other")],
            [("user_ids.login", "=", "admin")],
            [("child_ids", "any", [("user_ids.login", "=", "admin")])],
            [("child_ids", "any!", [("name", "=", "x")])],
            ["!", ("sale_order_ids.amount_total", ">", 1000)],
            ["|", ("name", "=", "x"), ("invoice_ids.amount_total", ">", 1)],
            [("nothing", "=", 1)],
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._write("partner_domain", domain)
        with self.assertRaisesRegex(
            ValidationError, "“user_ids.login” cannot be asked"
        ):
            self._write("partner_domain", [("user_ids.login", "=", "admin")])

    def test_ordinary_filters(self):
        for name, domain in (
            ("partner_domain", [("name", "ilike", "olena")]),
            ("partner_domain", [("parent_id.city", "=", "Lviv")]),
            ("partner_domain", [("country_id.code", "=", "UA")]),
            ("partner_domain", [("country_id", "ilike", "ukr")]),
            ("partner_domain", [("category_id", "any", [("name", "=", "Gold")])]),
            ("partner_domain", [("create_date", ">=", "2026-01-01")]),
            ("product_domain", [("list_price", ">=", 100)]),
            ("product_domain", [("categ_id", "child_of", [1])]),
            ("product_domain", [("product_tmpl_id.name", "=", "Paper A4")]),
            ("product_domain", [("product_tag_ids", "in", [1])]),
            ("product_domain", ["!", ("barcode", "=", False)]),
        ):
            with self.subTest(domain=domain):
                self._write(name, domain)

    def test_other_rights_are_other_filters(self):
        """An accountant among the managers may ask what accountants read."""
        accountant = self._create_user(
            "counting", "loyalty_b2b2c.group_manager", "account.group_account_manager"
        )
        domain = [("credit_limit", ">", 100)]
        self._write("partner_domain", domain, accountant)
        with self.assertRaises(ValidationError):
            self._write("partner_domain", domain)

    def test_ladders_ask_the_same(self):
        ladders = self.env["b2b2c.ladder"].with_user(self.manager)
        kinds = [(6, 0, self._get_document_kinds().ids)]
        values = {"name": "Dealers", "document_kind_ids": kinds}
        with self.assertRaises(ValidationError):
            ladders.create(
                {**values, "product_domain": "[('seller_ids.price', '<', 10)]"}
            )

    def test_challenges_ask_the_same(self):
        challenges = self.env["b2b2c.challenge"].with_user(self.manager)
        values = {"name": "Sell", "program_id": self.program.id}
        values["last_day"] = "2099-12-31"
        self.assertTrue(
            challenges.create({**values, "product_domain": "[('barcode', '=', '1')]"})
        )
        with self.assertRaises(ValidationError):
            challenges.create(
                {**values, "product_domain": "[('seller_ids.price', '<', 10)]"}
            )

    def test_no_field_for_a_filter_is_left_out(self):
        """Each stored text called a domain is one that is checked."""
        texts = {
            f"{model}.{name}"
            for model in self.env.registry
            if model.startswith("b2b2c.")
            for name, field in self.env[model]._fields.items()
            if field.type == "char"
            and "domain" in name
            and field._module == "loyalty_b2b2c"
        }
        checked = {
            "b2b2c.challenge.product_domain",
            "b2b2c.earning.rule.partner_domain",
            "b2b2c.earning.rule.product_domain",
            "b2b2c.ladder.product_domain",
        }
        self.assertEqual(texts, checked)

    def test_control_with_superuser_rights_it_would_be_taken(self):
        """As constraints run: nobody is asked what the person may read."""

        def check(filters, model, text):
            filters.env[model].sudo().search(filters._read(text), limit=1)

        with patch.object(B2b2cFilter, "_check", check):
            self._write("partner_domain", [("signup_type", "=", "reset")])
