"""A channel of parrots, and what people say in it."""

import itertools

from odoo.tests import HttpCase

from odoo.addons.loyalty_b2b2c.tests.fakes import extended
from odoo.addons.loyalty_b2b2c_portal.tests.common import PortalCommon

from ..models.pump import answer, sweep
from .fake_messenger import Parrot, ParrotChannel


class ChatCommon(PortalCommon):
    """A parrot listens; its person is ``"77"``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(extended(cls.env, "b2b2c.chat.channel", ParrotChannel))
        cls.channel = cls._create_channel()
        cls.numbers = itertools.count(1)

    def setUp(self):
        super().setUp()
        if not isinstance(self, HttpCase):  # which is in it
            self.enterContext(self.enter_registry_test_mode())
        Parrot.rest()
        self.addCleanup(Parrot.rest)

    @classmethod
    def _create_channel(cls, **values):
        """Create a channel that is active."""
        return cls.env["b2b2c.chat.channel"].create(
            {"name": "Parrots", "kind": "parrot", "state": "active", **values}
        )

    def _come_in(self, text="", user="77", **values):
        """Let something come in and be answered, as the webhook does.

        :return: what was said since, as ``Outgoing``
        """
        before = len(Parrot.said)
        payload = {
            "external_id": values.pop("external_id", str(next(self.numbers))),
            "user": user,
            "kind": "text",
            "text": text,
            "name": "Olena",
            "language": "en",
            **values,
        }
        links, _incoming = self.env["b2b2c.chat.inbox"]._receive(self.channel, payload)
        self.env.flush_all()
        for link in links:
            answer(self.env.registry, link.id)
        self.env.invalidate_all()
        return Parrot.said[before:]

    def _press(self, message, label, user="77", **values):
        """Press a button of a message and return what was said then.

        :param message: ``Outgoing``
        """
        [button] = [
            button
            for row in message.reply.buttons
            for button in row
            if button.label == label
        ]
        return self._come_in(
            kind="button", user=user, data=button.data, press_id="p", **values
        )

    def _sweep(self):
        """Let the scheduled action do what is left; return what was said then."""
        before = len(Parrot.said)
        self.env.flush_all()
        with self.registry.cursor() as cr:
            sweep(self.env(cr=cr, su=True))
        self.env.invalidate_all()
        return Parrot.said[before:]

    def _get_link(self, user="77"):
        """Return the chat of somebody."""
        return self.env["b2b2c.chat.link"].search([("external_user", "=", user)])

    def _get_texts(self, said):
        """Return the texts of what was said."""
        return [message.reply.text for message in said]
