"""A fault in anything of ours that runs at a till stops no sale, and is caught up.

What runs there is found by running it: each function of this add-on that a sale, its
invoice, a refund, another customer or the start of a till enters.  A fault is thrown
where it is entered, one function after the other; a new one is covered by being called.
"""

import gc
import logging
import sys
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType

from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import models
from .seller_common import SellerCommon

OURS = str(Path(models.__file__).parent)
#: Overrides of methods of Odoo: they only call what is marked ``harmless``, and a fault
#: in Odoo's own code below them is none of ours.
OVERRIDES = {
    "AccountMove._b2b2c_record_documents",
    "AccountMove._b2b2c_record_sales",
    "AccountMoveLine._b2b2c_get_compared",
    "PosConfig._get_available_pricelists",
    "PosOrder._create_invoice",
    "PosOrder.action_pos_order_paid",
    "PosOrder.write",
}


def _throw(*_args, **_values):
    """Stands for the code of a function, so it names nothing of this module."""
    raise RuntimeError("thrown by a test")


def _is_ours(code):
    path = Path(code.co_filename)
    is_plain = not code.co_name.startswith("<")  # comprehensions belong to who calls
    return str(path.parent) == OURS and is_plain


def _get_key(code):
    """Return how a function is called in messages, and its code."""
    return f"{Path(code.co_filename).name}:{code.co_qualname}", code


@contextmanager
def _tracing(when_entered):
    """Call a function with the frame of each function of ours that is entered."""

    def trace(frame, event, _arg):
        if event == "call" and _is_ours(frame.f_code):
            when_entered(frame)

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


@tagged("post_install", "-at_install")
class TestTillFaults(SellerCommon):
    def _ways(self):
        """Return what happens at a till: name -> function, and the tickets it leaves.

        Each sells 10 × 100.00 in the end, by Nina.
        """
        return {
            "sale": lambda: self._sell_by(self.nina_user, 10),
            "sale with invoice": lambda: self._sell_by(
                self.nina_user, 10, partner_id=self.contact.id, to_invoice=True
            ),
            "refund": self._sell_and_take_back,
            "another customer": self._sell_and_rename,
        }

    def _sell_and_take_back(self):
        sold = self._sell_by(self.nina_user, 14)
        back = self._take_back(sold.lines, 4, self.ivan_user)
        return sold | back.order_id

    def _sell_and_rename(self):
        sold = self._sell_by(self.nina_user, 10)
        sold.with_user(self.petro_user).partner_id = self.contact
        return sold

    def _start(self):
        """Start a till; return what it loads."""
        session = self.till.current_session_id.with_user(self.petro_user)
        return session.load_data([])

    def _find_entered(self, way):
        """Return the functions of ours that something enters: key -> code.

        What was done is undone.
        """
        found = {}
        with self.env.cr.savepoint() as savepoint:
            with _tracing(lambda frame: found.setdefault(*_get_key(frame.f_code))):
                way()
            savepoint.rollback()
        self.env.invalidate_all()
        return {
            key: code
            for key, code in found.items()
            if code.co_qualname not in OVERRIDES
        }

    @contextmanager
    def _throwing(self, wanted):
        """Throw a fault wherever a function is entered: its code is another one."""
        [function] = [
            one for one in gc.get_referrers(wanted) if isinstance(one, FunctionType)
        ]
        bare = _throw.__code__.replace(co_freevars=wanted.co_freevars)
        function.__code__ = bare
        try:
            yield
        finally:
            function.__code__ = wanted

    def _throw(self, wanted, way):
        """Do something with a fault in a function; return what the way returned."""
        with self._throwing(wanted):
            return way()

    @mute_logger("odoo.addons.point_of_sale.models.pos_order")
    def test_no_fault_of_ours_stops_a_till_and_each_is_caught_up(self):
        tried = set()
        for name, way in self._ways().items():
            entered = self._find_entered(way)
            for key in entered.keys() - tried:
                with self.subTest(way=name, fault=key):
                    with self.assertLogs("odoo.addons", logging.ERROR) as logs:
                        tickets = self._throw(entered[key], way)
                    self.assertLessEqual(set(tickets.mapped("state")), {"paid", "done"})
                    self.assertIn("thrown by a test", "".join(logs.output))
                    tried.add(key)
        # that they are found, and not only that nothing failed
        self.assertLessEqual(
            {
                "pos_order.py:PosOrder._b2b2c_record_documents",
                "pos_order_line.py:PosOrderLine._b2b2c_remember",
                "b2b2c_ticket.py:B2b2cTicket._keep",
                "till_people.py:get_seller",
                "line_kinds.py:can_earn",
            },
            tried,
        )
        self._catch_up()
        self.assertPoints(50 * len(tried))

    def test_no_fault_of_ours_stops_the_start_of_a_till(self):
        entered = self._find_entered(self._start)
        self.assertTrue(entered)
        for key, code in entered.items():
            with self.subTest(fault=key):
                with self.assertLogs("odoo.addons", logging.ERROR):
                    self.assertTrue(self._throw(code, self._start)["pos.config"])

    @mute_logger("odoo.addons.loyalty_b2b2c.models.base.harmless")
    def test_a_batch_with_a_poison_order(self):
        """The second of three stumbles; all are sold, it is credited later."""
        orders = [self._make_order(pieces) for pieces in (1, 2, 4)]

        def throw(frame):
            if frame.f_code.co_name == "_keep":
                uuids = frame.f_locals["orders"].mapped("uuid")
                if orders[1]["uuid"] in uuids:
                    _throw()

        with _tracing(throw):
            tickets = self._sync(*map(dict, orders))
        self.assertEqual(tickets.mapped("state"), ["paid"] * 3)
        self.assertPoints(25)
        for _again in range(2):
            self._catch_up()
            self.assertPoints(35)

    def test_control_without_the_guard_the_sale_fails(self):
        [code] = [
            code
            for key, code in self._find_entered(self._ways()["sale"]).items()
            if key.endswith("B2b2cTicket._keep")
        ]
        tickets = type(self.env["pos.order"])
        for name in ("_b2b2c_record", "_b2b2c_record_documents"):
            self.patch(tickets, name, getattr(tickets, name).__wrapped__)
        with self.assertRaisesRegex(RuntimeError, "thrown by a test"):
            self._throw(code, self._ways()["sale"])
