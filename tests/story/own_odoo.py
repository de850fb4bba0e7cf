"""A partner's own Odoo: a server and a database of its own, with a till.

It knows the network's address and its key, and nothing of the network's database; every
act is a call over HTTP to the partner's server, as its till or its manager makes it.
"""

import contextlib
from datetime import datetime, timezone
from uuid import uuid4

from tools import odoo_env
from tools.web_client import Session

PRICE = 100
_BEING_TOLD = "b2b2c_network_code"


class OwnOdoo:
    """The till of a shop, run by its manager, who is the administrator there.

    :param server: the running server
    :param str database: its database
    """

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.admin = Session(server.url, database, "admin", "admin")
        self.points = self.card = self.session = self.ring = None

    def open(self, network, key):
        """Set the network up, and open a till that takes points and cards.

        :param str network: address of who runs the network
        :param str key: what that gave us
        """
        admin = self.admin
        settings = {"b2b2c_network_url": network, "b2b2c_network_key": key}
        [page] = admin.call("res.config.settings", "create", [settings])
        admin.call("res.config.settings", "execute", [page])
        [page] = admin.call("res.config.settings", "create", [{}])
        tested = admin.call("res.config.settings", "action_b2b2c_network_test", [page])
        [bank] = admin.search("account.journal", [("type", "=", "bank")], limit=1)
        terminal = {"use_payment_terminal": "b2b2c_network"}
        self.points, self.card = admin.call(
            "pos.payment.method",
            "create",
            [
                {"name": "Points", "journal_id": bank, **terminal},
                {"name": "Card", "journal_id": bank},
            ],
        )
        ring = {"name": "Ring", "list_price": PRICE, "taxes_id": [(5,)]}
        [self.ring] = admin.call("product.product", "create", [ring])
        methods = [(6, 0, [self.points, self.card])]
        till = {"name": "Boutique", "payment_method_ids": methods}
        [config] = admin.call("pos.config", "create", [till])
        admin.call("pos.config", "open_ui", [config])
        row = admin.read("pos.config", config, "current_session_id", "company_id")
        self.session, self.company = (
            row["current_session_id"][0],
            row["company_id"][0],
        )
        return tested["params"]["message"]

    def ask(self, method, values):
        """Ask the network as the till does."""
        return self.admin.call("pos.session", method, [self.session], values)

    def sell(self, code, *, points, uuid, refunded=None):
        """Send a paid ticket of a ring as the till does.

        :param str code: what the customer showed
        :param points: how much of the price is paid in points
        :param str uuid: of the payment in points
        :param int refunded: id of the ticket whose ring comes back
        :return: id of the ticket
        """
        sign = -1 if refunded else 1
        total, identity = sign * PRICE, str(uuid4())
        now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        line = {
            "product_id": self.ring, "qty": sign, "price_unit": PRICE, "discount": 0,
            "price_subtotal": total, "price_subtotal_incl": total, "tax_ids": [(5,)],
            "uuid": str(uuid4()),
        }  # fmt: skip
        if refunded:
            sold = self.admin.read("pos.order", refunded, "lines")
            line["refunded_orderline_id"] = sold["lines"][0]
        payments = (
            (self.points, sign * points, uuid),
            (self.card, total - sign * points, str(uuid4())),
        )
        ticket = {
            "uuid": identity, "access_token": str(uuid4()), "state": "paid",
            "session_id": self.session, "company_id": self.company,
            "partner_id": False, "date_order": now, "is_refund": bool(refunded),
            "amount_total": total, "amount_paid": total, "amount_tax": 0,
            "amount_return": 0, "lines": [(0, 0, line)],
            "payment_ids": [
                (0, 0, {"payment_method_id": method, "amount": amount, "uuid": name})
                for method, amount, name in payments
            ],
        }  # fmt: skip
        if not refunded:
            ticket[_BEING_TOLD] = code
        self.admin.call("pos.order", "sync_from_ui", [ticket])
        [order] = self.admin.search("pos.order", [("uuid", "=", identity)])
        return order

    def tell(self):
        """Run the scheduled action that tells the network; return all calls."""
        [action] = self.admin.search(
            "ir.cron",
            [("code", "ilike", "_cron_send"), ("model_id.model", "=", _CALLS)],
            context={"active_test": False},
        )
        self.admin.call("ir.cron", "method_direct_trigger", [action])
        return self.admin.call(
            _CALLS, "search_read", [], ["key", "path", "state"], order="id"
        )


_CALLS = "points.network.call"


@contextlib.contextmanager
def own_odoo():
    """A server of its own with a database of its own, for the block.

    Only the tills and the network's client matter there; who looks finds our modules as
    well, as the template has them.
    """
    with odoo_env.fresh_database() as database:
        with odoo_env.open_environment(database) as env:
            chart = env["account.chart.template"]
            chart.try_loading("generic_coa", env.company, install_demo=False)
            env["ir.cron"].search([]).write({"active": False})
            env.ref("base.user_admin").group_ids |= env.ref(
                "point_of_sale.group_pos_manager"
            )
        _forget(database)
        with odoo_env.odoo_server(database) as server:
            yield OwnOdoo(server, database)


def _forget(database):
    """Let go of the database in this process: a server has it now."""
    import odoo.sql_db
    from odoo.modules.registry import Registry

    Registry.delete(database)
    odoo.sql_db.close_db(database)
