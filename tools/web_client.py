"""A browser's view of Odoo for the story: log in, call public actions, read pages."""

import itertools
import re

import requests

_numbers = itertools.count(1)


class Refused(Exception):
    """The server refused an action; the text is what the person would see."""


class Session:
    """One person at one browser.

    :param str url: base address of the server
    :param str database: its database
    """

    def __init__(self, url, database, login, password):
        self.url, self.login = url, login
        self.http = requests.Session()
        self._rpc(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def call(self, model, method, *args, **kwargs):
        """Call a public method as the web client does.

        :raise Refused: access denied, validation failed, …
        """
        return self._rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def read(self, model, ids, *names):
        """Return the values of one record (an int) or of several (a list)."""
        rows = self.call(model, "read", [ids] if isinstance(ids, int) else ids, names)
        return rows[0] if isinstance(ids, int) else rows

    def search(self, model, domain, **options):
        """Return record ids."""
        return self.call(model, "search", domain, **options)

    def post(self, path, params):
        """Call a route of a page as its script does."""
        return self._rpc(path, params)

    def demo(self, name):
        """Return the id of a record of the demo company, by the name it is kept by."""
        [row] = self.call(
            "ir.model.data",
            "search_read",
            [("module", "=", "__demo__"), ("name", "=", f"b2b2c_{name}")],
            ["res_id"],
        )
        return row["res_id"]

    def invoice(self, order):
        """Invoice an order as its button does, and post; return the invoice's id."""
        values = {
            "advance_payment_method": "delivered",
            "sale_order_ids": [(6, 0, [order])],
        }
        wizard = self.call("sale.advance.payment.inv", "create", [values])
        self.call("sale.advance.payment.inv", "create_invoices", wizard)
        invoice = self.read("sale.order", order, "invoice_ids")["invoice_ids"][0]
        self.call("account.move", "action_post", [invoice])
        return invoice

    def pay(self, invoice):
        """Register the payment of an invoice in full."""
        context = {"active_model": "account.move", "active_ids": [invoice]}
        wizard = self.call("account.payment.register", "create", [{}], context=context)
        self.call("account.payment.register", "action_create_payments", wizard)

    def page(self, path):
        """Return ``(status, text)`` of a page, the text without its markup."""
        response = self.http.get(self.url + path, timeout=60)
        text = re.sub(
            r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.S
        )
        return response.status_code, re.sub(r"\s+", " ", text)

    def _rpc(self, path, params):
        answer = self.http.post(
            self.url + path,
            json={"jsonrpc": "2.0", "id": next(_numbers), "params": params},
            timeout=120,
        ).json()
        if "error" in answer:
            data = answer["error"].get("data") or {}
            raise Refused(data.get("message") or answer["error"]["message"])
        return answer.get("result")
