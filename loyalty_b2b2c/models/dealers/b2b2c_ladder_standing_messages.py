from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.transactions import in_transaction
from . import ladder_words

BATCH = 100


class B2b2cLadderStanding(models.Model):
    """Telling about tiers: the chatter at once, letters by a scheduled action.

    Letters are queued as everything else here is booked: the tier in force is compared
    with the tier that was told.  A tier that changes twice before is one letter, a run
    that repeats queues nothing.
    """

    _inherit = "b2b2c.ladder.standing"

    told_tier_id = fields.Many2one(
        "b2b2c.ladder.tier",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The tier that dealer and salesperson were told.",
    )
    warned_fall_on = fields.Date(
        readonly=True, copy=False, help="The fall that was warned of."
    )
    warned_tier_id = fields.Many2one(
        "b2b2c.ladder.tier", readonly=True, copy=False, ondelete="set null"
    )

    # === CHATTER === #

    def _after_change(self, before, reason):
        result = super()._after_change(before, reason)
        if reason == "enrolled":
            self.told_tier_id = self.tier_id
        self._note_change(before, reason)
        return result

    def _end(self):
        for standing in (self | self.group_ids).filtered("active"):
            standing._note_change(standing.tier_id, "ended")
        return super()._end()

    def _note_change(self, before, reason):
        """Write a change with its figures into the chatter, in the company's language.

        Without followers' mails: those are a matter of the templates.
        """
        lang = self.company_id.partner_id.lang or self.env.lang
        record = self.with_context(lang=lang)
        reasons = dict(
            record.env["b2b2c.ladder.change"]
            ._fields["reason"]
            ._description_selection(record.env)
        )
        ended = reason == "ended"
        words = ladder_words.explain(record, fields.Datetime.now())
        record._message_log(
            body=Markup("<p><b>%s → %s</b> · %s</p><p>%s<br/>%s</p>")
            % (
                before.name or "–",
                "–" if ended else record.tier_id.name,
                reasons[reason],
                "" if ended else words["because"],
                "" if ended else " ".join(filter(None, map(words.get, _LATER))),
            )
        )

    # === LETTERS === #

    def _get_mail_partners(self):
        """Return who is written to at the dealer's: the company, or its people."""
        self.ensure_one()
        if self.partner_id.email:
            return self.partner_id
        return self.partner_id.child_ids.filtered(
            lambda person: person.email and person.type == "contact"
        )

    def _get_words(self):
        """Return what there is to say, for mail templates."""
        self.ensure_one()
        return ladder_words.explain(self, fields.Datetime.now())

    def _get_price_fall(self):
        """Return ``(day, tier)`` of the next fall that is felt, ``None``: none known.

        While a contract holds a tier, a fall of the volume is not felt; its end is.
        """
        self.ensure_one()
        head = self.head_id or self
        day, tier = head.fall_on, head.fall_tier_id
        if head.contract_id:
            day = head.contract_id.date_to + timedelta(days=1)
            if not (head.fall_on and head.fall_on <= day):
                tier = head.volume_tier_id
        if not day:
            return None
        contract = head._get_contract(day)
        if contract.tier_id.volume_from > tier.volume_from:
            tier = contract.tier_id
        return (day, tier) if tier.volume_from < self.tier_id.volume_from else None

    def _get_letter_words(self):
        """Return the figures of a letter, for its template and its headline.

        Those of the moment it was queued, which the message keeps in its details.

        :return: dict with ``before`` and ``tier`` (names), and ``day`` of a fall
        """
        self.ensure_one()
        details = self.env.context.get("message_details") or {}
        tiers = self.env["b2b2c.ladder.tier"]
        day = fields.Date.to_date(details.get("day"))
        words = {
            "before": tiers.browse(details.get("before_id")) or self.told_tier_id,
            "tier": tiers.browse(details.get("tier_id")) or self.tier_id,
        }
        return {
            **{name: tier.name or "" for name, tier in words.items()},
            "day": ladder_words.day(self.env, day) if day else "",
        }

    def _get_fall_words(self):
        """Return ``day`` and ``tier`` of a fall, for templates written before."""
        return self._get_letter_words()

    def _queue_letter(self, occasion, key, details):
        """Queue the letters of an occasion to the dealer and to the salesperson.

        :param str occasion: ``"change"`` or ``"fall"``
        :param str key: what tells it from other letters of the occasion to this dealer
        :param dict details: see :meth:`_get_letter_words`
        """
        self.ensure_one()
        people = {"dealer": self._get_mail_partners()}
        people["seller"] = self.user_id.partner_id.filtered("email")
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": f"{who}_{occasion}",
                    "key": f"{who}_{occasion}/{self.id}/{key}/{partner.id}",
                    "contact_id": partner.id,
                    "company_id": self.company_id.id,
                    "document_name": self.partner_id.name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": details,
                }
                for who, partners in people.items()
                for partner in partners
            ]
        )

    @api.model
    def _cron_tell(self):
        """Tell dealers and salespeople about new tiers, and before a fall, once each.

        Queueing and remembering are one transaction: a crash repeats neither.
        """
        cron = self.env["ir.cron"]
        for work in (_tell_batch, _warn_batch):
            last = 0
            while last is not None:
                last = in_transaction(
                    self.env.registry, lambda env, w=work, n=last: w(env, n)
                )
                if not cron._commit_progress(1):
                    return

    def _tell(self):
        """Tell about the tier in force, if it is another price than what was told."""
        for standing in self:
            told, tier = standing.told_tier_id, standing.tier_id
            if told and told._get_price() != tier._get_price():
                standing._queue_letter(
                    "change",
                    standing.change_ids[:1].id,
                    {"before_id": told.id, "tier_id": tier.id},
                )
            standing.told_tier_id = tier

    def _warn(self):
        """Warn of falls that come near, once for each."""
        today = fields.Date.today()
        for standing in self:
            fall = standing._get_price_fall()
            days = standing.ladder_id.warn_days
            if not fall or (fall[0] - today).days > 2 * days:
                # out of danger: the next time it comes near is another time
                standing.write({"warned_fall_on": False, "warned_tier_id": False})
                continue
            known = (
                standing.warned_tier_id == standing.tier_id
                and standing.warned_fall_on
                and standing.warned_fall_on <= fall[0]
            )
            if known or not 0 <= (fall[0] - today).days <= days:
                continue
            standing._queue_letter(
                "fall",
                f"{fall[0]}/{today}",
                {
                    "day": fields.Date.to_string(fall[0]),
                    "before_id": standing.tier_id.id,
                    "tier_id": fall[1].id,
                },
            )
            standing.write(
                {"warned_fall_on": fall[0], "warned_tier_id": standing.tier_id.id}
            )


