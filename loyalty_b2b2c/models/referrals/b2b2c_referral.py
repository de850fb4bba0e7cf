from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import DEEPEST
from ...exceptions import LedgerIsAppendOnly
from ..base.rows import insert_rows
from .b2b2c_referral_touch import CHANNELS
from .referral_signs import judge
from .referral_words import word_sign

#: While a referral is in one of these, nobody else can have brought the customer.
STANDING = ("held", "active")


class B2b2cReferral(models.Model):
    """Who brought whom: a customer, the participant who recommended us, since when.

    It is made by :meth:`_bind` with the first purchase (or when somebody joins), and is
    what recommenders of several levels earn by: who brought the customer, who brought
    that one, and so on, see :meth:`_get_line`.  One that is *held* waits for a person
    or a day and gives nothing meanwhile; a refused one says why.
    """

    _name = "b2b2c.referral"
    _description = "Recommendation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    referrer_id = fields.Many2one(
        "b2b2c.member",
        string="Brought By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    link_id = fields.Many2one(
        "b2b2c.referral.link",
        string="Code",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    campaign_id = fields.Many2one(
        "b2b2c.referral.campaign",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    is_single = fields.Boolean(
        string="One Purchase Only",
        readonly=True,
        help="A code that was named with a purchase of somebody's customer: it counts "
        "for that purchase, and the customer stays whose it is.",
    )
    bound_at = fields.Datetime(string="Since", required=True, readonly=True)
    until = fields.Datetime(
        readonly=True, help="Purchases from then on do not count. Empty: no end."
    )
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", readonly=True, string="Document ID"
    )
    state = fields.Selection(
        [
            ("held", "To Look At"),
            ("active", "Counts"),
            ("refused", "Refused"),
            ("ended", "Ended"),
        ],
        required=True,
        readonly=True,
        default="active",
        index=True,
        tracking=True,
        string="Status",
    )
    ended_at = fields.Datetime(readonly=True)

    # Why it counts, or not
    signs = fields.Json(readonly=True)
    score = fields.Integer(
        readonly=True, help="Sum of what is unusual: see the signs, each with its part."
    )
    signs_text = fields.Text(compute="_compute_signs_text", string="Unusual")
    decide_by = fields.Datetime(
        readonly=True, help="What nobody decided on by then is decided by the campaign."
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)

    # the desk of the day counts them
    _on_desk = models.Index("(bound_at) WHERE state = 'held'")
    _standing_once = models.UniqueIndex(
        "(company_id, partner_id) "
        "WHERE state IN ('held', 'active') AND is_single IS NOT TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("signs")
    @api.depends_context("lang")
    def _compute_signs_text(self):
        for referral in self:
            referral.signs_text = "\n".join(referral._word_signs())

    def _word_signs(self):
        """Return what is unusual, in sentences in the reader's language."""
        self.ensure_one()
        return [word_sign(self.env, sign) for sign in self.signs or ()]

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients handle the activities only; states change by the buttons."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise LedgerIsAppendOnly(
                self.env._("Use the buttons to decide on a recommendation.")
            )
        return super().write(vals)

    # === BINDING === #

    @api.model
    def _bind(self, link, partner, channel, *, at=None, document=None, is_single=False):
        """Remember that a recommender brought a customer, unless somebody did before.

        :param link: ``b2b2c.referral.link``
        :param partner: ``res.partner``: the customer, a person or a company; of a
            contact it is the company
        :param str channel: see ``b2b2c.referral.touch``
        :param at: naive UTC, now by default
        :param document: the purchase; ``None`` when somebody joins
        :param bool is_single: for this purchase only
        :return: ``b2b2c.referral`` (sudo): the one that stands, which may be of another
            recommender, or a new one; held or refused ones say so in ``state``
        :raise psycopg2.errors.SerializationFailure: another transaction bound the
            customer meanwhile (Odoo retries)
        """
        referrals, at = self.sudo(), at or fields.Datetime.now()
        link, customer = link.sudo(), partner.sudo().commercial_partner_id
        standing = referrals._find_standing(link.company_id, customer)
        if standing and not is_single:
            return standing
        found = judge(
            referrals.env, link, partner.sudo(), document, is_single=is_single, at=at
        )
        if found.state in STANDING and not is_single:
            self.env["b2b2c.referral.person"].sudo()._appear(customer)
        rows = insert_rows(
            referrals,
            [
                {
                    "partner_id": customer.id,
                    "referrer_id": link.member_id.id,
                    "link_id": link.id,
                    "campaign_id": link.campaign_id.id,
                    "company_id": link.company_id.id,
                    "channel": channel,
                    "is_single": is_single,
                    "bound_at": at,
                    "until": self._get_until(link.campaign_id, at),
                    "document_model": document._name if document else None,
                    "document_id": document.id if document else None,
                    **referrals._prepare_signs(found, link.campaign_id),
                }
            ],
        )
        referral = referrals.browse(rows)
        referral._ask_to_decide()
        return referral or referrals._find_standing(link.company_id, customer)

    def _get_until(self, campaign, at):
        """Return until when purchases count, ``None`` without an end (naive UTC)."""
        if campaign.counts_for == "months":
            return at + relativedelta(months=campaign.months)
        return None

    @api.model
    def _find_standing(self, companies, customer):
        """Return the recommendation by which somebody is a customer, if there is one.

        :param companies: ``res.company`` whose campaigns count
        :param customer: ``res.partner``: a person, or a company itself
        """
        return self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "=", customer.id),
                ("state", "in", STANDING),
                ("is_single", "=", False),
            ],
            limit=1,
        )

    # === WHAT COUNTS === #

    def _covers(self, document, at):
        """Tell whether a purchase of the customer counts for the recommendation, and if
        it is the first one, remember it.

        :param document: the purchase
        :param at: naive UTC, when it happened
        """
        self.ensure_one()
        covers = self._would_cover(document, at)
        if covers and not self.document_id:
            self._set_first(document)
        elif covers and self._counts_once() and self._get_document() != document:
            self._set_first(document)
        return covers

    def _would_cover(self, document, at):
        """Tell whether a purchase would count; nothing is written."""
        self.ensure_one()
        if self.state not in STANDING or not self.bound_at <= at:
            return False
        if self._counts_once():
            # another one counts when the one before was cancelled, or there was none
            first = self._get_document()
            return first == document or not (first or self.is_single)
        return not self.until or at < self.until

    def _counts_once(self):
        """Tell whether the recommender earns from one purchase only."""
        return self.is_single or self.campaign_id.counts_for == "first"

    def _set_first(self, document):
        """Write down by which purchase the customer was brought."""
        self.env.execute_query(
            SQL(
                """UPDATE b2b2c_referral SET document_model = %s, document_id = %s
                    WHERE id = %s RETURNING id""",
                document._name,
                document.id,
                self.id,
            )
        )
        self.invalidate_recordset()

    def _get_document(self):
        """Return the purchase by which the customer was brought, empty when there is
        none, or it was cancelled."""
        self.ensure_one()
        if not self.document_model or self.document_model not in self.env:
            return self.env["res.partner"]
        source = self.env["b2b2c.source"].sudo()._for_model(self.document_model)
        domain = source._get_purchases_domain(
            self.campaign_id.program_id._get_counted_companies(), self.partner_id
        )
        return (
            self.env[self.document_model]
            .sudo()
            .search(domain & Domain("id", "=", self.document_id))
        )

    @api.model
    def _get_line(self, referral, at):
        """Return the recommenders of a customer as they were at a moment.

        Who brought the customer, who had brought that one by then, and so on.  What is
        held or refused by now ends the line: nobody is credited over it.

        :param referral: ``b2b2c.referral``, by which the customer came
        :param at: naive UTC
        :return: list of ``b2b2c.member``, the nearest first, at most ``DEEPEST``
        """
        line = []
        while referral._counts_at(at) and len(line) < DEEPEST:
            member = referral.referrer_id
            if member in line:
                break  # a merge of contacts made one of two in the line
            line.append(member)
            referral = referral.sudo().search(
                [
                    ("company_id", "=", referral.company_id.id),
                    ("partner_id", "=", member._get_survivor().partner_id.id),
                    ("is_single", "=", False),
                    ("bound_at", "<=", at),
                    ("state", "in", ("active", "ended")),
                    "|",
                    ("ended_at", "=", False),
                    ("ended_at", ">", at),
                ],
                limit=1,
            )
        return line

    def _counts_at(self, at):
        """Tell whether somebody is credited for what was bought at a moment."""
        if self.state == "ended":
            return at < self.ended_at
        return self.state == "active"

    # === WHO IT IS === #

    @api.model
    def _is_self(self, member, partner):
        """Tell whether a customer is the participant himself.

        :param member: ``b2b2c.member`` who recommends
        :param partner: ``res.partner`` who buys, with superuser rights
        """
        own = member._get_contacts()
        return bool((own | own.commercial_partner_id) & partner)

    @api.model
    def _is_new(self, campaign, customer, document=None, before=None):
        """Tell whether a customer has not bought before, at no company of the program.

        :param campaign: ``b2b2c.referral.campaign``
        :param customer: ``res.partner``: a person, or a company itself
        :param document: the purchase that is judged; it does not count, nor do
            documents that belong to it
        :param before: naive UTC; what was bought later does not matter
        """
        companies = campaign.sudo().program_id._get_counted_companies()
        source = self.env["b2b2c.source"].sudo()
        people = self._find_alike(customer.sudo())
        return not source._has_bought(companies, people, document, before)

    def _find_alike(self, customer):
        """Return a customer and all other contacts with its phone number or e-mail
        address: a second contact makes nobody new.

        :param customer: ``res.partner`` with superuser rights
        """
        alike = Domain.FALSE
        for name in ("phone_sanitized", "email_normalized"):
            if customer[name]:
                alike |= Domain(name, "=", customer[name])
        partners = customer.with_context(active_test=False)
        return customer | partners.search(alike).commercial_partner_id
