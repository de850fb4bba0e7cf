from dataclasses import asdict
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models

from ..base.rows import update_in_state
from ..people.authority import decides
from .b2b2c_referral import STANDING
from .referral_signs import judge

#: So long the signs of a recommendation are looked at every day.
_YOUNG_DAYS = 60


class B2b2cReferral(models.Model):
    """Who decides whether a recommendation counts: a person, or a day."""

    _inherit = "b2b2c.referral"

    # === ACTION METHODS === #

    @decides("referrer_id", "partner_id")
    def action_accept(self):
        """Let the recommenders be credited."""
        self.check_access("write")
        for referral in self.sudo():
            referral._decide("active", ("held", "refused"))
        return True

    @decides("referrer_id", "partner_id")
    def action_refuse(self):
        """Let nobody be credited; what was, is taken back."""
        self.check_access("write")
        for referral in self.sudo():
            referral._decide("refused", STANDING)
        return True

    def action_check_again(self):
        """Look for signs again: contacts, addresses and accounts change."""
        self.check_access("write")
        self.sudo()._judge_again()
        return True

    # === DECIDING === #

    def _decide(self, state, states, user=None):
        """Move to another state, and have the purchases measured again.

        :param user: ``res.users`` who decides; the user of the environment by default
        :return: whether it was in one of ``states``
        """
        self.ensure_one()
        moved = update_in_state(
            self,
            states,
            state=state,
            decided_by_id=(user or self.env.user).id,
            decided_at=fields.Datetime.now(),
            decide_by=None,
        )
        if moved:
            self.activity_unlink(["mail.mail_activity_data_todo"])
            self._look_again()
        return moved

    def _prepare_signs(self, found, campaign):
        """Return the columns of what was found.

        :param found: ``engine.referral_guard.Guarded``
        """
        waits = found.state == "held"
        days = timedelta(days=campaign.review_days)
        return {
            "state": found.state,
            "score": found.score,
            "signs": Json([asdict(sign) for sign in found.signs]),
            "decide_by": fields.Datetime.now() + days if waits else None,
        }

    def _ask_to_decide(self):
        """Give an officer a to-do for each of these that waits."""
        for referral in self.filtered(lambda one: one.state == "held"):
            officer = referral.company_id._get_loyalty_officer()
            if officer:
                referral.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=referral.decide_by.date(),
                    summary=self.env._("Decide whether this recommendation counts"),
                    note="\n".join(referral._word_signs()),
                    user_id=officer.id,
                )

    def _judge_again(self):
        """Judge what no person decided on as everything is now.

        What was found wanting before is not forgiven: nothing goes from refused to
        active by itself.
        """
        order = ("active", "held", "refused")
        for referral in self.filtered(lambda one: not one.decided_by_id):
            if referral.state not in STANDING:
                continue
            found = judge(
                referral.env,
                referral.link_id,
                referral.partner_id,
                referral._get_document(),
                is_single=referral.is_single,
                at=referral.bound_at,
                but=referral,
            )
            if order.index(found.state) > order.index(referral.state):
                values = referral._prepare_signs(found, referral.campaign_id)
                if update_in_state(referral, STANDING, **values):
                    referral._ask_to_decide()
                    referral._look_again()

    # === CONTACTS THAT BECOME ONE === #

    @api.model
    def _keep_oldest(self, partners):
        """Leave a customer of several recommenders to who brought it first.

        :param partners: ``res.partner`` that become one
        """
        found = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("state", "in", STANDING),
                ("is_single", "=", False),
            ],
            order="bound_at, id",
        )
        for of_company in found.grouped("company_id").values():
            for referral in of_company[1:]:
                referral._end()
                referral.message_post(
                    body=self.env._(
                        "Ended: contacts were merged, and %s had brought the customer "
                        "before.",
                        of_company[0].referrer_id.display_name,
                    )
                )

    def _end(self):
        """Let nothing count any more that is bought from now on."""
        self.ensure_one()
        now = fields.Datetime.now()
        update_in_state(self, STANDING, state="ended", ended_at=now, decide_by=None)

    @api.model
    def _judge_people(self, partners):
        """Judge again what these people brought, and who brought them.

        :param partners: ``res.partner``
        """
        self.search(
            [
                ("state", "in", STANDING),
                "|",
                ("partner_id", "in", partners.ids),
                ("referrer_id.partner_id", "in", partners.ids),
            ]
        )._judge_again()

    @api.model
    def _cron_decide(self):
        """Decide what nobody decided on in time, and look again at what is young."""
        now, root = fields.Datetime.now(), self.env.ref("base.user_root")
        late = self.search([("state", "=", "held"), ("decide_by", "<=", now)])
        for referral in late:
            referral._decide(referral.campaign_id.undecided, ("held",), root)
        since = now - timedelta(days=_YOUNG_DAYS)
        young = self.search([("state", "in", STANDING), ("bound_at", ">=", since)])
        young._judge_again()

    def _look_again(self):
        """Have every purchase measured again that this recommendation is about."""
        uses = self.env["b2b2c.referral.use"].sudo()
        uses.search([("referral_id", "in", self.ids)])._record_events()
