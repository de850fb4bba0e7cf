from datetime import timedelta

from odoo import api, fields, models

_TYPE = "loyalty_b2b2c.activity_type_review"
_BATCH = 200


class B2b2cActivitySubmission(models.Model):
    """What happens by itself: reviewers are reminded, prizes that had no budget are
    given, and photos are forgotten."""

    _inherit = "b2b2c.activity.submission"

    @api.model
    def _cron_review(self):
        """Give what is still owed, and tell reviewers how many submissions wait."""
        owed = self.search(
            [
                ("state", "=", "accepted"),
                ("award_id", "=", False),
                ("prize_id", "!=", False),
                ("points", ">", 0),
            ],
            limit=_BATCH,
        )
        owed._award()
        counts = dict(
            self._read_group(
                [("state", "=", "handed_in")], ["challenge_id"], ["__count"]
            )
        )
        reminded = self.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref(_TYPE).id)]
        )
        tasks = self.env["b2b2c.challenge"].browse(reminded.mapped("res_id")).exists()
        for task in tasks.union(*counts):
            task._remind_reviewers(counts.get(task, 0))

    # === FORGETTING === #

    @api.autovacuum
    def _gc_pictures(self):
        """Delete photos and videos some time after the decision."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].search(
            [("b2b2c_activity_keep_days", ">", 0)]
        ):
            before = now - timedelta(days=company.b2b2c_activity_keep_days)
            old = [
                ("company_id", "=", company.id),
                ("state", "in", ("accepted", "refused", "cancelled")),
                ("decided_at", "<", before),
            ]
            shown = ["|", ("photo_ids.image", "!=", False)]
            shown += [("video_ids.attachment_id", "!=", False)]
            self.search([*old, *shown], limit=_BATCH)._forget_pictures()
            # nobody came back to it
            begun = [
                ("company_id", "=", company.id),
                ("state", "in", ("draft", "sent_back")),
                ("round_id.final_from", "<", before),
            ]
            self.search([*begun, *shown], limit=_BATCH)._forget_pictures()

    def _forget_pictures(self):
        """Delete what photos and videos show; the decision stays."""
        self.photo_ids._forget()
        self.video_ids._forget()


class B2b2cChallengeRound(models.Model):
    """A round of photos or video is final when everything was looked at."""

    _inherit = "b2b2c.challenge.round"

    def _has_unconfirmed(self):
        return super()._has_unconfirmed() or self._has_undecided()

    def _has_undecided(self):
        """Tell whether a submission of this round waits for somebody, or was sent back
        and can still be handed in."""
        if self.kind != "activity":
            return False
        submissions = self.env["b2b2c.activity.submission"].sudo()
        waiting = submissions.search(
            [("round_id", "=", self.id), ("state", "in", ("handed_in", "sent_back"))]
        )
        now = fields.Datetime.now()
        return any(
            one.state == "handed_in" or now < one._get_last_moment() for one in waiting
        )

    def _finish(self):
        """Wait for the decisions: until then the budget keeps the prizes."""
        if self.kind == "activity" and self._has_unconfirmed():
            return
        super()._finish()


class B2b2cChallenge(models.Model):
    """One to-do for each reviewer of a task, however many submissions wait."""

    _inherit = "b2b2c.challenge"

    def _remind_reviewers(self, count):
        """Let each reviewer have one to-do with the number that waits; none for none.

        :param int count: submissions that wait
        """
        self.ensure_one()
        users = self.reviewer_ids or self.company_id._get_loyalty_manager()
        todos = self.activity_search([_TYPE])
        if not count:
            todos.unlink()
            return
        (todos.filtered(lambda todo: todo.user_id not in users)).unlink()
        for user in users:
            words = self.with_context(lang=user.lang)
            summary = words.env._("%s submissions wait", count)
            own = todos.exists().filtered(lambda todo, user=user: todo.user_id == user)
            if own:
                own[0].summary = summary
            else:
                words.activity_schedule(_TYPE, summary=summary, user_id=user.id)
