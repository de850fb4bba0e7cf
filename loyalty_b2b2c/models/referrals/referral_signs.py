"""What is known about a recommender and who was brought: is it one person?"""

import re
from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.referral_guard import Brought, GuardLimits, guard
from ...engine.typed_text import get_mailbox

_DAY = timedelta(days=1)


def judge(env, link, partner, document=None, *, is_single=False, at=None, but=None):
    """Return what is unusual about a recommendation, and what comes of it.

    :param env: superuser environment
    :param link: ``b2b2c.referral.link`` of the recommender
    :param partner: ``res.partner`` who bought or joined
    :param document: the purchase, if there is one
    :param is_single: whether it is for that purchase only
    :param at: naive UTC, when it happened
    :param but: ``b2b2c.referral`` that is judged again, and does not count itself
    :return: ``engine.referral_guard.Guarded``
    """
    return _Signs(env, link, partner, document, but).judge(is_single, at)


class _Signs:
    """Looks up the signs of one recommendation.

    The recommender is all contacts that are this person; who was brought is the contact
    that bought, its company, and where the goods go.
    """

    def __init__(self, env, link, partner, document, but):
        self.env = env
        self.link = link
        self.campaign = link.campaign_id
        self.document = document
        self.but = but
        self.member = link.member_id._get_survivor()
        self.authority = env["b2b2c.authority"]
        own = self.member._get_contacts()
        self.own = self.authority._follow_contacts(own)
        self.buyer, self.customer = partner, partner.commercial_partner_id
        self.theirs = self.authority._follow_contacts(partner | self.customer)

    def judge(self, is_single, at):
        """Return what comes of all signs."""
        signs = set(self._find_identity())
        if "same_person" not in signs:
            signs.update(self._find_addresses(), self._find_places())
            signs.update(self._find_employer(), self._find_history(is_single, at))
        signs.update(self._find_papers())
        brought = Brought(frozenset(signs), **self._count(at))
        return guard(brought, self._get_limits())

    # === WHO IT IS === #

    def _find_identity(self):
        """Yield whether it is one person, by whatever contact."""
        if self.own & (self.theirs | self.buyer):
            yield "same_person"
            return
        reach = self.buyer._get_loyalty_reach()
        if any(person._get_loyalty_reach().is_same(reach) for person in self.own):
            yield "same_person"
        if self.document:
            source = self.env["b2b2c.source"]._for_model(self.document._name)
            named = source._get_named_members(self.document)
            named -= source._get_named_sellers(self.document)
            if (named.partner_id | named.contact_id) & self.own:
                yield "own_card"

    def _find_addresses(self):
        """Yield which address is the same: phone, mailbox, or one of before."""
        phones = set(filter(None, self.own.mapped("phone_sanitized")))
        mails = set(map(get_mailbox, filter(None, self.own.mapped("email_normalized"))))
        is_phone = phones & set(self.theirs.mapped("phone_sanitized"))
        their_mails = filter(None, self.theirs.mapped("email_normalized"))
        is_mail = mails & set(map(get_mailbox, their_mails))
        if is_phone:
            yield "same_phone"
        if is_mail:
            yield "same_email"
        known = self.authority._get_addresses(self.own)
        if not (is_phone or is_mail) and known & self.authority._get_addresses(
            self.theirs
        ):
            yield "former_address"

    def _find_places(self):
        """Yield whether home, bank account or device are the same."""
        homes = set(map(get_home, self.own)) - {None}
        places = self.theirs | self.customer.child_ids | self._get_receiver()
        if homes & set(map(get_home, places)):
            yield "same_address"
            if _get_family(self.own) & _get_family(self.buyer):
                yield "household"
        accounts = self.own.bank_ids.mapped("sanitized_acc_number")
        if set(accounts) & set(self.theirs.bank_ids.mapped("sanitized_acc_number")):
            yield "same_bank"
        if self._is_same_device():
            yield "same_device"

    def _get_receiver(self):
        """Return where the goods of the purchase go."""
        if not self.document:
            return self.env["res.partner"]
        source = self.env["b2b2c.source"]._for_model(self.document._name)
        return source._get_parties(self.document).receiver

    def _is_same_device(self):
        """Tell whether both used one browser, as its cookie says."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM b2b2c_referral_touch mine
                  JOIN b2b2c_referral_touch other USING (visitor_hash)
                 WHERE mine.partner_id = ANY(%s) AND other.partner_id = ANY(%s)
                 LIMIT 1
                """,
                self.own.ids,
                self.theirs.ids,
            )
        )
        return bool(rows)

    # === WHERE THE RECOMMENDER BELONGS === #

    def _find_employer(self):
        """Yield whether the recommender brought the own company, or people of it."""
        companies = self._get_companies(self.own)
        if self.customer in companies:
            yield "own_company"
            return
        owner_roles = self.env["b2b2c.role"]._get_role_codes("owns")
        members = self.authority._search_members(
            Domain("partner_id", "in", self.theirs.ids)
            & Domain("employer_id", "in", companies.ids)
        )
        if members.filtered(lambda member: member.role in owner_roles):
            yield "owner"
        elif members.filtered(lambda member: not member._buys_anywhere()):
            yield "colleague"

    def _get_companies(self, people):
        """Return the companies where people work, own or represent something."""
        members = self.authority._search_members(Domain("partner_id", "in", people.ids))
        employers = members.filtered(lambda m: not m._buys_anywhere()).employer_id
        belonging = self.env["res.partner"].browse(
            self.authority._get_companies(people - people.commercial_partner_id)
        )
        return (employers | belonging).filtered("is_company")

    # === WHAT WAS BEFORE === #

    def _find_history(self, is_single, at):
        """Yield whether the customer was there already."""
        people = self.env["b2b2c.referral.person"]
        if not is_single and not people._is_before(
            self.member.partner_id, self.customer
        ):
            yield "appeared_before"
        if self.campaign.new_only and not self.env["b2b2c.referral"]._is_new(
            self.campaign, self.customer, self.document, at
        ):
            yield "not_new"

    def _find_papers(self):
        """Yield what the recommender owes us in papers."""
        if self.campaign.needs_tax_id and not self.member.partner_id.vat:
            yield "no_tax_id"
        if not self.link._has_agreed():
            yield "no_terms"

    # === HOW MUCH === #

    def _count(self, at):
        """Return how many were brought, for the limits that the campaign has."""
        campaign, now = self.campaign, at or self.env.cr.now()
        counts = {}
        for name, limit, since in (
            ("brought_today", campaign.limit_day, now - _DAY),
            ("brought_month", campaign.limit_month, _start(now, day=1)),
            ("brought_year", campaign.limit_year, _start(now, month=1, day=1)),
        ):
            if limit:
                counts[name] = self._count_brought(since)
        if campaign.limit_typed:
            week = [now - 7 * _DAY, self.link.id]
            counts["typed_week"] = self._count_typed(*week)
            counts["opened_week"] = self.env["b2b2c.referral.touch"].search_count(
                [("touched_at", ">=", week[0]), ("link_id", "=", self.link.id)]
            )
        return counts

    def _count_brought(self, since):
        """Return how many others the recommender has brought since a moment."""
        domain = [
            ("referrer_id", "=", self.link.member_id.id),
            ("campaign_id", "=", self.campaign.id),
            ("bound_at", ">=", since),
            ("state", "in", ("held", "active")),
            ("id", "!=", self.but.id if self.but else 0),
        ]
        return self.env["b2b2c.referral"].search_count(domain)

    def _count_typed(self, since, link_id):
        """Return how many purchases with the code are of people who never opened it."""
        [(number,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM b2b2c_referral_use u
                 WHERE u.link_id = %(link)s AND u.how = 'code' AND u.named_at >= %(at)s
                   AND NOT EXISTS (
                       SELECT FROM b2b2c_referral_touch t
                        WHERE t.link_id = u.link_id AND t.partner_id = u.partner_id)
                """,
                link=link_id,
                at=since,
            )
        )
        return number

    def _get_limits(self):
        campaign = self.campaign
        return GuardLimits(
            day=campaign.limit_day,
            month=campaign.limit_month,
            year=campaign.limit_year,
            typed=campaign.limit_typed,
            hold=campaign.hold_score,
            refuse=campaign.refuse_score,
        )


def get_home(partner):
    """Return what two spellings of one postal address have in common.

    ``None`` without a street and a postcode: half an address is many people's.
    """
    street = "".join(re.findall(r"\w+", (partner.street or "").casefold()))
    second = "".join(re.findall(r"\w+", (partner.street2 or "").casefold()))
    postcode = "".join(re.findall(r"\w+", (partner.zip or "").casefold()))
    if not street or not postcode:
        return None
    return postcode, "".join(sorted(street + second))


def _get_family(people):
    """Return the last words of names, as one family has them."""
    names = (re.findall(r"\w{3,}", (one.name or "").casefold()) for one in people)
    return {words[-1] for words in names if len(words) > 1}


def _start(now, **values):
    """Return the begin of the month or year of a moment."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0, **values)
