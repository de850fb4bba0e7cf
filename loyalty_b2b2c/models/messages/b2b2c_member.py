from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

_NEWEST = 100


class B2b2cMember(models.Model):
    """What a participant wants to hear, over which channels and how often.

    A wish is named by (channel, topic): with an empty topic it is about the channel at
    all.  A message goes out over a channel that is wanted and on which its topic was
    not declined.
    """

    _inherit = "b2b2c.member"

    wish_ids = fields.One2many("b2b2c.member.wish", "member_id", readonly=True)
    channel_wishes = fields.Json(
        string="Channels",
        compute="_compute_channel_wishes",
        inverse="_inverse_channel_wishes",
        compute_sudo=True,
        help="Channel: whether this participant is written to over it.",
    )
    topic_wishes = fields.Json(
        string="Topics",
        compute="_compute_topic_wishes",
        inverse="_inverse_topic_wishes",
        compute_sudo=True,
        help="Topic: whether this participant wants to hear of it over any channel.",
    )
    notify_digest = fields.Selection(
        [
            ("now", "At once"),
            ("daily", "Once a day"),
            ("weekly", "Once a week"),
        ],
        string="How Often",
        required=True,
        default="now",
        help="A digest goes out at eight in the morning, a weekly one on Monday.",
    )

    notification_ids = fields.Many2many(
        "b2b2c.notification", compute="_compute_notification_ids"
    )
    notification_count = fields.Integer(compute="_compute_notification_ids")

    # === COMPUTE METHODS === #

    @api.depends("wish_ids.channel", "wish_ids.topic", "wish_ids.wanted")
    @api.depends_context("lang")
    def _compute_channel_wishes(self):
        channels = self.env["b2b2c.channel"]._get_channel_selection()
        for member in self:
            wishes = member._get_wishes()
            member.channel_wishes = {
                code: {"label": label, "checked": wishes[code, ""]}
                for code, label in channels
            }

    def _inverse_channel_wishes(self):
        for member in self:
            chosen = _read_ticks(member.channel_wishes)
            member._set_wishes({(code, ""): tick for code, tick in chosen.items()})

    @api.depends("wish_ids.channel", "wish_ids.topic", "wish_ids.wanted")
    @api.depends_context("lang")
    def _compute_topic_wishes(self):
        topics = self.env["b2b2c.notification.kind"]._get_topic_selection()
        for member in self:
            wanted = member._get_wanted_topics()
            member.topic_wishes = {
                topic: {"label": label, "checked": topic in wanted}
                for topic, label in topics
            }

    def _inverse_topic_wishes(self):
        codes = self.env["b2b2c.channel"]._get_sending()
        for member in self:
            chosen = _read_ticks(member.topic_wishes)
            wanted = member._get_wanted_topics()
            member._set_wishes(
                {
                    (code, topic): tick
                    for topic, tick in chosen.items()
                    # a tick that stays keeps what was chosen channel by channel
                    if tick != (topic in wanted)
                    for code in codes
                }
            )

    @api.depends("account_ids")
    def _compute_notification_ids(self):
        messages = self.env["b2b2c.notification"]
        for member in self:
            domain = [("member_id", "=", member._origin.id)]
            member.notification_ids = messages.search(domain, limit=_NEWEST)
            member.notification_count = messages.search_count(domain)

    # === CRUD METHODS === #

    def write(self, vals):
        changed = self.filtered(
            lambda m: m.notify_digest != vals.get("notify_digest", m.notify_digest)
        )
        result = super().write(vals)
        self.env["b2b2c.notification"].sudo()._reschedule(changed)
        return result

    def _prepare_moved_vals(self, employer, moved_at):
        """Keep the wishes of a person who changes to another employer."""
        return {
            **super()._prepare_moved_vals(employer, moved_at),
            "wish_ids": [
                Command.create(
                    {
                        "channel": wish.channel,
                        "topic": wish.topic,
                        "wanted": wish.wanted,
                    }
                )
                for wish in self.wish_ids
            ],
            "notify_digest": self.notify_digest,
        }

    # === ACTION METHODS === #

    def action_open_notifications(self):
        """Open the messages to this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_notification_action"
        )
        return dict(action, domain=[("member_id", "=", self.id)], context={})

    # === WISHES === #

    @api.model
    def _get_default_wishes(self):
        """Return what holds for who chose nothing: dict (channel, topic) -> bool."""
        topics = self.env["b2b2c.notification.kind"]._get_topics()
        return {
            (code, topic): True if topic else channel._is_default
            for code, channel in self.env["b2b2c.channel"]._get_sending().items()
            for topic in ("", *topics)
        }

    def _get_wishes(self):
        """Return everything a participant wants: dict (channel, topic) -> bool."""
        self.ensure_one()
        chosen = {
            (wish.channel, wish.topic or ""): wish.wanted for wish in self.wish_ids
        }
        return {
            key: chosen.get(key, default)
            for key, default in self._get_default_wishes().items()
        }

    def _get_wanted_topics(self):
        """Return the topics that are not declined on every channel."""
        wishes = self._get_wishes()
        return {topic for (_code, topic), wanted in wishes.items() if topic and wanted}

    def _set_wishes(self, wishes):
        """Store what these participants chose; what is not named stays as it is.

        :param wishes: dict (channel, topic) -> bool
        :raise ValidationError: there is no such channel or topic
        """
        defaults = self._get_default_wishes()
        for code, topic in wishes.keys() - defaults.keys():
            raise ValidationError(
                self.env._("Nobody is written to over “%s”.", f"{code} {topic}".strip())
            )
        rows = SQL(", ").join(
            SQL(
                "(%s, %s::text, %s::text, %s::bool)",
                member_id,
                code,
                topic or None,
                wanted if wanted != defaults[code, topic] else None,
            )
            for member_id in self.ids
            for (code, topic), wanted in wishes.items()
        )
        if self and wishes:
            self._store_wishes(rows)

    @api.model
    def _store_wishes(self, rows):
        """Insert, change or delete wishes; two that come at once do not collide.

        :param rows: SQL, the values (member, channel, topic, wanted); ``NULL``: the
            default holds
        """
        values = SQL("(VALUES %s) AS v (member_id, channel, topic, wanted)", rows)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM b2b2c_member_wish w USING %s
                 WHERE w.member_id = v.member_id AND w.channel = v.channel
                   AND w.topic IS NOT DISTINCT FROM v.topic AND v.wanted IS NULL
                """,
                values,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_member_wish (member_id, channel, topic, wanted,
                       create_uid, write_uid, create_date, write_date)
                SELECT v.member_id, v.channel, v.topic, v.wanted,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM %(values)s
                 WHERE v.wanted IS NOT NULL
                    ON CONFLICT (member_id, channel, coalesce(topic, ''))
                       DO UPDATE SET wanted = EXCLUDED.wanted,
                          write_uid = EXCLUDED.write_uid,
                          write_date = EXCLUDED.write_date
                """,
                values=values,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.env["b2b2c.member.wish"].invalidate_model()
        self.invalidate_model(["wish_ids", "channel_wishes", "topic_wishes"])

    def _want_nothing(self):
        """Switch every channel off."""
        codes = self.env["b2b2c.channel"]._get_sending()
        self._set_wishes({(code, ""): False for code in codes})

    def _want_what_reaches(self):
        """Switch on what reaches people whom no channel reaches that is on."""
        channels = self.env["b2b2c.channel"]._get_sending()
        for member in self:
            wishes = member._get_wishes()
            reaching = {
                code: channel
                for code, channel in channels.items()
                if channel._can_reach(member)
            }
            if not any(wishes[code, ""] for code in reaching):
                member._set_wishes({(code, ""): True for code in reaching})

    def _get_refusal(self, topic, channel):
        """Return why this participant gets no messages about a topic over a channel.

        :param str topic: empty for messages that cannot be declined
        :return: ``"off"``, ``"declined"`` or nothing
        """
        wishes = self._get_wishes()
        if not wishes[channel._code, ""]:
            return "off"
        return "" if wishes.get((channel._code, topic), True) else "declined"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        data = super()._get_personal_data()
        wishes = ("member_id", "channel", "topic", "wanted")
        sms = self.env["sms.sms"].search([("partner_id", "in", self.partner_id.ids)])
        return {
            **data,
            "wishes": self._to_rows(self.wish_ids, wishes),
            "notifications": self._to_rows(
                self._get_notifications(),
                ("create_date", "kind", "points", "document_name", "state"),
            ),
            "sms": self._to_rows(sms, ("create_date", "number", "body")),
        }

    def _get_notifications(self):
        """Return all messages to these participants, the oldest first."""
        domain = [("member_id", "in", self.ids)]
        return self.env["b2b2c.notification"].search(domain, order="id")

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self._get_notifications()]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.notification",
            replaced=["document_name", "details", "address"],
            impersonal=["dedupe_key", "lang", "res_model"],
            mine=person.is_mine("member_id", self.ids),
        )
        texts.add(
            "b2b2c.notification.delivery",
            replaced=["reason"],
            impersonal=["res_model"],
            mine=person.is_mine("notification_id", self._get_notifications().ids),
        )
        return texts

    def _erase_personal_data(self, person):
        result = super()._erase_personal_data(person)
        self._want_nothing()
        return result


def _read_ticks(value):
    """Return what is ticked: dict of a client, ``{code: {"checked": …}}`` or plain.

    :return: dict code -> bool
    """
    return {
        code: bool(tick.get("checked") if isinstance(tick, dict) else tick)
        for code, tick in (value or {}).items()
    }