_LATER = ("missing", "ahead")


def _tell_batch(env, after):
    """Tell the next dealers; return the last one's id, ``None`` when none is left."""
    rows = env.execute_query(
        SQL(
            "SELECT id FROM b2b2c_ladder_standing"
            " WHERE active AND tier_id IS NOT NULL AND id > %s"
            "   AND told_tier_id IS DISTINCT FROM tier_id ORDER BY id LIMIT %s",
            after,
            BATCH,
        )
    )
    standings = env["b2b2c.ladder.standing"].browse(row[0] for row in rows)
    standings._tell()
    return standings[-1:].id or None


def _warn_batch(env, after):
    """Warn the next dealers; return the last one's id, ``None`` when none is left."""
    rows = env.execute_query(
        SQL(
            """
            SELECT s.id
              FROM b2b2c_ladder_standing s
              JOIN b2b2c_ladder l ON l.id = s.ladder_id
              JOIN b2b2c_ladder_standing h ON h.id = coalesce(s.head_id, s.id)
         LEFT JOIN b2b2c_ladder_contract c ON c.id = h.contract_id
             WHERE s.active AND l.state = 'running' AND l.warn_days > 0
               AND s.id > %(after)s
               AND (s.warned_fall_on IS NOT NULL
                    OR h.fall_on <= %(today)s::date + l.warn_days
                    OR c.date_to <= %(today)s::date + l.warn_days)
          ORDER BY s.id LIMIT %(limit)s
            """,
            after=after,
            today=fields.Date.today(),
            limit=BATCH,
        )
    )
    standings = env["b2b2c.ladder.standing"].browse(row[0] for row in rows)
    standings._warn()
    return standings[-1:].id or None
