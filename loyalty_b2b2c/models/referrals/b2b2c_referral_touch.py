from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ..base.rows import insert_rows

#: Where somebody came with a recommendation.
CHANNELS = [
    ("page", "Page of the link"),
    ("shop", "Web shop"),
    ("order", "Quotation"),
    ("till", "Till"),
    ("terminal", "Terminal"),
    ("api", "Another system"),
    ("join", "Joining"),
    ("chat", "Chat"),
]
#: How it was shared.
WAYS = [
    ("link", "Link"),
    ("qr", "QR code"),
    ("poster", "Poster or card"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("viber", "Viber"),
    ("telegram", "Telegram"),
    ("facebook", "Facebook"),
    ("typed", "Code typed or told"),
]
_VISITOR_DAYS = 90  # who it was is known for so long; how many there were, for ever
_NETWORK_DAYS = 30


class B2b2cReferralTouch(models.Model):
    """Somebody opened a recommendation: when, where, and who, once that is known.

    Opened by a person: a page writes a row when somebody does something there, never
    because a robot looked at it.  A visitor is a random text in a cookie, of which a
    hash is kept; of a network address also only a hash, for a month.
    """

    _name = "b2b2c.referral.touch"
    _description = "Recommendation Opened"
    _inherit = "b2b2c.closed"
    _order = "touched_at desc, id desc"
    _rec_name = "link_id"

    link_id = fields.Many2one(
        "b2b2c.referral.link",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    campaign_id = fields.Many2one(
        "b2b2c.referral.campaign", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    touched_at = fields.Datetime(string="Opened", required=True, readonly=True)
    touched_on = fields.Date(required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    way = fields.Selection(
        WAYS, string="Shared By", required=True, readonly=True, default="link"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    visitor_hash = fields.Char(
        readonly=True, index="btree_not_null", groups=fields.NO_ACCESS
    )
    network_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _once_a_day = models.UniqueIndex(
        "(link_id, visitor_hash, touched_on) WHERE visitor_hash IS NOT NULL"
    )

    # === WRITING === #

    @api.model
    def _touch(
        self, link, channel, *, way="link", visitor="", partner=None, network=""
    ):
        """Remember that somebody opened a recommendation.

        A visitor counts once a day, however often the page is loaded.

        :param link: ``b2b2c.referral.link`` that :meth:`_find` returned
        :param str channel: key of :data:`CHANNELS`
        :param str way: key of :data:`WAYS`; another text counts as ``"link"``
        :param str visitor: random text of the cookie, empty where there is none
        :param partner: ``res.partner`` of who is signed in or named, if anybody is
        :param str network: the network address, see ``engine.typed_text.get_network``
        """
        now = fields.Datetime.now()
        insert_rows(
            self.sudo(),
            [
                {
                    "link_id": link.id,
                    "campaign_id": link.campaign_id.id,
                    "company_id": link.company_id.id,
                    "touched_at": now,
                    "touched_on": now.date(),
                    "channel": channel,
                    "way": way if way in dict(WAYS) else "link",
                    "partner_id": partner.id if partner else None,
                    "visitor_hash": self._hash(visitor),
                    "network_hash": self._hash(network),
                }
            ],
        )
        if visitor and partner:
            self._know(visitor, partner)

    @api.model
    def _know(self, visitor, partner):
        """Remember who a visitor turned out to be: signed in, or ordered.

        :param str visitor: random text of the cookie
        :param partner: ``res.partner``
        """
        if not visitor or not partner:
            return
        self.env.execute_query(
            SQL(
                """UPDATE b2b2c_referral_touch SET partner_id = %s
                    WHERE visitor_hash = %s AND partner_id IS NULL RETURNING id""",
                partner.id,
                self._hash(visitor),
            )
        )
        self.invalidate_model()

    def _hash(self, text):
        """Return what is kept of a text, nothing of an empty one."""
        if not text:
            return None
        return hmac(self.env(su=True), "b2b2c_referral_visitor", text)[:32]

    # === READING === #

    @api.model
    def _get_last(self, campaigns, partners, at):
        """Return the last link that people opened in time before a purchase.

        :param campaigns: ``b2b2c.referral.campaign`` for which the purchase counts
        :param partners: ``res.partner``: the contact who bought, and its company
        :param at: naive UTC, when they bought
        :return: one row of this model (sudo), or none
        """
        touches = self.sudo().search(
            [
                ("campaign_id", "in", campaigns.ids),
                ("partner_id", "in", partners.ids),
                ("touched_at", "<=", at),
                ("link_id.state", "!=", "revoked"),
            ],
            limit=20,
        )
        in_time = touches.filtered(
            lambda t: t.touched_at >= t.campaign_id._get_touched_since(at)
        )
        return in_time[:1]

    # === FORGETTING === #

    @api.autovacuum
    def _gc(self):
        """Forget who visitors and networks were; how many opened a link stays."""
        now = fields.Datetime.now()
        for column, days in (
            ("visitor_hash", _VISITOR_DAYS),
            ("network_hash", _NETWORK_DAYS),
        ):
            self.env.execute_query(
                SQL(
                    "UPDATE b2b2c_referral_touch SET %(column)s = NULL"
                    " WHERE %(column)s IS NOT NULL AND touched_at < %(until)s"
                    " RETURNING id",
                    column=SQL.identifier(column),
                    until=now - timedelta(days=days),
                )
            )
