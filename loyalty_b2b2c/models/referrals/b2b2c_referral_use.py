from dataclasses import asdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rows import insert_rows
from .b2b2c_referral import STANDING
from .b2b2c_referral_touch import CHANNELS
from .referral_signs import judge


class B2b2cReferralUse(models.Model):
    """By which recommendation a purchase came: one row for each document that has one.

    A place where a code is typed or scanned notes it with the document, :meth:`_note`,
    whether the document is sold already or still a quotation.  When the document is
    processed it is settled what it comes to: a code that was named goes before whose
    customer the buyer is, and that before the last link that was opened.
    """

    _name = "b2b2c.referral.use"
    _description = "Purchase by Recommendation"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "document_model"

    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", required=True, readonly=True, string="Document ID"
    )
    document_name = fields.Char(
        compute="_compute_document_name", compute_sudo=True, string="Document"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    link_id = fields.Many2one(
        "b2b2c.referral.link",
        string="Code",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    how = fields.Selection(
        [
            ("code", "Code named with the purchase"),
            ("customer", "The recommender's customer"),
            ("touch", "Link opened before"),
        ],
        required=True,
        readonly=True,
    )
    referral_id = fields.Many2one(
        "b2b2c.referral",
        string="Recommendation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty while the document is not sold.",
    )
    number = fields.Integer(
        readonly=True, help="How often this customer used the code, with this time."
    )
    named_at = fields.Datetime(required=True, readonly=True)

    _document_once = models.UniqueIndex("(document_model, document_id)")
    _number_once = models.UniqueIndex(
        "(link_id, partner_id, number) WHERE number IS NOT NULL"
    )

    def _compute_document_name(self):
        for use in self:
            document = use._get_document()
            use.document_name = document.display_name if document else ""

    def _get_document(self):
        """Return the document, empty when it is gone."""
        self.ensure_one()
        if self.document_model not in self.env:
            return self.browse()
        return self.env[self.document_model].browse(self.document_id).exists()

    # === NOTING A CODE: what every place calls where something is sold === #

    @api.model
    def _note(self, document, link, channel, partner=None, known=None):
        """Remember the code that was named with a document, in place of another one.

        Ask ``link._get_problem(customer)`` first: what is noted here is believed, but
        for its limits.  A document that was settled keeps what it came to.

        :param document: record of a model that has a source, a quotation too
        :param link: ``b2b2c.referral.link``
        :param str channel: see ``b2b2c.referral.touch``
        :param partner: ``res.partner`` who buys, as soon as it is known
        :param known: what :meth:`_find` returned of the document, if it was asked
        :return: whether it is noted: the code may be used up, by all or by this buyer
        """
        uses, link = self.sudo(), link.sudo()
        buyer = partner.sudo().commercial_partner_id if partner else uses.partner_id
        known = uses._find(document) if known is None else known
        if known.referral_id:
            return known.link_id == link
        if known.link_id == link and known.partner_id == buyer:
            return True
        known._forget()
        limit, used = link.campaign_id.max_per_buyer, uses._get_numbers(link, buyer)
        if limit and len(used) >= limit or not link._take_use():
            return False
        row = uses._prepare(document, link, channel, "code")
        row |= {"partner_id": buyer.id or None}
        row |= {"number": max(used, default=0) + 1 if buyer else None}
        if insert_rows(uses, [row]):
            return True
        link._give_use_back()
        return False

    @api.model
    def _take_back(self, documents):
        """Forget the codes that were named with documents, unless they were settled."""
        self._find(documents).filtered(lambda use: not use.referral_id)._forget()

    @api.model
    def _find(self, documents):
        """Return the rows of documents, of one at most one (sudo).

        :param documents: records of one model; of what is imagined of stored ones, the
            rows of those
        """
        ids = documents._origin.ids
        domain = [("document_model", "=", documents._name), ("document_id", "in", ids)]
        return self.sudo().search(domain)

    def _forget(self):
        """Delete rows of codes, and let the codes be used once more."""
        if not self:
            return
        for use in self:
            use.link_id._give_use_back()
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_referral_use WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        self.invalidate_model()

    def _prepare(self, document, link, channel, how):
        """Return the columns of a row that is not settled yet."""
        return {
            "document_model": document._name,
            "document_id": document.id,
            "company_id": link.company_id.id,
            "link_id": link.id,
            "channel": channel,
            "how": how,
            "named_at": fields.Datetime.now(),
        }

    @api.model
    def _get_numbers(self, link, customer):
        """Return the numbers of the times a customer used a code.

        :param customer: ``res.partner``: a person, or a company itself; possibly empty
        """
        if not customer:
            return []
        domain = [("link_id", "=", link.id), ("partner_id", "=", customer.id)]
        return self.sudo().search([*domain, ("number", "!=", False)]).mapped("number")

    @api.model
    def _forget_numbers(self, partners):
        """Let contacts that become another one have used no code yet: what they bought
        stays, and nobody's numbers are twice."""
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_referral_use SET number = NULL"
                " WHERE partner_id = ANY(%s) RETURNING id",
                partners.ids,
            )
        )
        self.invalidate_model()

    # === WHO IS CREDITED === #

    @api.model
    def _get_line(self, source, document):
        """Return the recommenders of a document, the nearest first.

        What was settled is the answer.  Of a document that is not, a quotation or an
        imagined one, it is what it would come to now; nothing is written.

        :param source: the ``b2b2c.source`` of the document
        :param document: record, stored or imagined
        :return: list of ``b2b2c.member``
        """
        origin = source._get_origin(document)
        if origin:
            return self._get_line(source._for_model(origin._name), origin)
        campaigns = self.env["b2b2c.referral.campaign"]
        if not campaigns._get_ids_counting(document.company_id.id):
            return []
        referral, at = self._get_referral(source, document)
        line = self.env["b2b2c.referral"]._get_line(referral, at)
        return [member._origin for member in line]

    def _get_referral(self, source, document):
        """Return the recommendation by which a document came, or would come now.

        :return: ``(b2b2c.referral, when it happened)``, the first stored, imagined or
            empty, the second naive UTC
        """
        use, at = self._find(document), source._get_attributed_at(document)
        if source._is_hypothetical(document):
            # it happens when it is confirmed: what was opened meanwhile counts
            at = max(at, fields.Datetime.now())
        return use.referral_id or self._imagine(source, document, at), at

    def _imagine(self, source, document, at):
        """Return the recommendation to which a document would come if it were sold now,
        as :meth:`_settle_one` finds it; nothing is written.

        :param at: naive UTC, when it would be sold
        :return: ``b2b2c.referral``, stored or imagined; empty without one
        """
        parties = source._get_parties(document)
        if not parties.buyer:
            return self.env["b2b2c.referral"]
        link = source._get_named_link(document)
        named = self._imagine_named(link, parties, document, at)
        if named.state in STANDING:
            return named
        return self._imagine_other(parties, document, at) or named

    def _imagine_named(self, link, parties, document, at):
        """Return the recommendation that a code would make which was named, see
        :meth:`_bind_named`."""
        referrals, customer = self.env["b2b2c.referral"], parties.buyer_company
        if not link:
            return referrals
        standing = referrals._find_standing(link.company_id, customer)
        if standing and standing.referrer_id == link.member_id:
            return standing if standing._would_cover(document, at) else referrals
        is_single = bool(standing)
        return self._imagine_bound(link, parties.buyer, document, at, is_single)

    def _imagine_other(self, parties, document, at):
        """Return whose customer the buyer is, or would become by a link opened before,
        see :meth:`_find_other`."""
        referrals = self.env["b2b2c.referral"]
        campaigns = self.env["b2b2c.referral.campaign"]._get_counting(
            document.company_id
        )
        standing = referrals._find_standing(campaigns.company_id, parties.buyer_company)
        if standing:
            return standing if standing._would_cover(document, at) else referrals
        touch = self.env["b2b2c.referral.touch"]._get_last(
            campaigns, parties.buyers, at
        )
        if not touch:
            return referrals
        return self._imagine_bound(touch.link_id, parties.buyer, document, at)

    def _imagine_bound(self, link, buyer, document, at, is_single=False):
        """Return the recommendation that a link would make, see ``_bind`` of it."""
        referrals = self.env["b2b2c.referral"].sudo()
        found = judge(
            referrals.env, link, buyer.sudo(), document, is_single=is_single, at=at
        )
        return referrals.new(
            {
                "referrer_id": link.member_id.id,
                "company_id": link.company_id.id,
                "state": found.state,
                "signs": [asdict(sign) for sign in found.signs],
            }
        )

    # === SETTLING: when a document is processed === #

    @api.model
    def _settle(self, source, documents):
        """Find out by which recommendation documents came, if they are sold.

        It is done once: what a document came to stays with it.

        :param source: the ``b2b2c.source`` of the documents
        :param documents: stored records of one model
        """
        uses, campaigns = self.sudo(), self.env["b2b2c.referral.campaign"]
        sold = documents.filtered(
            lambda document: (
                campaigns._get_ids_counting(document.company_id.id)
                and not source._is_hypothetical(document)
                and not source._get_origin(document)
            )
        )
        known = uses._find(sold).grouped("document_id")
        for document in sold:
            use = known.get(document.id, uses.browse())
            if not use.referral_id:
                uses._settle_one(source, document, use)

    def _settle_one(self, source, document, known):
        """Settle one document.

        :param known: its row, if a code was named with it
        """
        parties = source._get_parties(document)
        at = source._get_attributed_at(document)
        if not parties.buyer:
            return
        named = self.env["b2b2c.referral"]
        if known:
            named = self._bind_named(known, parties.buyer, at, document)
            if named.state in STANDING:
                known._close(named, parties.buyer_company)
                return
        referral, how = self._find_other(parties, at, document)
        if not referral:
            # nobody else: the document keeps the code, and why it does not count
            referral, how = named, "code"
        if not referral:
            return
        if not known:
            row = self._prepare(document, referral.link_id, referral.channel, how)
            known = self.browse(insert_rows(self, [row]))
        known._close(referral, parties.buyer_company, how)

    def _bind_named(self, use, buyer, at, document):
        """Return the recommendation that a code makes which was named."""
        referrals, link = self.env["b2b2c.referral"], use.link_id
        customer = buyer.commercial_partner_id
        standing = referrals._find_standing(link.company_id, customer)
        if standing and standing.referrer_id == link.member_id:
            return standing if standing._covers(document, at) else referrals
        judged = referrals.sudo().search(
            [
                ("link_id", "=", link.id),
                ("partner_id", "=", customer.id),
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ],
            limit=1,
        )
        return judged or referrals._bind(
            link,
            buyer,
            use.channel,
            at=at,
            document=document,
            is_single=bool(standing),
        )

    def _find_other(self, parties, at, document):
        """Return whose customer the buyer is, or becomes by a link opened before.

        :return: ``(b2b2c.referral, how)``, the first empty without one
        """
        referrals = self.env["b2b2c.referral"]
        campaigns = self.env["b2b2c.referral.campaign"]._get_counting(
            document.company_id
        )
        standing = referrals._find_standing(campaigns.company_id, parties.buyer_company)
        if standing:
            covers = standing._covers(document, at)
            return (standing if covers else referrals), "customer"
        touch = self.env["b2b2c.referral.touch"]._get_last(
            campaigns, parties.buyers, at
        )
        if not touch:
            return referrals, "touch"
        referral = referrals._bind(
            touch.link_id, parties.buyer, touch.channel, at=at, document=document
        )
        return referral, "touch"

    def _close(self, referral, customer, how="code"):
        """Write down what a document came to."""
        self.ensure_one()
        self.env.execute_query(
            SQL(
                """UPDATE b2b2c_referral_use
                      SET referral_id = %(referral)s, link_id = %(link)s, how = %(how)s,
                          number = CASE WHEN link_id = %(link)s THEN number END,
                          partner_id = %(customer)s
                    WHERE id = %(use)s RETURNING id""",
                referral=referral.id,
                link=referral.link_id.id,
                how=how,
                customer=customer.id,
                use=self.id,
            )
        )
        self.invalidate_recordset()

    def _record_events(self):
        """Have these documents measured again."""
        for model, uses in self.grouped("document_model").items():
            if model in self.env:
                documents = self.env[model].browse(uses.mapped("document_id"))
                self.env["b2b2c.event"]._record(documents.exists())
