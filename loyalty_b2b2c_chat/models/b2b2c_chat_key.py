import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token

#: So long a link is good.
MINUTES = 10
_BYTES = 16  # 128 random bits: 22 characters
_LENGTH = 22
#: So many somebody makes within an hour.
PER_HOUR = 20


class B2b2cChatKey(models.Model):
    """What a one-time link carries that connects a chat with a person.

    Only its hash is stored; whoever reads the database opens nothing with it.
    """

    _name = "b2b2c.chat.key"
    _description = "One-Time Link to a Chat"
    _order = "id desc"

    channel_id = fields.Many2one(
        "b2b2c.chat.channel",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    token_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    valid_until = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(token_hash)")

    @api.model
    def _new_link(self, channel, partner):
        """Return the address with which a person connects a chat; those made before
        are void.

        :param channel: ``b2b2c.chat.channel`` that is active
        :param partner: ``res.partner`` of who is signed in
        :return: empty: too many were made within the hour
        """
        counts = self.env["b2b2c.hour.count"].sudo()
        scope = f"chat-key/p{partner.id}"
        if not counts._count(channel.company_id, scope, PER_HOUR):
            return ""
        own = self.sudo()
        own.search([("partner_id", "=", partner.id), ("used_at", "=", False)]).unlink()
        token = secrets.token_urlsafe(_BYTES)
        own.create(
            {
                "channel_id": channel.id,
                "partner_id": partner.id,
                "token_hash": _hash(token),
                "valid_until": fields.Datetime.now() + timedelta(minutes=MINUTES),
            }
        )
        return channel._get_link(f"l_{token}")

    @api.model
    def _find(self, channel, token):
        """Return the key of a link that can be used now, empty for any other."""
        token = read_token(token, _LENGTH, _LENGTH)
        return self.sudo().search(
            [
                ("channel_id", "=", channel.id),
                ("token_hash", "=", _hash(token)),
                ("used_at", "=", False),
                ("valid_until", ">", fields.Datetime.now()),
            ]
        )

    @api.model
    def _use(self, link, token):
        """Connect a chat with whom a key is for, once.

        The condition is part of the statement: of two chats that come at once, one gets
        it.

        :param link: ``b2b2c.chat.link``
        :return: ``res.partner``, empty when the key is void
        """
        key = self._find(link.channel_id, token)
        self.flush_model()
        used = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_chat_key SET used_at = %(now)s
                 WHERE id = %(id)s AND used_at IS NULL AND valid_until > %(now)s
             RETURNING id
                """,
                id=key.id or 0,
                now=fields.Datetime.now(),
            )
        )
        if not used:
            return key.partner_id.browse()
        key.invalidate_recordset(["used_at"])
        link._bind(key.partner_id, "portal")
        return key.partner_id

    @api.autovacuum
    def _gc(self):
        """Forget links that are over."""
        before = fields.Datetime.now() - timedelta(days=1)
        self.search([("valid_until", "<", before)]).unlink()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
