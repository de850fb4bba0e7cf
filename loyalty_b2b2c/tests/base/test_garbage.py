"""Whatever is sent to a method of ours is refused, and nothing breaks (A18, R21)."""

import inspect
from datetime import timedelta
from itertools import cycle, islice
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.base import sound_calls
from ..common import LoyaltyCommon
from ..garbage import VALUES, get_accident, get_own_methods, to_body

_PER_METHOD = 8


@tagged("post_install", "-at_install")
class TestGarbage(LoyaltyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_user(
            "boss", "loyalty_b2b2c.group_manager", "loyalty_b2b2c.group_terminal"
        )
        key = cls.env(user=cls.boss)["res.users.apikeys"]._generate(
            "rpc", "garbage", fields.Datetime.now() + timedelta(hours=1)
        )
        cls.headers = {
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
        }

    def _call(self, model, method, body):
        self.env.flush_all()
        return self.opener.post(
            f"{self.base_url()}/json/2/{model}/{method}",
            data=to_body(body),
            headers=self.headers,
            timeout=60,
        )

    def _get_parameters(self, model, method):
        """Return the names of what a method takes."""
        function = getattr(self.env.registry[model], method)
        return [name for name in inspect.signature(function).parameters][1:]

    def test_every_method_with_every_kind_of_garbage(self):
        """Each gets ten calls; what they get goes round through all there is."""
        values, ids = cycle(VALUES), cycle((*VALUES, [1], [2**40], ["\0"]))
        accidents, calls = {}, 0
        for model, method in get_own_methods(self.env):
            names = self._get_parameters(model, method)
            attempts = zip(
                islice(values, _PER_METHOD), islice(ids, _PER_METHOD), strict=True
            )
            for value, records in [*attempts, (None, []), (None, [1, 2])]:
                body = {"ids": records, **dict.fromkeys(names, value)}
                if calls % 3 == 0:
                    body["context"] = value
                with mute_logger("odoo.http", "odoo.sql_db"):
                    accident = get_accident(self._call(model, method, body))
                calls += 1
                if accident:
                    accidents[f"{model}.{method}({body!r:.200})"] = accident
        self.assertGreater(calls, 500)
        self.assertFalse(
            accidents, "\n".join(f"{k}: {v}" for k, v in accidents.items())
        )

    def test_control_without_the_gate_garbage_gets_through(self):
        body = {"ids": [1], "context": 0}
        method = ("b2b2c.external.document", "action_cancel")
        self.assertEqual(self._call(*method, body).status_code, 400)
        with (
            patch.object(sound_calls, "is_sound", lambda params: True),
            mute_logger("odoo.http", "odoo.sql_db"),
        ):
            self.assertEqual(self._call(*method, body).status_code, 500)
