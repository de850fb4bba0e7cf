from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from odoo.addons.loyalty_b2b2c.models.base.rows import insert_rows, update_in_state

from ..dialog.messages import Button, Reply
from .b2b2c_chat_health import notify
from .b2b2c_notification_kind import TOPIC

#: Stands for the name of the person in the text.
NAME = "{name}"
_MAX_TEXT = 3500
_EXAMPLES = 8


class B2b2cChatBroadcast(models.Model):
    """News of the company to many people in their chats, once each.

    Whom it goes to is decided when it is started; wishes and the hours of the person
    are asked again when it is that person's turn. It takes half of what a messenger
    allows us, so that answers do not wait for it.
    """

    _name = "b2b2c.chat.broadcast"
    _description = "Broadcast"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Title", required=True, tracking=True, help="For the office.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel_ids = fields.Many2many(
        "b2b2c.chat.channel",
        string="Channels",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all of the company.",
    )
    member_domain = fields.Char(
        "Participants",
        required=True,
        default="[('state', '=', 'enrolled')]",
        help="Who of the participants gets it.",
    )
    text = fields.Text(
        required=True,
        translate=True,
        help="Plain text; {name} is replaced by the name of the person.",
    )
    button_label = fields.Char("Button", translate=True)
    button_url = fields.Char("Opens", help="Begins with https://")
    start_at = fields.Datetime("Not Before")
    from_hour = fields.Integer(
        default=9, required=True, help="On the clock of the person."
    )
    to_hour = fields.Integer(default=20, required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sending", "Being sent"),
            ("done", "Sent"),
            ("stopped", "Stopped"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    started_at = fields.Datetime("Started On", readonly=True, copy=False)
    done_at = fields.Datetime("Ended On", readonly=True, copy=False)
    row_ids = fields.One2many("b2b2c.chat.broadcast.row", "broadcast_id", readonly=True)

    # === WHOM IT REACHES, BEFORE IT IS SENT === #

    reach_count = fields.Integer("People It Goes to", compute="_compute_reach")
    declined_count = fields.Integer("Want No News", compute="_compute_reach")
    closed_count = fields.Integer("Cannot Be Written to Now", compute="_compute_reach")
    no_chat_count = fields.Integer("Without a Chat", compute="_compute_reach")
    paid_count = fields.Integer("Paid Messages", compute="_compute_reach")
    cost = fields.Monetary("It Costs about", compute="_compute_reach")
    minutes = fields.Integer("Minutes It Takes", compute="_compute_reach")
    examples = fields.Char("For Example", compute="_compute_reach")
    preview = fields.Text(compute="_compute_preview")

    # === WHAT BECAME OF IT === #

    row_count = fields.Integer("Recipients", compute="_compute_rows")
    waiting_count = fields.Integer("Wait", compute="_compute_rows")
    sent_count = fields.Integer("Sent", compute="_compute_rows")
    skipped_count = fields.Integer("Left Out", compute="_compute_rows")

    _hours = models.Constraint(
        "CHECK (0 <= from_hour AND from_hour < to_hour AND to_hour <= 24)",
        "The hours are between 0 and 24, the first before the last.",
    )

    # === COMPUTE METHODS === #

    @api.depends("channel_ids", "member_domain", "company_id", "state")
    def _compute_reach(self):
        for broadcast in self:
            found = broadcast._find_people() if broadcast._is_readable() else {}
            verdicts = [verdict for _link, verdict in found.values()]
            reached = [link for link, verdict in found.values() if verdict == ""]
            paid = [link for link in reached if not link._is_open()]
            broadcast.reach_count = len(reached)
            broadcast.declined_count = verdicts.count("declined")
            broadcast.closed_count = verdicts.count("closed")
            broadcast.no_chat_count = verdicts.count("no_chat")
            broadcast.paid_count = len(paid)
            broadcast.cost = sum(link.channel_id.price for link in paid)
            broadcast.minutes = broadcast._get_minutes(reached)
            names = [link.partner_id.name or "" for link in reached[:_EXAMPLES]]
            more = ["…"] if len(reached) > _EXAMPLES else []
            broadcast.examples = ", ".join([*names, *more])

    def _get_minutes(self, links):
        """Return how long it takes to write to people, each channel at its pace."""
        counts = {}
        for link in links:
            counts[link.channel_id] = counts.get(link.channel_id, 0) + 1
        waits = (
            -(-count // channel._get_broadcast_pace())
            for channel, count in counts.items()
        )
        return max(waits, default=0)

    @api.depends("text", "button_label")
    @api.depends_context("lang")
    def _compute_preview(self):
        for broadcast in self:
            label = (
                f"\n\n[ {broadcast.button_label} ]" if broadcast.button_label else ""
            )
            text = broadcast._get_text(self.env.user.partner_id)
            broadcast.preview = f"{text}{label}" if text else ""

    @api.depends("row_ids.state")
    def _compute_rows(self):
        groups = self.env["b2b2c.chat.broadcast.row"]._read_group(
            [("broadcast_id", "in", self.ids)], ["broadcast_id", "state"], ["__count"]
        )
        counts = {(row.id, state): count for row, state, count in groups}
        for broadcast in self:

            def count(state, number=broadcast._origin.id):
                return counts.get((number, state), 0)

            broadcast.waiting_count = count("waiting")
            broadcast.sent_count = count("sent")
            broadcast.skipped_count = count("skipped")
            broadcast.row_count = sum(map(count, ("waiting", "sent", "skipped")))

    # === CHECKS === #

    @api.constrains("member_domain")
    def _check_member_domain(self):
        for broadcast in self:
            if not broadcast._is_readable():
                raise ValidationError(self.env._("Nobody can be found by this filter."))

    @api.constrains("text")
    def _check_text(self):
        for broadcast in self:
            if len(broadcast.text or "") > _MAX_TEXT:
                raise ValidationError(
                    self.env._("At most %s characters go into a message.", _MAX_TEXT)
                )

    @api.constrains("button_label", "button_url")
    def _check_button(self):
        for broadcast in self:
            url = broadcast.button_url or ""
            if bool(broadcast.button_label) != bool(url):
                raise ValidationError(self.env._("A button has a word and an address."))
            if url and not url.startswith("https://"):
                raise ValidationError(self.env._("The address begins with https://"))

    def _is_readable(self):
        """Tell whether participants can be found by the filter."""
        try:
            self._get_members(limit=1)
        except Exception:  # noqa: BLE001 - a filter may be wrong in every way
            return False
        return True

    # === WHO GETS IT === #

    def _get_members(self, limit=None):
        """Return the participants of the filter that the user may see."""
        self.ensure_one()
        domain = Domain(safe_eval(self.member_domain or "[]", {"uid": self.env.uid}))
        domain &= Domain("company_id", "=", self.company_id.id)
        return self.env["b2b2c.member"].search(domain, limit=limit)

    def _find_people(self):
        """Return the people of the filter, each once.

        :return: dict partner -> (``b2b2c.chat.link`` (sudo), verdict); the verdict is
            empty for who gets it, else ``no_chat``, ``declined`` or ``closed``
        """
        members = self._get_members().sudo()
        links = self._find_links(members.partner_id)
        people = {}
        for partner, own in members.grouped("partner_id").items():
            link = links.get(partner, self.env["b2b2c.chat.link"])
            people[partner] = (link, self._get_verdict(link, own))
        return people

    def _get_channels(self):
        """Return the channels it goes out over."""
        return self.channel_ids or self.env["b2b2c.chat.channel"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _find_links(self, partners):
        """Return the chat each person is written to in: where he wrote last (sudo)."""
        links = self.env["b2b2c.chat.link"].sudo()
        found = links.search(
            [
                ("channel_id", "in", self._get_channels().ids),
                ("channel_id.state", "=", "active"),
                ("partner_id", "in", partners.ids),
                ("state", "=", "active"),
            ]
        )
        # the newest first: of several of a person that one stays
        return {link.partner_id: link for link in found[::-1]}

    def _get_verdict(self, link, members):
        """Return why a person does not get it, empty: it is sent.

        :param link: the chat, or none
        :param members: the memberships of the person that the filter found
        """
        if not link or link.state != "active":
            return "no_chat"
        chat = self.env["b2b2c.channel.chat"]
        if all(member._get_refusal(TOPIC, chat) for member in members):
            return "declined"
        return "" if link._is_open() or link._get_template() else "closed"

    # === WHAT IS SAID === #

    def _get_text(self, partner):
        return (self.text or "").replace(NAME, partner.name or "").strip()

    def _get_reply(self, partner):
        """Return what is said to a person, in the language of the environment."""
        buttons = ()
        if self.button_label:
            buttons = ((Button(self.button_label, url=self.button_url),),)
        return Reply(self._get_text(partner), buttons)

    # === ACTION METHODS === #

    def action_start(self):
        """Send it to everybody of the filter (managers)."""
        for broadcast in self._check_manager():
            people = broadcast.with_user(self.env.user)._find_people()
            rows = [
                {
                    "broadcast_id": broadcast.id,
                    "company_id": broadcast.company_id.id,
                    "link_id": link.id,
                    "state": "waiting",
                }
                for link, verdict in people.values()
                if verdict == ""
            ]
            if not rows:
                raise UserError(self.env._("It would go to nobody."))
            if update_in_state(
                broadcast,
                ("draft",),
                state="sending",
                started_at=fields.Datetime.now(),
            ):
                insert_rows(self.env["b2b2c.chat.broadcast.row"].sudo(), rows)
                broadcast._message_log(
                    body=self.env._("Started, to %s people.", len(rows))
                )
        self.env.invalidate_all()
        self.env.ref("loyalty_b2b2c_chat.cron_broadcast").sudo()._trigger()
        return True

    def action_stop(self):
        """Send it to nobody any more who did not get it yet (managers)."""
        for broadcast in self._check_manager():
            if update_in_state(
                broadcast,
                ("sending",),
                state="stopped",
                done_at=fields.Datetime.now(),
            ):
                broadcast.row_ids._withdraw()
                broadcast._message_log(body=self.env._("Stopped."))
        self.env.invalidate_all()
        return True

    def action_test(self):
        """Send it to one's own chat only (managers)."""
        broadcast = self._check_manager()
        broadcast.ensure_one()
        partner = self.env.user.partner_id
        link = broadcast._find_links(partner).get(partner)
        if not link:
            raise UserError(
                self.env._("You have no chat of your own there that it could go to.")
            )
        link._say([broadcast._get_reply(partner)], origin="broadcast")
        return notify("success", self.env._("It was sent to your chat."))

    def action_open_rows(self):
        """Open who gets it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c_chat.b2b2c_chat_broadcast_row_action"
        )
        return dict(action, domain=[("broadcast_id", "=", self.id)])

    def _check_manager(self):
        """Return these broadcasts (sudo) for a manager.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))
        self.check_access("write")
        return self.sudo()
