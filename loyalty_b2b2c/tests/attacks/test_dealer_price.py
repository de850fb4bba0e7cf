"""What a dealer pays: detours to a lower price, by five roles.

Other ways than those of :mod:`..pricing.test_price_ways`, with its arithmetic: the
pieces of the dealer's binding documents at the price of the tier, against what is paid
in the end; what is missing must be told, to the cent.
"""

from unittest.mock import patch

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.pricing import line_guard
from ..pricing.test_price_ways import WaysCommon

ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "loyalty officer": "sales_team.group_sale_salesman loyalty_b2b2c.group_officer",
    "loyalty manager": "sales_team.group_sale_manager loyalty_b2b2c.group_manager",
    "accountant": "sales_team.group_sale_salesman account.group_account_manager",
    "product and stock manager": "sales_team.group_sale_manager"
    " stock.group_stock_manager product.group_product_manager",
}


class PriceAttacks(WaysCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._create_user(
                role.replace(" ", "_"), "base.group_partner_manager", *groups.split()
            )
            for role, groups in ROLES.items()
        }
        cls.combo, cls.pen = cls._create_combo()
        cls.env.flush_all()

    @classmethod
    def _create_combo(cls):
        """Sell a piece with a pen for 60.00: 50.00 of it for the piece."""
        pen = cls._create_product("Pen", 20)
        combos = cls.env["product.combo"].create(
            [
                {
                    "name": product.name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for product in (cls.product, pen)
            ]
        )
        combo = cls._create_product(
            "Set", 60, type="combo", combo_ids=[Command.set(combos.ids)]
        )
        return combo, pen

    def _rpc(self, user, model, method, *args, **kwargs):
        result = call_kw(self.env(user=user, context={})[model], method, args, kwargs)
        self.env.flush_all()
        return result

    def _write(self, user, records, values):
        self._rpc(user, records._name, "write", records.ids, values)

    # === WAYS: WHAT ODOO COMPUTES === #

    def way_confirmed_price_by_default(self, user):
        """A line that pretends to be what was confirmed at 1.00."""
        order = self._order(user)
        values = {
            "b2b2c_net_price": 1,
            "b2b2c_net_quantity": 100,
            "b2b2c_net_uom_id": self.product.uom_id.id,
            "b2b2c_net_product_id": self.product.id,
        }
        for name, value in values.items():
            self._rpc(user, "ir.default", "set", "sale.order.line", name, value, True)
        line = {"product_id": self.product.id, "product_uom_qty": 5, "price_unit": 1}
        self._write(user, order, {"order_line": [Command.create(line)]})

    def _sell_free(self, user, contact, back):
        """Sell to a contact for 1.00, and make it the dealer's again."""
        order = self._quote(11, user=user, partner_id=contact.id)
        self._write(user, order.order_line, {"price_unit": 1})
        order.action_confirm()
        self._write(user, contact, back)
        self._post(self._invoice_of(order, user))

    def way_contact_written_out(self, user):
        contact = self.contact
        self._write(user, contact, {"commercial_partner_id": contact.id})
        company = {"commercial_partner_id": self.client.id}
        self._sell_free(user, contact, company)

    def way_contact_made_a_company(self, user):
        self._write(user, self.contact, {"is_company": True})
        self._sell_free(user, self.contact, {"is_company": False})

    def way_contact_born_out(self, user):
        values = {"name": "Out", "parent_id": self.client.id}
        person = self._rpc(
            user, "res.partner", "create", {**values, "commercial_partner_id": False}
        )
        contact = self.env["res.partner"].browse(person)
        self._write(user, contact, {"commercial_partner_id": contact.id})
        self._sell_free(user, contact, {"commercial_partner_id": self.client.id})

    def way_dealer_archived(self, user):
        self._write(user, self.client | self.contact, {"active": False})
        self._sell_free(user, self.contact, {"active": True})

    def way_line_of_another_state(self, user):
        order = self._order(user)
        self._write(user, order.order_line, {"state": "cancel", "price_unit": 1})

    def way_line_of_another_state_first(self, user):
        order = self._quote(11, user=user)
        self._write(user, order.order_line, {"state": "cancel"})
        self._write(user, order.order_line, {"price_unit": 1})
        order.action_confirm()

    def way_bill_line_of_another_state(self, user):
        bill = self._bill(user)
        values = {"parent_state": "cancel", "price_unit": 1}
        self._write(user, bill.invoice_line_ids, values)
        self._post(bill)

    # === WAYS: COMBINATIONS === #

    def _order_combo(self, user, quantity=1, **values):
        """Return a quotation of a set, and the lines of the piece and of the pen."""
        order = self._quote(
            quantity, user=user, product=self.combo, user_id=user.id, **values
        )
        items = [combo.combo_item_ids for combo in self.combo.combo_ids]
        lines = [
            {
                "product_id": item.product_id.id,
                "product_uom_qty": quantity,
                "combo_item_id": item.id,
                "linked_line_id": order.order_line.id,
            }
            for item in items
        ]
        self._write(user, order, {"order_line": [Command.create(x) for x in lines]})
        return order

    def _find_piece(self, order):
        return order.order_line.filtered(lambda one: one.product_id == self.product)

    def way_combo_of_more_pieces(self, user):
        order = self._order_combo(user)
        self._write(user, self._find_piece(order), {"product_uom_qty": 11})
        order.action_confirm()

    def way_combo_of_more_pieces_later(self, user):
        order = self._order_combo(user)
        order.action_confirm()
        self._write(user, self._find_piece(order), {"product_uom_qty": 11})

    def way_combo_in_dozens(self, user):
        order = self._order_combo(user)
        piece = self._find_piece(order)
        self._write(user, piece, {"product_uom_id": self.dozen.id})
        order.action_confirm()

    def way_combo_without_the_pen(self, user):
        order = self._order_combo(user, 11)
        pen = order.order_line.filtered(lambda one: one.product_id == self.pen)
        self._rpc(user, "sale.order.line", "unlink", pen.ids)
        order.action_confirm()

    def way_combo_without_the_set(self, user):
        """The pieces stay, the line they are parts of is a stranger's."""
        order = self._order_combo(user)
        cheap = self._order_combo(user, partner_id=self.friend.id)
        values = {"linked_line_id": cheap.order_line[0].id, "product_uom_qty": 11}
        self._write(user, self._find_piece(order), values)
        order.action_confirm()

    def way_combo_of_twice_the_piece(self, user):
        order = self._order_combo(user)
        piece = self._find_piece(order)
        line = {
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "combo_item_id": piece.combo_item_id.id,
            "linked_line_id": piece.linked_line_id.id,
        }
        self._write(user, order, {"order_line": [Command.create(line)] * 10})
        order.action_confirm()

    # === WAYS: ADVANCES === #

    def _advance(self, user):
        """Return an order with an advance of 1.00 that is posted."""
        order = self._order(user)
        advance = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 1,
                "sale_order_ids": order.ids,
            }
        )
        self._post(advance._create_invoices(order.sudo()))
        return order, order.sudo().order_line.filtered("is_downpayment")[-1:]

    def way_bill_goods_as_an_advance(self, user):
        """Goods on an invoice name the line of the advance, which has any price."""
        order, advance = self._advance(user)
        bill = self._invoice_of(order, user)
        line = {
            "product_id": self.product.id,
            "quantity": 100,
            "price_unit": 1,
            "sale_line_ids": [Command.set(advance.ids)],
        }
        self._write(user, bill, {"invoice_line_ids": [Command.create(line)]})
        self._post(bill)

    def way_bill_alone_goods_as_an_advance(self, user):
        _order, advance = self._advance(user)
        links = [Command.set(advance.ids)]
        line = {"price_unit": 1, "quantity": 100, "sale_line_ids": links}
        self._post(self._bill_alone(user, line))

    def way_sold_line_becomes_an_advance(self, user):
        order = self._order(user)
        self._deliver(order.sudo())
        line = order.order_line
        self._write(user, line, {"qty_delivered": 0})
        values = {"product_uom_qty": 0, "is_downpayment": True, "price_unit": 1}
        self._write(user, line, values)
        links = [Command.set(line.ids)]
        bill = {"price_unit": 1, "sale_line_ids": links}
        self._post(self._bill_alone(user, bill))

    def way_bill_link_from_the_order(self, user):
        """Linked through the order, not through the invoice."""
        order, advance = self._advance(user)
        bill = self._bill_alone(user)
        values = {"invoice_lines": [Command.link(bill.invoice_line_ids.id)]}
        self._write(user, advance, values)
        self._write(user, bill.invoice_line_ids, {"price_unit": 1})
        self._post(bill)

    # === WAYS: WHAT WAS DELIVERED, AND CAME BACK === #

    def _sell_delivered(self, user):
        """Return an order that was delivered and invoiced by what was delivered."""
        self.product.invoice_policy = "delivery"
        order = self._order(user)
        self._deliver(order.sudo())
        self._post(self._invoice_of(order, user))
        return order

    def way_credit_of_what_was_never_delivered(self, user):
        """What was delivered is written over, so all seems to have come back."""
        order = self._sell_delivered(user)
        self._write(user, order.order_line, {"qty_delivered": 0})
        note = order.sudo()._create_invoices(final=True)
        self._post(note)

    def way_credit_of_less_ordered(self, user):
        self.product.invoice_policy = "order"
        order = self._order(user)
        self._deliver(order.sudo())
        self._post(self._invoice_of(order, user))
        self._write(user, order.order_line, {"qty_delivered": 0})
        self._write(user, order.order_line, {"product_uom_qty": 0})
        self._post(order.sudo()._create_invoices(final=True))

    def way_bill_modified(self, user):
        """Credited, and invoiced anew for less."""
        bill = self._bill(user)
        self._post(bill)
        model = "account.move.reversal"
        values = {"move_ids": bill.ids, "journal_id": bill.journal_id.id}
        window = self._rpc(user, model, "create", values)
        action = self._rpc(user, model, "modify_moves", [window])
        anew = self.env["account.move"].browse(action["res_id"])
        self._write(user, anew.invoice_line_ids, {"price_unit": 1})
        self._post(anew)

    def way_bill_copied(self, user):
        bill = self._bill(user)
        self._post(bill)
        [number] = self._rpc(user, "account.move", "copy", bill.ids)
        anew = self.env["account.move"].browse(number)
        self._write(user, anew.invoice_line_ids, {"price_unit": 1})
        self._post(anew)

    def way_bill_was_a_note(self, user):
        """Written as a credit note, which is compared with nothing, and switched."""
        note = self._bill_alone(
            user, {"price_unit": 1, "quantity": -11}, move_type="out_refund"
        )
        self._rpc(user, "account.move", "action_switch_move_type", note.ids)
        self._post(note)

    # === WAYS: WHAT TERMS, TAXES AND UNITS MEAN AFTERWARDS === #

    def way_term_changed_after_the_order(self, user):
        term = self.env["account.payment.term"].create({"name": "30 days"})
        order = self._order(user, payment_term_id=term.id)
        early = {"early_discount": True, "discount_percentage": 90, "discount_days": 9}
        self._write(user, term, early)
        self._post(self._invoice_of(order, user))

    def way_tax_changed_after_the_order(self, user):
        order = self._order(user)
        self._write(user, self.product.taxes_id, {"amount": -50})
        self._post(self._invoice_of(order, user))

    def way_dozen_is_one_for_a_while(self, user):
        """A dozen is one piece while it is sold, and twelve when it is delivered."""
        self._write(user, self.dozen, {"relative_factor": 1})
        order = self._quote(11, user=user)
        self._write(user, order.order_line, {"product_uom_id": self.dozen.id})
        order.action_confirm()
        self._write(user, self.dozen, {"relative_factor": 12})

    # === WAYS: EXCEPTIONS === #

    def _ask(self, user, order, price=1):
        [number] = [
            self._rpc(user, "sale.order", "action_b2b2c_exception", order.ids)["res_id"]
        ]
        exception = self.env["b2b2c.price.exception"].browse(number)
        self._write(user, exception.line_ids, {"price": price})
        self._write(user, exception, {"reason": "Because"})
        return exception

    def way_exception_applied_again_by_default(self, user):
        """What was approved for one line is the default of others."""
        order = self._quote(11, user=user)
        exception = self._ask(user, order)
        self._rpc(user, exception._name, "action_request", exception.ids)
        exception.with_user(self.env.ref("base.user_root")).action_approve()
        name, number = "b2b2c_exception_line_id", exception.line_ids.id
        self._rpc(user, "ir.default", "set", "sale.order.line", name, number, True)
        line = {"product_id": self.product.id, "product_uom_qty": 11, "price_unit": 1}
        self._write(user, order, {"order_line": [Command.create(line)] * 3})
        order.action_confirm()

    # === WAYS: NO DEALER FOR A MOMENT === #

    def way_dealer_let_go_for_a_moment(self, user):
        standing = self.dealer
        self._rpc(user, standing._name, "action_end", standing.ids)
        order = self._quote(11, user=user)
        self._write(user, order.order_line, {"price_unit": 1})
        order.action_confirm()
        values = {"ladder_id": self.ladder.id, "partner_id": self.client.id}
        self._rpc(user, standing._name, "create", values)
        self._post(self._invoice_of(order, user))


