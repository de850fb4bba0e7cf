"""A company without dealers does not feel the price guard: not one statement more.

Each act is counted on fresh records and an empty cache, once with our overrides of
orders, invoices, contacts and price lists and once with these taken out of the classes.
"""

import contextlib
from unittest.mock import patch

from odoo import Command
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools.misc import Callbacks

from ...models.dealers import dealer_lookup
from ...models.pricing.prices import plain
from ..dealers.test_ladder import LadderCommon

#: Where the overrides are that nobody without dealers shall feel.
PACKAGES = tuple(
    f"odoo.addons.loyalty_b2b2c.models.{name}." for name in ("dealers", "pricing")
)
#: What Odoo remembers of a class about the methods that are taken out.
_REMEMBERED = ("_constraint_methods", "_ondelete_methods", "_onchange_methods")
#: Decorated methods that run though no method of core is overridden.
_RUNS_BY_ITSELF = ("_constrains", "_ondelete", "_onchange")


def get_overrides(env):
    """Return ``(model, class, method)`` of what runs when core's models are used.

    Methods that core has, too, and methods that run by themselves; our own fields and
    the methods behind them are read by our own screens only.
    """
    overrides = []
    for name in list(env.registry):
        model = env.registry[name]
        if name.startswith("b2b2c."):
            continue
        for part in model.__mro__:
            if part.__module__.startswith(PACKAGES) and issubclass(part, BaseModel):
                rest = model.__mro__[model.__mro__.index(part) + 1 :]
                overrides += [
                    (name, part, attribute)
                    for attribute, value in vars(part).items()
                    if callable(value)
                    and (
                        any(hasattr(value, mark) for mark in _RUNS_BY_ITSELF)
                        or any(attribute in vars(lower) for lower in rest)
                    )
                ]
    return overrides


@contextlib.contextmanager
def without(env, overrides):
    """Take overrides out of their classes for the block."""
    taken = [(part, name, vars(part)[name]) for _model, part, name in overrides]
    try:
        for part, name, _value in taken:
            delattr(part, name)
        _forget_methods(env)
        yield
    finally:
        for part, name, value in taken:
            setattr(part, name, value)
        _forget_methods(env)


def _forget_methods(env):
    for name in env.registry:
        for memo in _REMEMBERED:
            if memo in vars(env.registry[name]):
                delattr(env.registry[name], memo)


#: Ask nothing in any case: these lists are no tier's.
NEVER_ASK = {
    "read price list of a contact",
    "read price",
    "write price list",
    "write item of a price list",
}


