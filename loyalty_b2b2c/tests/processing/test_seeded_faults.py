"""The oracle finds faults: each of these is one that people really make.

A fault is planted in the engine or in an adapter while a short story is played.  The
same story without it ends in what the oracle expects, with it in something else.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from unittest.mock import patch

from odoo.tests import tagged

from ...engine import measuring, money, sharing, whole_points
from ...engine.sharing import Figures
from ...models.documents import books, books_facts, charges, order_lines
from .test_document_machine import Machine, MachineWorld

CONFIRM = ("confirm", {"pick": 0})
INVOICE = ("invoice", {"pick": 0, "part": None})
FINAL = ("invoice", {"pick": 0, "part": None, "is_final": True})
PAY = ("pay", {"pick": 0, "percent": 100})
DELIVER = ("deliver_all", {"pick": 0})


def plant(owner, name, fault):
    """Return a context in which a function of the engine or of an adapter is wrong.

    :param fault: called with the right function and with its arguments
    """
    right = getattr(owner, name)

    def wrong(*arguments, **named):
        return fault(right, *arguments, **named)

    return patch.object(owner, name, wrong)


def _lower_franc(story):
    """Let a franc be worth a quarter of our currency from today on, not half of it."""
    story.test.env["res.currency.rate"].create(
        {
            "currency_id": story.test.foreign.id,
            "name": datetime.now().date(),
            "rate": 4.0,
            "company_id": story.test.company.id,
        }
    )


@tagged("post_install", "-at_install")
class TestSeededFaults(MachineWorld):
    def _tell(self, *verbs):
        values = {"test": self, "played": Counter(), "franc_falls": _lower_franc}
        self._play(type("Story", (Machine,), values)(), verbs)

    def assertFound(self, planted, *verbs):
        """Fail unless a story is right, and wrong with a fault planted.

        :param planted: a context in which the fault is there
        """
        self._tell(*verbs)
        with planted, self.assertRaises(AssertionError):
            self._tell(*verbs)

    # === LINES AND NOTES === #

    def test_signs_are_lost(self):
        def fault(right, source, item):
            found = right(source, item)
            return Figures(abs(found.untaxed), abs(found.total), abs(found.quantity))

        credit = ("credit_note", {"pick": 0, "part": 2})
        self.assertFound(plant(charges, "get_figures", fault), CONFIRM, INVOICE, credit)

    def test_each_line_is_clipped_by_itself(self):
        def fault(_right, figures):
            none = Figures()
            return {
                key: Figures(
                    max(none.untaxed, one.untaxed),
                    max(none.total, one.total),
                    max(none.quantity, one.quantity),
                )
                for key, one in figures.items()
            }

        self.assertFound(
            plant(sharing, "balance", fault),
            ("type_minus", {"pick": 0, "number": 0, "amount": 30}),
            CONFIRM,
            ("invoice", {"pick": 0, "part": 1}),
        )

    def test_every_note_takes_goods(self):
        self.assertFound(
            plant(
                measuring,
                "_is_at_price",
                lambda _right, _note, _written, _computed: True,
            ),
            ("order_service", {"pick": 0}),
            CONFIRM,
            INVOICE,
            ("lower_price", {"pick": 0}),
        )

    def test_a_price_note_is_passed_over(self):
        def fault(right, line):
            goods = measuring._find_goods(line, 1, None)
            kept = tuple(
                charge
                for number, charge in enumerate(line.charges)
                if charge.kind != measuring.NOTE or number in goods
            )
            return right(replace(line, charges=kept))

        lower = ("lower_price", {"pick": 0})
        self.assertFound(
            plant(measuring, "get_progress", fault), CONFIRM, INVOICE, lower
        )

    def test_a_note_that_names_nothing_is_passed_over(self):
        settle = {"pick": 0, "number": None, "pieces": 1, "is_taxed": True}
        self.assertFound(
            plant(
                order_lines.OrderInvoices,
                "_get_unnamed",
                lambda _right, *_arguments: (),
            ),
            CONFIRM,
            INVOICE,
            ("settle_with_note_of_none", settle),
        )

    def test_an_exchange_takes_no_pieces(self):
        def fault(right, lines):
            return {
                minus: {
                    key: replace(part, quantity=Fraction(0))
                    for key, part in parts.items()
                }
                for minus, parts in right(lines).items()
            }

        exchange = {"pick": 0, "number": 0, "price": None}
        self.assertFound(
            plant(sharing, "get_weights", fault), ("order_exchange", exchange), CONFIRM
        )

    # === MONEY === #

    def test_paid_is_read_from_the_state(self):
        """An unpaid down payment, and a final invoice that is paid."""

        def fault(right, invoice):
            is_paid = invoice.payment_state in ("paid", "in_payment", "reversed")
            share = Fraction(int(is_paid))
            return replace(right(invoice), share=share, settled=share)

        self.assertFound(
            plant(books, "get_paid", fault),
            CONFIRM,
            ("ask_for_down_payment", {"pick": 0, "percent": 50}),
            FINAL,
            ("pay", {"pick": 1, "percent": 100}),
        )

    def test_a_write_off_is_money(self):
        nothing = Fraction(0)
        self.assertFound(
            plant(
                books_facts.Edge,
                "get_shares",
                lambda _right, _edge: (Fraction(1), nothing, nothing),
            ),
            CONFIRM,
            INVOICE,
            ("write_off", {"pick": 0, "percent": 50}),
        )

    def test_what_was_written_off_waits_for_ever(self):
        def fault(right, *arguments):
            return {**right(*arguments), "lost": Fraction(0)}

        self.assertFound(
            plant(charges.Charges, "_get_settled", fault),
            CONFIRM,
            INVOICE,
            ("write_off", {"pick": 0, "percent": 50}),
        )

    def test_a_down_payment_is_as_paid_as_its_final(self):
        def fault(_right, _shares, pool, _of_pools):
            return sum((a for due in pool.dues for _key, a in due.deductions), 0)

        self.assertFound(
            plant(money._Shares, "get_advance", fault),
            CONFIRM,
            ("ask_for_down_payment", {"pick": 0, "percent": 50}),
            FINAL,
            ("pay", {"pick": 1, "percent": 100}),
        )

    def test_money_of_an_open_invoice_counts(self):
        self.assertFound(
            plant(money._Pool, "is_closed", lambda _right, _pool, _key: True),
            CONFIRM,
            INVOICE,
            ("pay", {"pick": 0, "percent": 50}),
        )

    def test_the_rate_is_the_invoices(self):
        """A franc is half of ours when it is ordered, a quarter when it is invoiced."""

        def fault(right, source, document):
            invoices = document.order_line.invoice_lines.move_id
            return invoices[:1].invoice_currency_rate or right(source, document)

        verbs = (
            ("confirm", {"pick": 1}),
            ("time_passes", {"hours": 24}),
            ("franc_falls", {}),
            INVOICE,
        )
        source = self.env.registry["b2b2c.source.sale.order"]
        self.assertFound(plant(source, "_get_stored_rate", fault), *verbs)

    # === PIECES AND POINTS === #

    def test_pieces_are_rounded_on_the_way(self):
        self.assertFound(
            plant(
                order_lines.LineMoves,
                "get_rounded_off",
                lambda _right, _moves: Fraction(0),
            ),
            ("order_by_the_dozen", {"pick": 0, "dozens": 2}),
            CONFIRM,
            ("deliver_part", {"pick": 0, "part": 1}),
        )

    def test_what_is_cancelled_stays_promised(self):
        self.assertFound(
            plant(
                order_lines.LineMoves,
                "get_promised",
                lambda _right, _moves, ordered, *_brought: ordered,
            ),
            CONFIRM,
            ("deliver_part", {"pick": 0, "part": 3}),
            ("cancel_rest_of_delivery", {"pick": 0}),
        )

    def test_what_came_back_is_delivered_to_the_last_cent(self):
        def fault(right, *arguments):
            found = right(*arguments)
            share = found and found.quantity
            return found and Figures(share, share, share)

        self.assertFound(
            plant(measuring, "_get_proven", fault),
            CONFIRM,
            DELIVER,
            INVOICE,
            ("take_goods_back", {"pick": 0, "part": 2}),
        )

    def test_points_are_rounded_line_by_line(self):
        def fault(right, rule, portions, rounding):
            return [
                one for portion in portions for one in right(rule, [portion], rounding)
            ]

        self.assertFound(plant(whole_points, "make_whole", fault), CONFIRM)
