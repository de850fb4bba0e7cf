import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..reported.mandate import Mandate

_TOKEN = re.compile(r"lb_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
# compared with when there is no such key, so that the answer takes as long
_NOBODY = hashlib.sha256(b"").hexdigest()
# set by the buttons only
_BY_BUTTONS = {"prefix", "secret_hash", "last_used_at", "revoked_at", "revoked_by_id"}
_FOR_EVER = {"company_id", "reporter_id"}
RIGHTS = ("record", "preview", "cancel", "read", "spend")
#: What the key of another company may report at most, nobody looking at it first.
_FIRST_LIMITS = {
    "document_quantity": 1000,
    "document_amount": 100_000,
    "day_quantity": 10_000,
    "day_amount": 1_000_000,
    "spend_limit": 200,
}
_OF_OWN = ("reports_shipment", "reports_event", "reports_others")


@dataclass(frozen=True, slots=True)
class Grant:
    """What the holder of a valid key may do.

    :param rate_limit: calls in a minute
    :param rights: set of :data:`RIGHTS`
    :param mandate: what it may report
    :param spend_limit: money paid with points at once, in the company's currency; 0 for
        no limit
    """

    key_id: int
    company_id: int
    reporter_id: int | None
    rate_limit: int
    rights: frozenset
    mandate: Mandate
    spend_limit: Decimal = Decimal(0)

    def get_reporter(self, env):
        """Return the ``res.partner`` whose system has the key, empty for our own."""
        return env["res.partner"].browse(self.reporter_id or ())


class B2b2cApiKey(models.Model):
    """A key for another system: it opens the loyalty API and nothing else.

    Odoo's own API keys do not open it.  Only a hash of the secret is stored: with 256
    random bits in it nobody can try them out, so a fast hash will do.
    """

    _name = "b2b2c.api.key"
    _description = "Loyalty API Key"
    _inherit = ["mail.thread", "b2b2c.counterparty"]
    _order = "name, id"
    _counterparty = ("reporter_id",)
    _check_company_auto = True

    name = fields.Char(
        required=True,
        string="System",
        tracking=True,
        help="The till, warehouse or accounting system that uses this key.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    reporter_id = fields.Many2one(
        "res.partner",
        string="Reports For",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="The distributor or partner shop whose system this is. Its documents have "
        "numbers of their own, and it reads only what is about its own people and "
        "documents. Empty for your own systems.",
    )
    active = fields.Boolean(default=True)

    # What it may do
    can_record = fields.Boolean(string="Record", default=True, tracking=True)
    can_preview = fields.Boolean(string="Preview", default=True, tracking=True)
    can_cancel = fields.Boolean(string="Cancel", default=True, tracking=True)
    can_read = fields.Boolean(
        string="Read Balances", default=False, tracking=True,
        help="Balances of who is named, and ledger entries.",
    )  # fmt: skip
    can_spend = fields.Boolean(
        string="Take Points", default=False, tracking=True,
        help="Reserve, spend and give back points of who shows a code.",
    )  # fmt: skip
    spend_limit = fields.Monetary(
        string="Paid with Points at Once", currency_field="currency_id", tracking=True,
        help="Larger payments are refused, as nobody watches the system; 0: no limit.",
    )  # fmt: skip
    # What it may report, and how much of it nobody looks at first
    reports_sale = fields.Boolean(
        string="Sales",
        tracking=True,
    )  # fmt: skip
    reports_shipment = fields.Boolean(
        string="Shipments",
        tracking=True,
        help="To others: nobody reports shipments to its own shops or people.",
    )  # fmt: skip
    reports_event = fields.Boolean(
        string="Events",
        tracking=True,
        help="What a system reports of its own people waits for a person.",
    )  # fmt: skip
    reports_others = fields.Boolean(
        string="Sales of Other Shops", tracking=True,
        help="Without it only sales that its own shop and its own people made.",
    )  # fmt: skip
    document_quantity = fields.Float(
        string="Quantity of a Document", digits=0, tracking=True,
        help="Larger documents wait for a person. In the units the products are kept "
        "in; 0: no limit.",
    )  # fmt: skip
    document_amount = fields.Monetary(
        string="Amount of a Document", currency_field="currency_id", tracking=True,
        help="Larger documents wait for a person; 0: no limit.",
    )  # fmt: skip
    day_quantity = fields.Float(
        string="Quantity of a Day", digits=0, tracking=True,
        help="What comes beyond it within a day waits for a person; 0: no limit.",
    )  # fmt: skip
    day_amount = fields.Monetary(
        string="Amount of a Day", currency_field="currency_id", tracking=True,
        help="What comes beyond it within a day waits for a person; 0: no limit.",
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    rate_limit = fields.Integer(
        string="Requests per Minute", required=True, default=600, tracking=True
    )
    expires_at = fields.Datetime(
        string="Expires", tracking=True, help="Never, when empty."
    )

    # The secret
    prefix = fields.Char(
        string="Starts With", readonly=True, copy=False, index="btree_not_null"
    )
    secret_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("new", "Without Secret"),
            ("active", "Active"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        string="Status",
    )
    last_used_at = fields.Datetime(string="Last Used", readonly=True, copy=False)
    revoked_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    revoked_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    _prefix_once = models.UniqueIndex("(prefix)")
    _rate_positive = models.Constraint(
        "CHECK (rate_limit BETWEEN 1 AND 100000)",
        "Allow between 1 and 100,000 requests a minute.",
    )

    _mandate_positive = models.Constraint(
        "CHECK (document_quantity >= 0 AND document_amount >= 0"
        " AND day_quantity >= 0 AND day_amount >= 0"
        " AND coalesce(spend_limit, 0) >= 0)",
        "A limit is a number from 0 on.",
    )

    # === COMPUTE METHODS === #

    @api.depends("prefix", "revoked_at", "expires_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if key.revoked_at:
                key.state = "revoked"
            elif not key.prefix:
                key.state = "new"
            elif key.expires_at and key.expires_at <= now:
                key.state = "expired"
            else:
                key.state = "active"

    # === ONCHANGE METHODS === #

    @api.onchange("reporter_id")
    def _onchange_reporter_id(self):
        """Offer what a key begins with."""
        self.update(self._get_first_mandate(self.reporter_id))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_client_values(vals)
        return super().create(
            [
                {**self._get_first_mandate(vals.get("reporter_id")), **vals}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        self._check_client_values(vals)
        if not self.env.su and vals.keys() & _FOR_EVER and any(self.mapped("prefix")):
            raise UserError(
                self.env._(
                    "A key keeps its company and its reporter: what it recorded "
                    "belongs to them. Make a new key."
                )
            )
        if "reporter_id" in vals:
            vals = {**self._get_first_mandate(vals["reporter_id"]), **vals}
        return super().write(vals)

    @api.model
    def _get_first_mandate(self, reporter):
        """Return what a key reports unless somebody says otherwise.

        Another company's system what a till needs, within limits; our own everything.
        """
        is_own = not reporter
        return {
            "reports_sale": True,
            **dict.fromkeys(_OF_OWN, is_own),
            **{name: 0 if is_own else most for name, most in _FIRST_LIMITS.items()},
        }

    def _check_client_values(self, vals):
        """Refuse values that only the buttons set.

        A secret that somebody chose could be known to others.
        """
        if not self.env.su and any(
            vals.get(name) for name in _BY_BUTTONS & vals.keys()
        ):
            raise UserError(self.env._("Use the buttons to change a key."))
        if not self.env.su and self and _BY_BUTTONS & vals.keys():
            raise UserError(self.env._("Use the buttons to change a key."))

    # === ACTION METHODS === #

    def action_new_secret(self):
        """Make a new secret and show it once; the old one stops working."""
        self._check_manager()
        self.ensure_one()
        if self.revoked_at:
            raise UserError(self.env._("This key is revoked for good."))
        self.message_post(body=self.env._("A key was generated."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("API Key of %s", self.name),
            "res_model": "b2b2c.api.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_token": self.sudo()._renew()},
        }

    def action_revoke(self):
        """Stop this key for good."""
        self._check_manager()
        for key in self.sudo().filtered(lambda key: not key.revoked_at):
            key.write(
                {
                    "revoked_at": fields.Datetime.now(),
                    "revoked_by_id": self.env.uid,
                    "secret_hash": False,
                }
            )
        return True

    def _check_manager(self):
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))
        self.check_access("write")

    # === BUSINESS METHODS === #

    def _renew(self):
        """Make a new secret and store its hash.

        :return: the token; it cannot be read again
        """
        self.ensure_one()
        prefix = "".join(secrets.choice(_ALPHABET) for _ in range(12))
        secret = secrets.token_urlsafe(32)
        self.write(
            {
                "prefix": prefix,
                "secret_hash": hashlib.sha256(secret.encode()).hexdigest(),
            }
        )
        return f"lb_{prefix}_{secret}"

    @api.model
    def _find_grant(self, token):
        """Return the :class:`Grant` of a token, ``None`` when it is not valid.

        Unknown, revoked and expired keys take the same steps, so that time tells
        nothing about them.
        """
        match = _TOKEN.fullmatch(token)
        prefix, secret = match.groups() if match else ("-", "")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT k.id, k.company_id, k.reporter_id, k.rate_limit, k.can_record,
                       k.can_preview, k.can_cancel, k.can_read, k.can_spend,
                       ARRAY_REMOVE(ARRAY[
                           CASE WHEN k.reports_sale THEN 'sale' END,
                           CASE WHEN k.reports_shipment THEN 'shipment' END,
                           CASE WHEN k.reports_event THEN 'event' END], NULL),
                       coalesce(k.reports_others, FALSE),
                       coalesce(k.document_quantity, 0)::text,
                       coalesce(k.document_amount, 0)::text,
                       coalesce(k.day_quantity, 0)::text,
                       coalesce(k.day_amount, 0)::text,
                       coalesce(k.spend_limit, 0)::text, k.secret_hash,
                       k.active AND c.active AND k.revoked_at IS NULL
                       AND coalesce(k.expires_at > %s, TRUE)
                  FROM b2b2c_api_key k JOIN res_company c ON c.id = k.company_id
                 WHERE k.prefix = %s
                """,
                fields.Datetime.now(),
                prefix,
            )
        )
        *values, stored, valid = rows[0] if rows else (None, _NOBODY, False)
        given = hashlib.sha256(secret.encode()).hexdigest()
        if not hmac.compare_digest(given, stored or _NOBODY) or not valid:
            return None
        key_id, company_id, reporter_id, rate_limit, *allowed = values
        number = len(RIGHTS)
        allowed, (types, of_others, *limits) = allowed[:number], allowed[number:]
        *limits, spend_limit = map(Decimal, limits)
        mandate = Mandate(f"key/{key_id}", frozenset(types), of_others, *limits)
        rights = frozenset(
            right
            for right, is_allowed in zip(RIGHTS, allowed, strict=True)
            if is_allowed
        )
        return Grant(
            key_id, company_id, reporter_id, rate_limit, rights, mandate, spend_limit
        )
