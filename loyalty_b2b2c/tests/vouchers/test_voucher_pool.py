"""Pools: terms that stay, alerts, what goes back to the partner and what it is told."""

import csv
import io
from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .voucher_kit import VoucherCommon


@tagged("post_install", "-at_install")
class TestVoucherPool(VoucherCommon):
    def test_a_manager_makes_one(self):
        with Form(self.env["b2b2c.voucher.pool"].with_user(self.manager)) as form:
            form.name = "Popcorn"
            form.partner_id = self.cinema
            form.value = 5
        pool = form.save()
        self.assertEqual((pool.state, pool.kind, pool.all_count), ("open", "codes", 0))
        with self.assertRaises(AccessError):
            pool.with_user(self.officer).name = "Mine"

    def test_terms_stay_when_there_are_codes(self):
        pool = self.pool.with_user(self.manager)
        pool.value = 12
        self._import("AAAA-1111")
        self.env.invalidate_all()
        pool.cost = 8
        for values in ({"value": 5}, {"partner_id": self.client.id},
                       {"kind": "shared"}, {"state": "closed"}):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError):
                pool.write(values)
        with self.assertRaises(UserError):
            pool.unlink()

    def test_a_shared_one_has_a_code_or_a_link(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.cr.savepoint(),
        ):
            self._create_pool("Nothing", kind="shared").flush_recordset()
        with self.assertRaises(ValidationError):
            self._create_pool("Bad", kind="shared", link="javascript:alert(1)")

    def test_a_reward_comes_from_a_pool_of_its_company(self):
        with self.assertRaises(ValidationError):
            self._create_reward("No pool", 10, kind="voucher")
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_pool("Foreign", company_id=company.id)
        with self.assertRaises(ValidationError):
            self._create_reward("X", 10, kind="voucher", voucher_pool_id=foreign.id)

    def test_companies_do_not_see_each_other(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_pool("Foreign", company_id=company.id)
        self._import("AAAA-1111", pool=foreign)
        voucher = self.env["b2b2c.voucher"].search([("pool_id", "=", foreign.id)])
        for record in (foreign, voucher, foreign.import_ids):
            self.assertFalse(record.with_user(self.manager).has_access("read"))

    def test_figures(self):
        self._import("AAAA-1111", "BBBB-2222", "CCCC-3333", "DDDD-4444")
        self._ask(self.ticket, "1")._show_vouchers(self.env.user)
        self._ask(self.ticket, "2")
        pool = self.pool
        self.assertEqual(
            (pool.all_count, pool.free_count, pool.given_count, pool.shown_count),
            (4, 2, 2, 1),
        )
        self.assertEqual(self.cinema.b2b2c_voucher_pool_count, 1)
        self.assertEqual(self.ticket.voucher_free_count, 2)

    # === ALERTS === #

    def _watch(self):
        self.env.invalidate_all()
        self.env["b2b2c.voucher.pool"]._cron_watch()
        return self.pool.activity_ids.mapped("summary")

    def test_few_left_is_told_once_and_again_after_a_refill(self):
        self.pool.low_stock = 1
        self._import("AAAA-1111", "BBBB-2222")
        self.assertEqual(self._watch(), [])
        self._ask(self.ticket)
        for _run in range(2):
            self.assertEqual(self._watch(), ["Codes left: 1"])
        self.assertEqual(self.pool.activity_ids.user_id, self.pool.responsible_id)
        self.pool.activity_ids.unlink()
        self._import("CCCC-3333")
        self.assertEqual(self._watch(), [])
        self._ask(self.ticket, "k-2")
        self.assertEqual(self._watch(), ["Codes left: 1"])

    def test_codes_that_are_over_soon_are_told_once(self):
        today = self.pool._get_today()
        self.pool.low_stock = 0
        self.pool.valid_until = today + timedelta(days=31)
        self._import("AAAA-1111")
        self.assertEqual(self._watch(), [])
        self.pool.valid_until = today + timedelta(days=30)
        for _run in range(2):
            self.assertEqual(self._watch(), ["Codes that are over soon: 1"])

    # === BACK TO THE PARTNER === #

    def _return(self, count, user=None):
        dialog = (
            self.env["b2b2c.voucher.return"]
            .with_user(user or self.manager)
            .create({"pool_id": self.pool.id, "count": count})
        )
        dialog.action_return()

    def test_unsold_codes_go_back_once(self):
        self._import("AAAA-1111", "BBBB-2222", "CCCC-3333")
        self._ask(self.ticket)
        self._return(1)
        self.assertEqual(
            self._states(),
            {"AAAA-1111": "given", "BBBB-2222": "free", "CCCC-3333": "returned"},
        )
        self._return(5)
        self.assertEqual(self.pool.returned_count, 2)
        self.assertRefused("no_vouchers", reward=self.ticket)
        with self.assertRaises(UserError):
            self._return(1)

    def test_returning_is_for_managers(self):
        self._import("AAAA-1111")
        with self.assertRaises(AccessError):
            self._return(1, user=self.officer)

    def test_a_returned_code_is_not_imported_again(self):
        self._import("AAAA-1111")
        self._return(1)
        self.assertEqual(self._import("AAAA-1111").added_count, 0)

    def test_the_list_of_returned_codes(self):
        self._import("AAAA-1111", "BBBB-2222")
        self._ask(self.ticket)
        self._return(1)
        file = self.pool.with_user(self.manager)._render_returned()
        rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
        self.assertEqual([row[0] for row in rows], ["Code", "BBBB-2222"])
        self.assertIn("downloaded", self.pool.message_ids[0].body)
        with self.assertRaises(UserError):
            self.pool.with_user(self.officer)._render_returned()

    def test_the_report_adds_up(self):
        self._import("AAAA-1111", "BBBB-2222", "CCCC-3333", "DDDD-4444")
        self._ask(self.ticket, "1")._show_vouchers(self.env.user)
        self._ask(self.ticket, "2")
        self._return(1)
        report = self.pool._get_partner_report()
        figures = {row["label"]: (row["count"], row["value"], row["cost"])
                   for row in report["rows"]}  # fmt: skip
        self.assertEqual(figures["Given and shown"], (1, 10, 7.5))
        self.assertEqual(figures["Given, not shown yet"], (1, 10, 7.5))
        self.assertEqual(figures["Not given"], (1, 10, 7.5))
        self.assertEqual(figures["Returned to you"], (1, 10, 7.5))
        self.assertEqual(figures["All"], (4, 40, 30))
        [month] = report["months"]
        self.assertEqual((month["given"], month["shown"]), (2, 1))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty_b2b2c.voucher_pool_report", self.pool.ids
        )
        self.assertIn("Given and shown", html.decode())
        self.assertNotIn("AAAA-1111", html.decode())

    def test_the_report_is_in_the_partner_s_language(self):
        """Whoever prints it reads English; two codes of 10.00, one given in March."""
        self.env["res.lang"]._activate_lang("uk_UA")
        self.cinema.lang = "uk_UA"
        self._import("AAAA-1111", "BBBB-2222")
        given = self._ask(self.ticket, "1").voucher_ids
        self.env.cr.execute(
            "UPDATE b2b2c_voucher SET given_at = '2026-03-15 10:00' WHERE id = %s",
            [given.id],
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty_b2b2c.voucher_pool_report", self.pool.ids
        )
        words = html.decode()
        for said in ("Видано, ще не показано", "березень 2026", "20,00", "15,00"):
            self.assertIn(said, words)
        self.assertNotIn("Given, not shown yet", words)
