import base64
import json
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric import ec

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.webhooks import sending
from odoo.addons.mail.tools.web_push import push_to_end_point

_MAX_URL = 1000
#: Devices of a person; a new one replaces the oldest.
_MOST = 5
_AUTH_BYTES = 16
#: Seconds a message is worth waiting for a phone that is switched off.
_TTL = "86400"
#: System parameter: servers inside the own network that may be told, "host:port".
ALLOWED = "loyalty_b2b2c_portal.push_allowed_addresses"


class B2b2cPushDevice(models.Model):
    """A browser that shows messages to a person, also while no page is open.

    Odoo's own devices (``mail.push.device``) are for people of the company: what they
    are told has names and texts in it, and whoever calls registers any address.
    """

    _name = "b2b2c.push.device"
    _description = "Device that Shows Messages"
    _order = "id desc"
    _rec_name = "endpoint"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    endpoint = fields.Char(
        required=True,
        readonly=True,
        string="Address",
        help="Where the browser's maker takes messages for this browser.",
    )
    p256dh = fields.Char(required=True, readonly=True, string="Public Key")
    auth = fields.Char(required=True, readonly=True, string="Shared Secret")

    _once = models.UniqueIndex("(endpoint)")

    @api.model
    def _add(self, partner, device):
        """Let a browser show messages to a person, and to nobody else.

        :param device: what the browser says, a dict with ``endpoint`` and ``keys``
        :return: whether it is a browser that can be told
        """
        values = _read(device)
        if not values or not self._is_address(values["endpoint"]):
            return False
        row = {"partner": partner.id, "uid": self.env.uid, "now": fields.Datetime.now()}
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_push_device (partner_id, endpoint, p256dh, auth,
                       create_uid, write_uid, create_date, write_date)
                VALUES (%(partner)s, %(endpoint)s, %(p256dh)s, %(auth)s,
                        %(uid)s, %(uid)s, %(now)s, %(now)s)
           ON CONFLICT (endpoint) DO UPDATE
                   SET partner_id = excluded.partner_id, p256dh = excluded.p256dh,
                       auth = excluded.auth, write_date = excluded.write_date
                """,
                **row,
                **values,
            )
        )
        self.env.invalidate_all()
        self.sudo().search([("partner_id", "=", partner.id)])[_MOST:].unlink()
        return True

    @api.model
    def _forget(self, endpoint, partner=None):
        """Forget a browser.

        :param partner: only if it is this person's
        """
        domain = [("endpoint", "=", endpoint)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        self.sudo().search(domain).unlink()

    @api.model
    def _get_key(self):
        """Return the public key by which browsers know this database."""
        return self.env["mail.push.device"].sudo().get_web_push_vapid_public_key()

    def _push(self, text):
        """Hand a text over to the maker of the browser, encrypted for this browser.

        :param str text: JSON
        :raise NotSent: it was not taken
        """
        public = self._get_key()  # makes both, the first time
        parameters = self.env["ir.config_parameter"].sudo()
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        push_to_end_point(
            base_url=self.get_base_url(),
            device={"endpoint": self.endpoint, "keys": json.dumps(keys)},
            payload=text,
            vapid_private_key=parameters.get_param("mail.web_push_vapid_private_key"),
            vapid_public_key=public,
            session=_Sender(self._get_allowed()),
        )

    @api.model
    def _get_allowed(self):
        """Return which servers inside our network may be told, "host:port"."""
        parameters = self.env["ir.config_parameter"].sudo()
        return sending.read_allowed(parameters.get_param(ALLOWED))

    @api.model
    def _is_address(self, endpoint):
        """Tell whether an address is one of the open network, with https."""
        try:
            _scheme, host, port, _path = sending.read_target(
                endpoint, self._get_allowed()
            )
            sending.find_address(host, port, self._get_allowed())
        except sending.NotSent:
            return False
        return True


class _Sender:
    """What Odoo's encryption hands its result over to: it calls nobody inside our own
    network, and follows nobody elsewhere.

    :param allowed: see :func:`sending.read_target`
    """

    def __init__(self, allowed):
        self.allowed = allowed

    def post(self, url, headers, data, timeout=None):
        """Send a body as ``requests.Session`` would.

        :raise NotSent: it was not taken
        """
        headers = {**headers, "TTL": _TTL, "Content-Type": "application/octet-stream"}
        sending.post(url, data, headers, self.allowed)
        return SimpleNamespace(status_code=201, text="")


def _read(device):
    """Return the columns of what a browser says of itself, ``None`` for anything else.

    The keys are looked at: one that is none would make every message fail.
    """
    keys = device.get("keys") if isinstance(device, dict) else None
    if not isinstance(keys, dict):
        return None
    texts = (device.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    if not all(isinstance(text, str) and len(text) <= _MAX_URL for text in texts):
        return None
    endpoint, p256dh, auth = texts
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(p256dh))
        is_secret = len(_decode(auth)) == _AUTH_BYTES
    except ValueError:  # what is no base64, too
        return None
    if not is_secret or not endpoint.isascii():
        return None
    return {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}


def _decode(text):
    """Return the bytes of a text in the alphabet of addresses, without its padding."""
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