class UntouchedCommon(LadderCommon):
    """A salesperson and an accountant of a company without dealers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overrides = get_overrides(cls.env)
        cls.product.invoice_policy = "order"
        cls.seller = cls._create_user(
            "seller", "sales_team.group_sale_manager", "base.group_partner_manager"
        )
        cls.biller = cls._create_user("biller", "account.group_account_manager")
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.euro = cls._create_currency_rate("EUR", 2.0)
        cls.everybody = cls.env["product.pricelist"].create(
            {
                "name": "Everybody",
                "sequence": 1,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 2})
                ],
            }
        )

    # === ACTS === #

    def _order(self):
        return self._create_order(10, confirm=False).with_user(self.seller)

    def _sold(self):
        return self._create_order(10).with_user(self.seller)

    def _bill(self):
        return self._create_order(10)._create_invoices().with_user(self.biller)

    def _refund(self):
        bill = self._bill()
        bill.action_post()
        return bill._reverse_moves([{}])

    def _contact(self):
        contact = self.env["res.partner"].create({"name": "Somebody"})
        return contact.with_user(self.seller)

    def _list(self):
        pricelist = self.everybody.copy({"name": "Copy", "sequence": 9})
        return pricelist.with_user(self.seller)

    @property
    def _acts(self):
        """Name -> (function that makes a record, function of it that is counted)."""
        line = {"product_id": self.product.id, "product_uom_qty": 3}
        return {
            "create order": (
                self._contact,
                lambda contact: contact.env["sale.order"].create(
                    {"partner_id": contact.id, "order_line": [Command.create(line)]}
                ),
            ),
            "write order": (
                self._order,
                lambda order: order.write({"partner_id": self.client.id}),
            ),
            "copy order": (self._order, lambda order: order.copy()),
            "price order anew": (
                self._order,
                lambda order: order.action_update_prices(),
            ),
            "confirm order": (self._order, lambda order: order.action_confirm()),
            "create line": (
                self._order,
                lambda order: order.order_line.create({"order_id": order.id, **line}),
            ),
            "write price of line": (
                lambda: self._order().order_line,
                lambda lines: lines.write({"price_unit": 90}),
            ),
            "write invoice": (
                self._bill,
                lambda bill: bill.write({"partner_id": self.contact.id}),
            ),
            "write line of invoice": (
                self._bill,
                lambda bill: bill.invoice_line_ids.write({"price_unit": 90}),
            ),
            "post invoice": (self._bill, lambda bill: bill.action_post()),
            "post credit note": (self._refund, lambda refund: refund.action_post()),
            "write contact": (
                self._contact,
                lambda contact: contact.write(
                    {
                        "phone": "+380671234567",
                        "specific_property_product_pricelist": self.everybody.id,
                    }
                ),
            ),
            "read price list of a contact": (
                self._contact,
                lambda contact: contact.property_product_pricelist,
            ),
            "read price": (
                self._list,
                lambda pricelist: pricelist._get_product_price(self.product, 1),
            ),
            "write price list": (
                self._list,
                lambda pricelist: pricelist.write({"currency_id": self.euro.id}),
            ),
            "write item of a price list": (
                self._list,
                lambda pricelist: pricelist.item_ids.write({"percent_price": 3}),
            ),
        }

    @classmethod
    def _create_elsewhere(cls):
        """Enroll a dealer in another company."""
        company = cls.elsewhere
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        ladder = env["b2b2c.ladder"].create(
            {
                "name": "Elsewhere",
                "company_id": company.id,
                "timezone": "UTC",
                "document_kind_ids": cls._get_document_kinds().ids,
            }
        )
        ladder.action_start()
        partner = cls.env["res.partner"].create({"name": "Dealer of Elsewhere"})
        return cls._create_dealer(ladder, partner)

    # === COUNTING === #

    def _count(self, make, act):
        """Return the number of statements of an act, which is undone.

        What Odoo looks for when an invoice gets its number depends on how many there
        were before, so each act has to find the same.
        """
        with contextlib.closing(self.env.cr.savepoint()):
            record = make()
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.cache.clear()
            before = self.env.cr.sql_log_count
            act(record)
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        self.env.invalidate_all(flush=False)
        return count

    def _count_all(self, usual=None):
        """Return act -> number of statements once caches of the process are filled.

        One act may fill what another one reads, so all of them are played again until
        nothing changes, or until they are what is usual.  The caches are emptied first:
        a process that has run hundreds of tests has full ones, which forget something
        with each thing they learn.
        """
        self.env.registry.clear_all_caches()
        before = None
        for _turn in range(8):
            figures = {name: self._count(*act) for name, act in self._acts.items()}
            if figures in (before, usual):
                return figures
            before = figures
        self.fail("the number of statements is another one each time")


@tagged("post_install", "-at_install")
class TestPriceUntouched(UntouchedCommon):
    def test_the_overrides_are_those_that_are_meant(self):
        names = {(model, name) for model, _part, name in self.overrides}
        self.assertLessEqual(
            {
                ("sale.order", "create"),
                ("sale.order", "write"),
                ("sale.order", "copy_data"),
                ("sale.order", "_recompute_prices"),
                ("sale.order.line", "create"),
                ("sale.order.line", "write"),
                ("sale.order.line", "_check_b2b2c_price"),
                ("sale.order.line", "_compute_discount"),
                ("account.move", "write"),
                ("account.move", "_post"),
                ("account.move.line", "write"),
                ("account.move.line", "_check_b2b2c_price"),
                ("res.partner", "write"),
                ("product.pricelist", "write"),
                ("product.pricelist", "_get_applicable_rules"),
                ("product.pricelist.item", "write"),
            },
            names,
        )

    def test_nobody_without_dealers_feels_the_guard(self):
        with without(self.env, self.overrides):
            usual = self._count_all()
        self.maxDiff = None
        self.assertEqual(self._count_all(usual), usual, "no ladder")
        ladder = self._create_ladder()
        self._create_elsewhere()
        self.assertEqual(self._count_all(usual), usual, "nobody climbs, but elsewhere")
        # control: the same acts, for customers who are no dealers, beside one
        stranger = self.env["res.partner"].create({"name": "Dealer"})
        self._create_dealer(ladder, stranger)
        figures = self._count_all()
        same = {name for name, number in figures.items() if number == usual[name]}
        self.assertEqual(same, NEVER_ASK, figures)
        self.assertTrue(all(figures[name] >= number for name, number in usual.items()))
        ladder.action_close()
        self.assertEqual(self._count_all(usual), usual, "a ladder that is closed")

    def test_what_screens_show_is_known_without_a_statement(self):
        order, contact = self._sold(), self.contact.with_user(self.seller)
        self.assertTrue(self.seller.has_group("base.group_user"))
        self.assertEqual(contact.env.company, self.company)
        self.env["b2b2c.ladder.standing"]._get_dealer_companies()
        for record, name in ((order, "company_id"), (contact, "commercial_partner_id")):
            self.assertTrue(record[name])  # read with all that is stored
        shown = {
            order: ("b2b2c_is_managed", "b2b2c_exception_count", "b2b2c_dealer_info"),
            contact: ("b2b2c_dealer_tier", "b2b2c_dealer_info"),
        }
        for record, names in shown.items():
            for name in names:
                before = self.env.cr.sql_log_count
                self.assertFalse(record[name])
                self.assertEqual(self.env.cr.sql_log_count, before, name)

    def test_one_look_up_of_dealers_for_an_order(self):
        """Making an order, adding to it and confirming it asks once."""
        dealer = self._create_dealer(self._create_ladder())
        self.env.flush_all()
        self.env.cr.cache.clear()
        read = dealer_lookup._read_dealers
        with patch.object(dealer_lookup, "_read_dealers", wraps=read) as look_up:
            order = self._order()
            order.order_line = [Command.create({"product_id": self.product.id})]
            order.order_line[0].product_uom_qty = 5
            order.action_confirm()
            self.env.flush_all()
        self.assertEqual(order.sudo().b2b2c_standing_id, dealer)
        self.assertEqual(look_up.call_count, 1)


@tagged("post_install", "-at_install")
class TestDealerLookUp(LadderCommon):
    """What is remembered of dealers is right within the transaction that changes it."""

    def _price(self):
        return self._create_order(10, confirm=False).amount_untaxed

    def test_a_dealer_of_the_same_transaction_is_known(self):
        ladder = self._create_ladder(start=False)
        ladder.tier_ids[0].discount = 4
        ladder.action_start()
        self.assertEqual(self._price(), 1000)
        dealer = self._create_dealer(ladder)
        order = self._create_order(10, confirm=False)
        self.assertEqual((order.amount_untaxed, order.b2b2c_standing_id), (960, dealer))
        self._sell(1100)  # 105,600
        self.assertEqual(self._price(), 950)
        dealer.action_end()
        order = self._create_order(10, confirm=False)
        self.assertEqual(order.amount_untaxed, 1000)
        self.assertFalse(order.b2b2c_standing_id)

    def test_a_dealer_of_a_savepoint_that_was_undone_is_none(self):
        ladder = self._create_ladder(start=False)
        ladder.tier_ids[0].discount = 4
        ladder.action_start()
        self.assertEqual(self._price(), 1000)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._create_dealer(ladder)
            self.assertEqual(self._price(), 960)
            raise ZeroDivisionError
        order = self._create_order(10, confirm=False)
        self.assertEqual(order.amount_untaxed, 1000)
        self.assertFalse(order.b2b2c_standing_id)

    def test_a_ladder_that_is_switched_to_flags_is_known(self):
        ladder = self._create_ladder()
        self._create_dealer(ladder)
        order = self._create_order(10, confirm=False)
        ladder.reprice = "flag"
        self._sell(1000)
        self.assertTrue(order.b2b2c_kept_pricelist_id)
        self.assertEqual(order.amount_untaxed, 1000)

    def test_what_others_remember_before_the_commit_is_forgotten_after_it(self):
        """Another thread may have asked while the dealer was not yet committed."""
        ladder = self._create_ladder()
        self.patch(self.env.cr, "postcommit", Callbacks())
        self._create_dealer(ladder)
        dealers = self.env["b2b2c.ladder.standing"]
        cache = type(dealers)._get_dealer_companies.__cache__
        cache.add_value(dealers, cache_value={})
        self.assertEqual(dealers._get_dealer_companies(), {})
        self.env.cr.postcommit.run()
        self.assertEqual(dealers._get_dealer_companies(), {self.company.id: True})

    def test_refusals_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._create_order(10, confirm=False).with_context(
            lang="fr_FR", force_price_recomputation=True
        )
        self.assertEqual(dict(plain(order).env.context), {"lang": "fr_FR"})
