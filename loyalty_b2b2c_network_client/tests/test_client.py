"""The client alone: what is an answer, what is a refusal, and what is neither."""

import os
import tempfile
from unittest.mock import Mock, patch

import requests

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..models import network_client
from ..models.network_client import NetworkClient, Refused, Unreachable


def answer(status, value):
    """Return what ``requests`` returns."""
    json = Mock(side_effect=value) if isinstance(value, Exception) else Mock(
        return_value=value
    )  # fmt: skip
    return Mock(status_code=status, json=json)


@tagged("post_install", "-at_install")
class TestClient(TransactionCase):
    def _post(self, response):
        client = NetworkClient("https://points.example/", "lb_key", "uk_UA")
        options = {"side_effect": response} if isinstance(response, Exception) else {
            "return_value": response
        }  # fmt: skip
        with patch.object(network_client.requests, "post", **options) as post:
            result = client.post("/spends", {"key": "1"})
        [call] = post.mock_calls
        self.assertEqual(call.args, ("https://points.example/loyalty/api/v1/spends",))
        self.assertFalse(call.kwargs["allow_redirects"])
        self.assertEqual(call.kwargs["headers"]["Authorization"], "Bearer lb_key")
        return result

    def test_an_answer(self):
        self.assertEqual(self._post(answer(201, {"state": "held"})), {"state": "held"})

    def test_a_refusal_has_a_code_and_a_sentence(self):
        error = {"error": {"code": "proof_needed", "message": "Ask for the PIN."}}
        with self.assertRaises(Refused) as caught:
            self._post(answer(422, error))
        self.assertEqual(caught.exception.code, "proof_needed")
        self.assertEqual(str(caught.exception), "Ask for the PIN.")

    def test_all_else_is_tried_again(self):
        for response in (
            answer(500, {"error": {}}), answer(429, {}), answer(503, {}),
            answer(200, ValueError("no JSON")), answer(302, {}), answer(404, []),
            requests.ConnectionError(), requests.Timeout(),
        ):  # fmt: skip
            with self.subTest(response=response), self.assertRaises(Unreachable):
                self._post(response)

    def test_the_key_is_sent_encrypted_only(self):
        for url in ("http://points.example", "ftp://x", "points.example", "https://"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.env.company.b2b2c_network_url = url
        self.env.company.b2b2c_network_url = "https://points.example"
        with self.assertRaisesRegex(UserError, "no network"):
            self.env.company._b2b2c_get_network()

    def test_a_key_is_kept_outside_the_database_for_one_host(self):
        with tempfile.NamedTemporaryFile("w", suffix=".keys") as file:
            file.write("other.example lb_other\npoints.example lb_kept\nbroken\n")
            file.flush()
            variables = {network_client.KEY_FILE_VARIABLE: file.name}
            with patch.dict(os.environ, variables):
                self._assert_key("https://points.example", "lb_kept")
                self._assert_key("https://points.example:8443/x", "lb_kept")
                self._assert_key("https://evil.example", None)
                self.env.company.b2b2c_network_key = "lb_typed"
                self._assert_key("https://points.example", "lb_typed")
            self.env.company.b2b2c_network_key = False
            self._assert_key("https://points.example", None)

    def _assert_key(self, url, key):
        """Check what a network at this address would be sent; ``None``: nothing."""
        company = self.env.company
        company.b2b2c_network_url = url
        if key is None:
            with self.assertRaisesRegex(UserError, "no network"):
                company._b2b2c_get_network()
        else:
            client = company._b2b2c_get_network()
            self.assertEqual(client.headers["Authorization"], f"Bearer {key}")
