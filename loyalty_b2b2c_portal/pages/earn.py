from odoo import fields
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .. import addresses
from . import membership, words

#: So many products of a rule are shown with their pictures.
_PRODUCTS = 6
#: So many rules are told to who does not take part yet.
_PREVIEWED = 3


class Earning:
    """The page that says what brings points: rules that can concern this person.

    A rule says itself what it gives: ``b2b2c.earning.rule._get_sentence``.

    :param members: memberships in force, see :func:`membership.submitters`
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def rows(self):
        """Return what the person can earn by, a dict per membership.

        :return: list of dict with ``title`` and ``programs``, whose keys are ``name``,
            ``text`` (markup, may be empty), ``until`` and ``rules``: ``name``,
            ``sentence``, ``products`` and ``more`` (products not shown)
        """
        return [
            {
                "title": membership.title(member),
                "programs": [
                    self._get_program_row(program, rules)
                    for program, rules in self._find(member).items()
                ],
            }
            for member in self.members
        ]

    def get_product(self, product_id):
        """Return a product whose picture is on the page, empty for any other."""
        shown = self.env["product.product"].union(
            *(
                self._get_products(rule)[:_PRODUCTS]
                for member in self.members
                for rules in self._find(member).values()
                for rule in rules
            )
        )
        return shown.filtered(lambda product: product.id == product_id)

    # === RULES === #

    def _find(self, member):
        """Return program -> its rules that can concern a membership, in their order."""
        now = fields.Datetime.now()
        ends = Domain("valid_until", "=", False) | Domain("valid_until", ">", now)
        begins = Domain("valid_from", "=", False) | Domain("valid_from", "<=", now)
        rules = self.env["b2b2c.earning.rule"].search(
            Domain("program_id.company_id", "=", member.company_id.id)
            & Domain("program_id.state", "=", "running")
            & (
                Domain("program_id.date_to", "=", False)
                | Domain("program_id.date_to", ">", now)
            )
            & begins
            & ends
            & (
                Domain("role", "=", member.role)
                | Domain("share_ids.role", "=", member.role)
            ),
        )
        fitting = rules.filtered(lambda rule: self._concerns(rule, member))
        return fitting.sorted(
            lambda rule: (rule.program_id.sequence, rule.sequence, rule.id)
        ).grouped("program_id")

    def _concerns(self, rule, member):
        """Tell whether a rule can give something to a membership."""
        if member.program_ids and rule.program_id not in member.program_ids:
            return False
        shares = rule.share_ids
        if shares and member.role not in shares.mapped("role"):
            return False
        if not rule._has_domain("partner_domain"):
            return True
        domain = self.env["b2b2c.filter"]._read(rule.partner_domain)
        companies = member.employer_id | member.employer_id.commercial_partner_id
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return bool(
            partners.search_count(
                Domain("id", "in", companies.ids) & Domain(domain), limit=1
            )
        )

    def _get_products(self, rule):
        """Return the products a rule names that are still sold, those with a picture
        first."""
        products = rule.product_ids.filtered("active").with_context(bin_size=True)
        return products.sorted(lambda product: (not product.image_128, product.name))

    # === WORDS === #

    def _get_program_row(self, program, rules):
        text = program.description
        return {
            "name": program.name,
            "text": "" if is_html_empty(text) else text,
            "until": self._word_end(program),
            "rules": [self._get_rule_row(rule) for rule in rules],
        }

    def _get_rule_row(self, rule):
        products = self._get_products(rule)
        return {
            "name": rule.name,
            "sentence": rule._get_sentence(),
            "products": [
                {
                    "name": product.name,
                    "image": product.image_128
                    and addresses.path("earn_image", product=product.id),
                }
                for product in products[:_PRODUCTS]
            ],
            "more": max(len(products) - _PRODUCTS, 0),
        }

    def _word_end(self, program):
        """Return until when a program runs, in its own time zone; empty for no end."""
        if not program.date_to:
            return ""
        last = words.last_day(program.date_to, program.timezone)
        return self.env._("Until %s", words.day(self.env, last))


def preview(invitation):
    """Return what somebody would earn who accepts an invitation: a few sentences.

    :param invitation: ``b2b2c.invitation`` (sudo); like a membership it has a company,
        an employer, a role and programs
    """
    found = Earning(invitation)._find(invitation)
    rules = [rule for rules in found.values() for rule in rules]
    return [rule._get_sentence() for rule in rules[:_PREVIEWED]]
