from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
LIMIT = 100


class Page(NamedTuple):
    """What is told next of a kind.

    :param events: list of JSON values, each with an ``id`` of its kind
    :param cursor: where to go on
    """

    events: list
    cursor: str
    has_more: bool


class B2b2cWebhookStream(models.Model):
    """How far a webhook was told things of one kind.

    Entries are read from the feed of the ledger; other kinds are what packages publish
    as ``b2b2c.webhook.fact``, in the same order.
    """

    _name = "b2b2c.webhook.stream"
    _description = "Kind Told by a Webhook"
    _order = "webhook_id, id"
    _rec_name = "kind"

    webhook_id = fields.Many2one(
        "b2b2c.webhook", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="webhook_id.company_id")
    kind = fields.Selection(
        selection=lambda self: self._get_kind_selection(), required=True
    )
    cursor = fields.Char(
        "Told Up To", readonly=True, copy=False, help="As in the API: next of a page."
    )

    _once = models.UniqueIndex("(webhook_id, kind)", "Each kind is told once.")

    @api.model
    def _get_kinds(self):
        """Return what can be told: kind -> label. Packages add theirs with ``super()``
        and publish facts of them."""
        return {
            "entries": _lt("Ledger entries"),
            "tiers": _lt("Tiers of dealers"),
            "requests": _lt("Requests for rewards"),
            "settlements": _lt("Settlements with partners"),
        }

    @api.model
    def _get_kind_selection(self):
        return [(kind, self.env._(label)) for kind, label in self._get_kinds().items()]

    @api.model_create_multi
    def create(self, vals_list):
        """A new kind begins with what happens from now on."""
        streams = super().create(vals_list)
        for stream in streams.filtered(lambda one: not one.cursor):
            horizon = self.env["b2b2c.ledger.entry"].sudo()._get_horizon()
            stream.sudo().cursor = f"{horizon}-0"
        self.env.registry.clear_cache()
        return streams

    def write(self, vals):
        result = super().write(vals)
        if "kind" in vals:
            self.env.registry.clear_cache()
        return result

    def _read(self, limit=LIMIT):
        """Return the next :class:`Page`: what the webhook's key may read."""
        self.ensure_one()
        key = self.webhook_id.key_id
        if self.kind != "entries":
            return self._read_facts(key, limit)
        page = self.env["b2b2c.ledger.entry"]._get_feed(
            key.company_id, reporter=key.reporter_id, after=self.cursor, limit=limit
        )
        return Page(page["entries"], page["next"], page["has_more"])

    def _read_facts(self, key, limit):
        """Return the next page of what packages published."""
        facts = self.env["b2b2c.webhook.fact"].sudo()
        return Page(*facts._get_feed(key, self.kind, self.cursor, limit))

    def _replay(self, cursor):
        """Tell everything after a cursor once more.

        :param str cursor: ``next`` of an earlier batch, empty for the beginning
        :raise ValidationError: it is none
        """
        parts = (cursor or "0-0").split("-")
        if len(parts) != 2 or not all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in parts
        ):
            raise ValidationError(
                self.env._("A place in the feed looks like 1234-56, as “next” told it.")
            )
        self.sudo().cursor = "-".join(parts)

    @api.model
    @tools.ormcache("company_id", "kind", cache="default")
    def _is_wanted(self, company_id, kind):
        """Tell whether somebody is told a kind; webhooks that pause go on later.

        Cached: changes of webhooks and their kinds clear the registry cache.
        """
        domain = [("webhook_id.company_id", "=", company_id), ("kind", "=", kind)]
        return bool(self.sudo().search_count(domain, limit=1))
