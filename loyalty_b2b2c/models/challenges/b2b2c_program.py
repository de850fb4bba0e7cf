from odoo import api, models


class B2b2cProgram(models.Model):
    """Challenges ask what a document is, beside the rules of programs; a program whose
    points are prizes needs no rule of its own."""

    _inherit = "b2b2c.program"

    def _can_give(self):
        prizes = self.env["b2b2c.challenge.prize"].sudo()
        return super()._can_give() or bool(
            prizes.search_count([("program_id", "=", self.id)], limit=1)
        )

    @api.model
    def _get_questions(self, company_id):
        rules, domains = super()._get_questions(company_id)
        terms = self.env["b2b2c.challenge"]._get_asking_terms(company_id)
        return add_questions(rules, domains, terms) if terms else (rules, domains)


def add_questions(rules, domains, terms):
    """Return what documents are asked, with what challenges want to know.

    :param rules, domains: see ``b2b2c.program._get_questions``
    :param terms: list of :class:`~.score_facts.Terms`
    """
    products = [
        (one.aim.rule.id, one.product_domain) for one in terms if one.product_domain
    ]
    domains = {**domains, "product_domain": (*domains["product_domain"], *products)}
    return [*rules, *(one.aim.rule for one in terms)], domains