@tagged("post_install", "-at_install")
class TestDealerPrice(PriceAttacks):
    maxDiff = None

    @property
    def _ways(self):
        # of this file alone: the others have their own test
        names = [n for n in vars(PriceAttacks) if n.startswith("way_")]
        return {name: getattr(self, name) for name in names}

    def test_each_detour_is_refused_or_told(self):
        for name, way in self._ways.items():
            for role, user in self.roles.items():
                with self.subTest(way=name, role=role):
                    missing, told, _rights = self._try(way, user)
                    self.assertLessEqual(missing, told + 0.02)
                    self.assertAlmostEqual(max(missing, 0), max(told, 0), delta=0.02)

    def _find_kept(self, ways):
        """Return those of these ways that no role succeeds with unseen."""
        return [
            name
            for name in ways
            if not any(
                missing > told + 1
                for missing, told, _rights in (
                    self._try(self._ways[name], user) for user in self.roles.values()
                )
            )
        ]

    @property
    def _by_exception(self):
        return {name for name in self._ways if "exception" in name}

    def test_control_without_the_guard_each_detour_succeeds(self):
        dealers = type(self.env["b2b2c.ladder.standing"])
        contacts = type(self.env["res.partner"])
        with (
            patch.object(dealers, "_get_dealer_companies", lambda self: {}),
            patch.object(contacts, "_check_b2b2c_results", lambda *_args: None),
            patch.object(contacts, "_b2b2c_before_move", lambda *_args: None),
        ):
            self.assertEqual(self._find_kept(set(self._ways) - self._by_exception), [])

    def test_control_exceptions_that_can_be_written_to(self):
        lines = type(self.env["b2b2c.price.exception.line"])
        with (
            patch.object(lines, "_check_draft", lambda self: None),
            patch.object(lines, "_b2b2c_get_closed", lambda self: frozenset()),
            patch.object(
                type(self.env["sale.order.line"]),
                "_b2b2c_get_closed",
                lambda self: frozenset(),
            ),
            patch.object(line_guard, "is_approved", lambda line, net: True),
        ):
            self.assertEqual(self._find_kept(self._by_exception), [])
