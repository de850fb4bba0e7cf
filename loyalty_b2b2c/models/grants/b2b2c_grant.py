import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine import to_decimal
from ..base.rows import insert_rows, update_in_state
from ..base.transactions import in_transaction
from ..programs import explanation

_logger = logging.getLogger(__name__)

#: So many grants are tried before the progress of the scheduled action is noted.
BATCH = 100
#: More pieces than this for one entry are a mistake in a rule: the rest stays points.
MAX_PIECES = 100


class B2b2cGrant(models.Model):
    """Points that are exchanged for a reward by the system itself, once.

    A row is added where the points are booked, in that transaction; after its commit,
    and again every hour, the reward is requested.  Each piece is a request of its own:
    a part of them can be taken back, and one may be used while the others are not.
    """

    _name = "b2b2c.grant"
    _description = "Granted Reward"
    _order = "id desc"
    _rec_name = "reward_id"

    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        required=True,
        readonly=True,
        ondelete="restrict",
        string="Earned With",
    )
    number = fields.Integer(
        required=True, readonly=True, help="Which piece of those the points are for."
    )
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    program_id = fields.Many2one(
        "b2b2c.program", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reward_id = fields.Many2one(
        "b2b2c.reward", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("given", "Given"),
            ("undone", "Taken back"),
            ("kept", "Used before it could be taken back"),
            ("void", "Points needed otherwise"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    problem = fields.Char(readonly=True, string="Why It Waits")
    tried_at = fields.Datetime(readonly=True, string="Last Tried")
    redemption_ids = fields.One2many("b2b2c.redemption", "grant_id", string="Request")
    reason = fields.Char(compute="_compute_reason", string="What For")

    _piece_once = models.UniqueIndex(
        "(entry_id, number)", "This piece was granted already."
    )
    _waiting = models.Index("(id) WHERE state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("entry_id")
    def _compute_reason(self):
        for grant in self:
            grant.reason = grant._get_reason()

    def _get_reason(self):
        """Return what the reward was granted for, in the environment's language."""
        entry = self.sudo().entry_id
        milestone = explanation.render(self.env, entry.explanation, {"milestone"})
        return " ".join(milestone) or entry.reason or entry.rule_id.name or ""

    # === GRANTING: where points are booked === #

    @api.model
    def _add(self, booked):
        """Add what has to be given for entries that were just booked.

        :param booked: list of (``ledger_door.Posting``, entry id)
        """
        rewards = self.env["b2b2c.program"]._get_granted_rewards()
        rows = []
        for posting, entry_id in booked:
            if posting.program_id in rewards and posting.points > 0:
                if posting.entry_type in ("earn", "confirm"):
                    rows += self._get_rows(posting, entry_id)
        if rows:
            insert_rows(self, rows)
            self._give_after_commit()

    def _get_rows(self, posting, entry_id):
        """Return the values of the grants for an entry, one per piece."""
        program = self.env["b2b2c.program"].sudo().browse(posting.program_id)
        reward = program.grant_reward_id
        pieces = int(posting.points // to_decimal(reward.points))
        return [
            {
                "entry_id": entry_id,
                "number": number,
                "account_id": posting.account_id,
                "program_id": program.id,
                "reward_id": reward.id,
                "company_id": program.company_id.id,
                "state": "waiting",
            }
            for number in range(1, min(pieces, MAX_PIECES) + 1)
        ]

    def _give_after_commit(self):
        """Give what this transaction granted right after its commit, once."""
        cr = self.env.cr
        if cr.postcommit.data.get("b2b2c_grant"):
            return
        cr.postcommit.data["b2b2c_grant"] = True
        registry = self.env.registry

        @cr.postcommit.add
        def give():
            try:
                ids = in_transaction(
                    registry, lambda env: env["b2b2c.grant"]._get_untried()
                )
                for grant_id in ids:
                    _give(registry, grant_id)
            except Exception:
                # the points are booked; the scheduled action gives the reward
                _logger.exception("Granted rewards wait for the next hour")

    # === GIVING === #

    @api.model
    def _get_untried(self, before=None):
        """Return the ids of the next grants that wait, oldest first.

        :param before: not those that were tried since then; only new ones by default
        """
        self.flush_model()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM b2b2c_grant
                     WHERE state = 'waiting' AND (tried_at IS NULL OR tried_at < %s)
                  ORDER BY id LIMIT %s
                    """,
                    before or None,
                    BATCH,
                )
            )
        ]

    @api.model
    def _cron_give(self):
        """Try again to give what waits."""
        cron, began = self.env["ir.cron"], fields.Datetime.now()
        while ids := self._get_untried(began):
            for grant_id in ids:
                _give(self.env.registry, grant_id)
            if not cron._commit_progress(len(ids)):
                break

    def _give(self):
        """Request the reward for the participant, unless that was done already.

        What stands in the way is noted, and tried again later.
        """
        self.ensure_one()
        if not self._take():
            return
        member = self.account_id._get_holder().member_id
        grant = self.with_context(lang=member.lang or self.env.lang)
        offer = grant.reward_id._get_offer(member)
        if offer.missing or member.erased_at:
            # a debt needs the points, or the participant spent them otherwise
            self._give_up()
            return
        try:
            request = grant._request(offer)
        except UserError as error:
            self._note_problem(getattr(error, "code", ""), str(error))
            return
        if request.grant_id != self:  # somebody else sent the key of this grant
            self._note_problem("", self.env._("%s is another request.", request.name))
            return
        self.write({"state": "given", "problem": False})
        self.reward_id._forget_alert()

    def action_give(self):
        """Try now to give what waits (officers), as is done every hour.

        :raise UserError: the user is no officer
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may give rewards."))
        self.check_access("read")
        # the program gives it, whoever pressed the button
        for grant in self.with_user(SUPERUSER_ID).sorted("id"):
            grant._give()
        return True

    def _take(self):
        """Make this transaction the one that gives it; of several one succeeds.

        :return: whether it still waits
        """
        return update_in_state(self, ["waiting"], tried_at=fields.Datetime.now())

    def _request(self, offer):
        """Return the request for the reward of this grant.

        What its kind has to know is answered as the form begins.

        :raise UserError: it cannot be had now
        """
        handler = self.reward_id._get_handler()
        return self.env["b2b2c.redemption"]._request(
            offer.member,
            offer.reward,
            request_key=f"grant/{self.entry_id.id}/{self.number}",
            answers={one.name: one.value for one in handler._get_questions(offer)},
            values={"grant_id": self.id, "note": self._get_reason()},
        )

    def _give_up(self):
        """Give nothing: the points are not there any more."""
        self.write({"state": "void", "problem": False})
        self.reward_id._forget_alert()

    def _note_problem(self, code, sentence):
        """Note why the reward could not be given; alert the manager about the reward.

        :param str code: of a ``RedemptionError``
        """
        self.problem = sentence
        if code != "suspended":
            self.reward_id._alert_waiting(sentence)


def _give(registry, grant_id):
    """Give one grant in a transaction of its own; a fault stops no other.

    :param int grant_id: id of a ``b2b2c.grant``
    """
    try:
        in_transaction(
            registry, lambda env: env["b2b2c.grant"].browse(grant_id)._give()
        )
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.info("Granted reward %s waits for the next hour", grant_id)
    except Exception as error:
        _logger.exception("Granted reward %s could not be given", grant_id)
        text = str(error)
        in_transaction(registry, lambda env: _note_fault(env, grant_id, text))


def _note_fault(env, grant_id, text):
    """Note a fault, so that the grant is not the next one to be tried."""
    grant = env["b2b2c.grant"].browse(grant_id)
    if grant._take():
        grant._note_problem("", text)
