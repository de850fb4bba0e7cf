"""The company's own counter, where a cashier uses the terminal."""

import uuid


class Counter:
    """Small sales at the counter to employees of offices.

    :param days: :class:`~.days.Days`
    :param contacts: ``res.partner`` of who buys
    """

    def __init__(self, days, contacts):
        self.days, self.rng = days, days.rng
        cashier = days.env["res.users"].search([("login", "=", "terminal")])
        self.terminal = days.env(user=cashier.id)["b2b2c.terminal"]
        members = days.env["b2b2c.member"].search([("contact_id", "in", contacts.ids)])
        self.people = members.partner_id.mapped("email")

    def plan_day(self, morning):
        """Draw who comes to the counter."""
        if morning.weekday() < 5 and self.rng.random() < 0.3:
            self.days.later(0, self._sell, self.rng.choice(self.people))

    def _sell(self, email):
        found = self.terminal.search_member(email)
        if found["status"] != "found":
            return
        sale = {"amount": str(self.rng.randint(20, 180)), "receipt": ""}
        self.terminal.record(found["members"][0]["ticket"], sale, uuid.uuid4().hex)
