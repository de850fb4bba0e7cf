from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine import referral_code
from ...engine.typed_text import get_quoted
from ..people.authority import decides
from .referral_words import word

#: What is too much within an hour: wrong codes of one asker, and at one company.
MISSES = 30
MISSES_OF_COMPANY = 2000
_METHOD_ONLY = {"code", "key", "uses", "state", "member_id", "campaign_id"}


class Found(NamedTuple):
    """Whose code it is, or why it cannot be used.

    :ivar link: ``b2b2c.referral.link`` of the superuser, empty unless it can be used
    :ivar problem: see ``referral_words.PROBLEMS``; empty when there is a link
    :ivar message: the problem as a sentence for people
    """

    link: models.BaseModel
    problem: str
    message: str


class B2b2cReferralLink(models.Model):
    """With what a participant recommends: a code, and the link and QR code with it.

    Whoever reads a code somewhere asks :meth:`_find`, and before it is used for a known
    customer :meth:`_get_problem`.  What it leads to is told by ``_touch`` of
    ``b2b2c.referral.touch`` (somebody opened it) and by ``_note`` of
    ``b2b2c.referral.use`` (somebody bought with it); who then is whose is for
    ``b2b2c.referral`` to say.
    """

    _name = "b2b2c.referral.link"
    _description = "Code to Recommend With"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "code"

    member_id = fields.Many2one(
        "b2b2c.member",
        string="Recommender",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('state', '=', 'enrolled')]",
    )
    campaign_id = fields.Many2one(
        "b2b2c.referral.campaign", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    code = fields.Char(
        copy=False,
        required=True,
        help="Empty when it is created: one is drawn.",
    )
    key = fields.Char(
        compute="_compute_key",
        store=True,
        copy=False,
        help="What the spellings of the code have in common.",
    )
    shown_name = fields.Char(
        help="What the person is called on the page that the link opens.",
    )
    state = fields.Selection(
        [("active", "Active"), ("paused", "Paused"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="active",
        copy=False,
        tracking=True,
        string="Status",
    )
    valid_until = fields.Date(string="Last Day", tracking=True, help="Empty: no end.")
    max_uses = fields.Integer(
        string="At Most", help="So many purchases; 0: as the campaign says."
    )
    uses = fields.Integer(readonly=True, copy=False, default=0, required=True)
    terms_id = fields.Many2one(
        "b2b2c.referral.terms",
        string="Agreed To",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    agreed_at = fields.Datetime(string="Agreed On", readonly=True, copy=False)
    url = fields.Char(string="Link", compute="_compute_url")

    _key_once = models.UniqueIndex("(key)", "This code belongs to somebody already.")
    _member_once = models.UniqueIndex(
        "(member_id, campaign_id) WHERE state IN ('active', 'paused')",
        "This participant has a code in this campaign already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("code")
    def _compute_key(self):
        for link in self:
            link.key = referral_code.get_key(link.code or "")

    @api.depends("code")
    def _compute_url(self):
        for link in self:
            link.url = link.company_id._get_rewards_url("recommended", code=link.code)

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        for link in self:
            if not referral_code.read(link.code).key:
                raise ValidationError(
                    self.env._(
                        "A code has 4 to 24 letters and digits: “%s” has not.",
                        link.code,
                    )
                )
            if not link._is_code_free():
                raise ValidationError(
                    self.env._("“%s” is a code of something else.", link.code)
                )

    @api.constrains("member_id", "campaign_id")
    def _check_member(self):
        for link in self:
            if not link.sudo().campaign_id._may_recommend(link.sudo().member_id):
                raise ValidationError(
                    self.env._(
                        "%(member)s cannot recommend in “%(campaign)s”: not enrolled "
                        "there, or in another role.",
                        member=link.member_id.display_name,
                        campaign=link.campaign_id.name,
                    )
                )

    @api.constrains("shown_name", "max_uses")
    def _check_shown(self):
        for link in self:
            if link.shown_name and link.shown_name != get_quoted(link.shown_name):
                raise ValidationError(
                    self.env._("A name is short and has no links in it.")
                )
            if link.max_uses < 0:
                raise ValidationError(self.env._("A number of uses is not below 0."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Draw codes, and note that these people recommend."""
        members = self.env["b2b2c.member"]
        for vals in vals_list:
            member = members.browse(vals.get("member_id")).sudo()
            first = (member.name or "").split()[:1]
            vals["code"] = (vals.get("code") or "").strip().upper()
            vals["code"] = vals["code"] or referral_code.new_code(member.name)
            vals.setdefault("shown_name", get_quoted(*first) if first else "")
        links = super().create(vals_list)
        links._check_giver()
        people = links.sudo().member_id.partner_id
        self.env["b2b2c.referral.person"].sudo()._appear(people)
        return links

    def write(self, vals):
        self.check_access("write")
        if not self.env.su and _METHOD_ONLY & vals.keys():
            raise UserError(self.env._("Revoke the code and create another one."))
        self._check_giver()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        uses = self.env["b2b2c.referral.use"].sudo()
        if uses.search_count([("link_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("People bought with this code. Revoke it instead.")
            )

    def _check_giver(self):
        """Refuse officers who give codes to themselves."""
        if not self.env.su:
            self.env["b2b2c.authority"]._check(
                self.env.user, members=self.sudo().member_id
            )

    # === ACTION METHODS === #

    @decides("member_id")
    def action_pause(self):
        """Let nobody use these codes for now."""
        return self._set_state("paused", ("active",))

    @decides("member_id")
    def action_resume(self):
        """Let people use these codes again."""
        return self._set_state("active", ("paused",))

    @decides("member_id")
    def action_revoke(self):
        """Let nobody use these codes any more; what they brought stays."""
        return self._set_state("revoked", ("active", "paused"))

    def _set_state(self, state, allowed):
        self.check_access("write")
        for link in self.sudo():
            if link.state != state and link.state not in allowed:
                raise UserError(self.env._("“%s” was revoked for good.", link.code))
            link.state = state
        # who gives a new code in its place inserts before Odoo would write
        self.sudo().flush_recordset(["state"])
        return True

    # === FINDING: what every place calls where a code is typed, scanned or opened === #

    @api.model
    def _find(self, text, company, asker=""):
        """Return the link of a code that can be used now.

        Wrong codes are counted: an asker with too many gets no answer for an hour, not
        even to a right one.

        :param text: as typed, scanned or opened, a whole address too: anything
        :param company: ``res.company`` that sells
        :param str asker: who asks, as a scope of ``b2b2c.hour.count``, for instance
            ``"terminal:7"`` or ``"net:192.0.2.7"``; empty: somebody of the office,
            whose errors are not counted
        :return: :class:`Found`
        """
        typed = referral_code.read(text)
        if not typed.key:
            return self._get_nothing("no_code")
        if asker and self._is_too_often(company, asker):
            return self._get_nothing("too_often")
        link = self._search_key(typed.key, company)
        if not link:
            if asker:
                self._count_miss(company, asker)
            return self._get_nothing("unknown" if typed.is_whole else "mistyped")
        problem = link._get_state_problem()
        return self._get_nothing(problem) if problem else Found(link, "", "")

    def _get_nothing(self, problem):
        """Return that nothing was found."""
        return Found(self.sudo().browse(), problem, word(self.env, problem))

    def _search_key(self, key, company):
        """Return the link of a key, if a sale of the company can count for it (sudo).

        Every code is looked for alike: nothing shows how far a wrong one came.
        """
        counting = self.env["b2b2c.referral.campaign"]._get_ids_counting(company.id)
        link = self.sudo().search([("key", "=", key)], limit=1)
        return link if link.campaign_id.id in counting else link.browse()

    def _get_state_problem(self):
        """Return why nobody can use this code now, empty when everybody can."""
        self.ensure_one()
        campaign, member = self.campaign_id, self.member_id._get_survivor()
        if (
            self.state == "revoked"
            or (self.valid_until and self.valid_until < campaign._get_today())
            or not campaign._is_open()
        ):
            return "ended"
        if self.state == "paused" or not campaign._may_recommend(member):
            return "not_now"
        limit = self._get_max_uses()
        return "used_up" if 0 < limit <= self.uses else ""

    def _get_max_uses(self):
        """Return how often the code can be used, 0 without a limit."""
        self.ensure_one()
        return self.max_uses or self.campaign_id.max_uses

    def _get_problem(self, partner):
        """Return why a customer cannot use this code, empty when he can.

        What is asked here is what the customer may know.  Whether the recommender is
        credited is judged with the purchase, and may take a person.

        :param partner: ``res.partner`` who buys, or wants to
        :return: a key of ``referral_words.PROBLEMS``; its sentence is
            ``referral_words.word(env, problem)``
        """
        self.ensure_one()
        problem = self._get_state_problem()
        if problem or not partner:
            return problem
        referrals = self.env["b2b2c.referral"].sudo()
        buyer = partner.sudo().commercial_partner_id
        if referrals._is_self(self.member_id._get_survivor(), partner.sudo()):
            return "own"
        uses = self.env["b2b2c.referral.use"].sudo()
        limit = self.campaign_id.max_per_buyer
        if limit and len(uses._get_numbers(self, buyer)) >= limit:
            return "used_before"
        if self.campaign_id.new_only and not referrals._is_new(self.campaign_id, buyer):
            return "not_new"
        return ""

    def _is_word_of_owner(self):
        """Tell whether who acts now is the recommender: a salesperson, a cashier.

        Who buys for himself, in the web shop, is no clerk: whether he is the
        recommender is judged with reasons, as a family may share a phone.
        """
        self.ensure_one()
        if not self.env.user._is_internal():
            return False
        authority = self.env["b2b2c.authority"]
        return authority._is_self(self.env.user, members=self.sudo().member_id)

    # === TERMS === #

    def _get_terms(self):
        """Return the terms that the recommender has to agree to, empty when there are
        none or he did (sudo)."""
        self.ensure_one()
        current = self.env["b2b2c.referral.terms"]._get_newest(self.company_id.id)
        return current if current != self.terms_id else current.browse()

    def _has_agreed(self):
        """Tell whether the recommender agreed to all there is to agree to."""
        return not self._get_terms()

    def _agree(self, terms):
        """Note that the recommender agreed: called for the person himself only.

        :param terms: ``b2b2c.referral.terms`` that he read
        :return: whether these are the terms of today; else he has to read them first
        """
        self.ensure_one()
        current = self.env["b2b2c.referral.terms"]._get_newest(self.company_id.id)
        if not terms or terms != current:
            return False
        self.sudo().write({"terms_id": terms.id, "agreed_at": fields.Datetime.now()})
        return True

    # === LIMITS === #

    def _is_too_often(self, company, asker):
        """Tell whether so many wrong codes came that nobody is answered."""
        limits = self._get_limits(asker)
        counted = self.env["b2b2c.hour.count"].sudo()._get(company, *limits)
        return any(counted[scope] >= limit for scope, limit in limits.items())

    def _count_miss(self, company, asker):
        """Count a wrong code, whatever becomes of this transaction."""
        limits = self._get_limits(asker)
        self.env["b2b2c.hour.count"].sudo()._count_apart(company, limits)

    @api.model
    def _get_limits(self, asker):
        """Return scope of ``b2b2c.hour.count`` -> how much is too much."""
        return {f"referral/{asker}": MISSES, "referral": MISSES_OF_COMPANY}

    def _take_use(self):
        """Count one more use, unless the code was used as often as it can be.

        A code without a limit has no row that everybody writes: its uses are counted
        by those who look.

        :return: whether it may be used once more
        """
        self.ensure_one()
        limit = self._get_max_uses()
        if not limit:
            return True
        self.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                "UPDATE b2b2c_referral_link SET uses = uses + 1 "
                "WHERE id = %s AND uses < %s RETURNING id",
                self.id,
                limit,
            )
        )
        self.invalidate_recordset(["uses"])
        return bool(taken)

    def _give_use_back(self):
        """Let the code be used once more: what it was used for came to nothing."""
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_referral_link SET uses = uses - 1 "
                "WHERE id = %s AND uses > 0 RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["uses"])

    # === GIVING === #

    @api.model
    def _ensure(self, member, campaign):
        """Return the link with which a participant recommends, a new one if need be.

        :param member: ``b2b2c.member``, who may recommend in the campaign
        :param campaign: ``b2b2c.referral.campaign``
        :return: ``b2b2c.referral.link`` of the superuser, empty when the participant
            may not
        """
        links, member = self.sudo(), member.sudo()._get_survivor()
        if not campaign.sudo()._may_recommend(member):
            return links
        domain = [
            ("member_id", "in", (member | member.merged_from_ids).ids),
            ("campaign_id", "=", campaign.id),
            ("state", "in", ("active", "paused")),
        ]
        return links.search(domain, limit=1) or links.create(
            {"member_id": member.id, "campaign_id": campaign.id}
        )

    def _is_code_free(self):
        """Hook: tell whether nothing but links has a code like this one.

        An add-on that has codes of its own, as those of coupons, extends it.
        """
        self.ensure_one()
        return True
