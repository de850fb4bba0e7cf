from dataclasses import dataclass
from decimal import Decimal

from lxml.builder import E

from odoo import api, fields, models

from ...const import POINTS
from ...values import shown
from ..ledger.ledger_door import ZERO


@dataclass(frozen=True)
class Change:
    """What a document changed on an account, in points of its unit."""

    account_id: int
    document_model: str
    document_id: int
    document_name: str
    posted: Decimal
    pending: Decimal
    confirmed: Decimal = ZERO  # the part of ``posted`` that was pending before
    expected_at: object = None  # when pending points are expected (naive UTC)


class B2b2cNotification(models.Model):
    """A message to a person: queued with what it tells about, sent after, once.

    It goes to a participant, to another contact, or to an address that belongs to
    nobody yet.  This file says what a message is; ``b2b2c_notification_queue.py``
    queues it, ``b2b2c_notification_send.py`` sends it over the channels, its kind words
    it.
    """

    _name = "b2b2c.notification"
    _description = "Loyalty Message"
    _order = "id desc"
    _rec_name = "document_name"

    # To whom
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
        help="Somebody who takes part in nothing; with an address: who it belongs to.",
    )
    address = fields.Char(
        readonly=True, help="Where it goes, when that is not an address of a contact."
    )
    channel = fields.Selection(
        selection=lambda self: self.env["b2b2c.channel"]._get_channel_selection(),
        readonly=True,
        help="The channel of the address.",
    )
    lang = fields.Char(readonly=True, help="The language, when no contact has one.")
    partner_id = fields.Many2one(
        "res.partner", compute="_compute_partner_id", compute_sudo=True
    )
    recipient_text = fields.Char(
        compute="_compute_recipient_text", compute_sudo=True, string="To"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    # About what
    account_id = fields.Many2one("b2b2c.account", readonly=True, ondelete="cascade")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model",
        readonly=True,
        help="The record it is about, when that is not an account.",
    )
    kind = fields.Selection(
        selection=lambda self: self.env[
            "b2b2c.notification.kind"
        ]._get_kind_selection(),
        required=True,
        readonly=True,
    )
    tone = fields.Selection(
        [("good", "Good"), ("news", "News"), ("warning", "Warning"), ("bad", "Bad")],
        compute="_compute_tone",
    )
    points = fields.Float(**POINTS, readonly=True)
    points_pending = fields.Float(**POINTS, readonly=True, string="Change of Pending")
    document_name = fields.Char(readonly=True)
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        readonly=True,
        ondelete="set null",
        help="The last entry this message tells about: its reasons are worded.",
    )
    expected_at = fields.Datetime(
        readonly=True, help="When pending points are expected to become usable."
    )
    expires_until = fields.Datetime(
        readonly=True, help="A warning tells of everything that expires until then."
    )
    details = fields.Json(readonly=True)
    dedupe_key = fields.Char(required=True, readonly=True)

    # In words, in the reader's language
    points_text = fields.Char(compute="_compute_texts")
    balance_text = fields.Char(compute="_compute_texts", string="Balance")
    pending_text = fields.Char(compute="_compute_texts", string="Pending Balance")
    headline = fields.Char(compute="_compute_texts")
    sentences = fields.Json(compute="_compute_texts")
    subject = fields.Char(compute="_compute_texts")
    message_text = fields.Text(compute="_compute_texts", string="Message")

    # What became of it
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "Not wanted"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="new",
        string="Status",
    )
    shown_state = fields.Selection(
        lambda self: self._select_shown_state(),
        compute="_compute_shown_state",
        compute_sudo=True,
        string="Status",
        help="Sent is what left: a message may still wait in the queue of its channel.",
    )
    send_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, string="Send On"
    )
    delivery_ids = fields.One2many(
        "b2b2c.notification.delivery", "notification_id", readonly=True
    )
    reason = fields.Char(compute="_compute_reason")
    digest_id = fields.Many2one(
        "b2b2c.notification", readonly=True, ondelete="set null", string="Sent With"
    )
    part_ids = fields.One2many("b2b2c.notification", "digest_id", string="Digest")

    _once = models.UniqueIndex("(dedupe_key)", "This message was queued already.")
    _waiting = models.Index("(send_at, id) WHERE state = 'new'")
    _warned = models.Index("(account_id, expires_until) WHERE kind = 'expiring'")
    _digest = models.Index("(digest_id) WHERE digest_id IS NOT NULL")
    _about = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _has_recipient = models.Constraint(
        "CHECK (num_nonnulls(member_id, contact_id, address) > 0"
        " AND (address IS NULL) = (channel IS NULL))",
        "A message goes to somebody.",
    )

    # === COMPUTE METHODS === #

    @api.depends("member_id.partner_id", "contact_id")
    def _compute_partner_id(self):
        for message in self:
            message.partner_id = message.member_id.partner_id or message.contact_id

    @api.depends("contact_id.display_name", "member_id.display_name", "address")
    def _compute_recipient_text(self):
        for message in self:
            message.recipient_text = (
                message.member_id.display_name
                or message.contact_id.display_name
                or message.address
            )

    @api.depends("points", "account_id", "part_ids")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        for message in self:
            message._word_figures()
            kind = message._get_kind()
            message.headline = kind.headline(message)
            sentences = kind.sentences(message)
            message.sentences = sentences
            message.subject = message._get_subject()
            message.message_text = "\n".join((message.headline, *sentences))

    def _word_figures(self):
        """Set the texts of the points and of the balance; empty without an account."""
        account = self.account_id
        if not account:
            self.points_text = self.balance_text = self.pending_text = ""
            return
        self.points_text = account.unit_id._format(abs(self.points))
        self.balance_text = account.unit_id._format(account.balance_available)
        self.pending_text = (
            account.unit_id._format(account.balance_pending)
            if account.balance_pending > 0
            else ""
        )

    @api.depends("delivery_ids.state", "delivery_ids.reason")
    @api.depends_context("lang")
    def _compute_reason(self):
        for message in self:
            failed = message.delivery_ids.filtered(lambda row: row.state == "failed")
            message.reason = " ".join(row.reason_text for row in failed)

    @api.model
    def _select_shown_state(self):
        """Return the states, and that of what has not left yet before *Sent*."""
        states = self._fields["state"]._description_selection(self.env)
        return [states[0], ("queued", self.env._("On its way")), *states[1:]]

    @api.depends("state")
    def _compute_shown_state(self):
        queued = self.delivery_ids._get_queued().notification_id
        for message in self:
            on_way = message.state == "sent" and message in queued
            message.shown_state = "queued" if on_way else message.state

    @api.depends("kind")
    def _compute_tone(self):
        for message in self:
            message.tone = message._get_kind().tone

    @api.depends("headline")
    def _compute_display_name(self):
        for message in self:
            message.display_name = message.headline

    # === SCREENS === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Add a filter for each channel there is."""
        arch, view = super()._get_view(view_id, view_type, **options)
        places = arch.xpath("//filter[@name='create_date']")
        if view_type == "search" and places:
            for code, label in self.env["b2b2c.channel"]._get_channel_selection():
                places[0].addprevious(
                    E.filter(
                        name=f"channel_{code}",
                        string=label,
                        domain=repr([("delivery_ids.channel", "=", code)]),
                    )
                )
            places[0].addprevious(E.separator())
        return arch, view

    # === QUEUE: called in the transaction of the entries === #

    @api.model
    def _queue(self, changes):
        """Queue a message for each change documents made on accounts.

        There is a message exactly when there are entries; the key names the last of
        them, so there is only one.

        :param changes: list of :class:`Change`
        """
        rows = []
        for change in changes:
            kind, points = self._get_kind_of_change(
                change.posted, change.pending, change.confirmed
            )
            if not kind:
                continue
            key = f"{change.document_model},{change.document_id}"
            rows.append(
                {
                    "account_id": change.account_id,
                    "kind": kind,
                    "key": f"{key}/{change.account_id}",
                    "points": points,
                    "points_pending": change.pending,
                    "document_name": change.document_name,
                    "document_model": change.document_model,
                    "document_id": change.document_id,
                    "expected_at": change.expected_at if change.pending > 0 else None,
                }
            )
        self._insert(rows)

    @api.model
    def _get_kind_of_change(self, posted, pending, confirmed=0):
        """Return which message a change deserves, and its number of points."""
        if posted > 0:
            return "usable" if confirmed >= posted else "credited", posted
        if posted < 0:
            return "reversed", posted
        if pending > 0:
            return "pending", pending
        if pending < 0:
            return "voided", pending
        return None, 0

    # === FOR THE WORDS === #

    def _get_kind(self):
        """Return the :class:`~.b2b2c_notification_kind.Kind` of this message."""
        self.ensure_one()
        return self.env["b2b2c.notification.kind"]._get_kind(self.kind)

    def _get_subject(self):
        """Return the subject of the e-mail this message goes out with."""
        self.ensure_one()
        if len(self.part_ids) > 1:
            return self.env._("Your points: %s news", len(self.part_ids))
        return self.headline

    def _for_reader(self):
        """Return this message in the reader's language and time zone.

        Templates of the record it is about find the details in the context.
        """
        self.ensure_one()
        lang = self.lang or self.partner_id.lang
        if lang and not self.env["res.lang"]._get_data(code=lang):
            lang = None
        return self.with_context(
            lang=lang or self.env.lang,
            tz=self._get_zone(),
            message_details=self.details or {},
        )

    def _get_record(self):
        """Return the record this message is about (superuser), empty when it is gone.

        :raise KeyError: there is no such model any more
        """
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _get_zone(self):
        """Return the time zone in which the reader counts days."""
        self.ensure_one()
        return self.partner_id.tz or self.company_id.partner_id.tz or "UTC"

    def _format(self, points):
        """Return points with their unit."""
        self.ensure_one()
        return self.account_id.unit_id._format(shown(points))
