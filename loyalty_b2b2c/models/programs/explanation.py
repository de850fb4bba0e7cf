"""Words for the engine's reasons, in the reader's language.

The ledger stores codes and figures, never sentences: the same entry reads in every
language, and a better wording reaches old entries too.  A package with reasons of its
own adds their words by ``b2b2c.earning.rule._get_reason_words``.
"""

from odoo import fields
from odoo.tools.misc import formatLang

from ...values import shown
from ..base.days import word_day


def to_json(reasons):
    """Return engine reasons as the JSON value stored on an entry."""
    return [{"code": r.code, "params": dict(r.params)} for r in reasons]


def render(env, reasons, codes=None, currency=None):
    """Return one sentence per reason.

    :param reasons: list of ``{"code": …, "params": {…}}``
    :param codes: only reasons with these codes, all of them by default
    :param currency: of amounts; that of the current company by default
    :return: list of str; an unknown code (of a newer version) is shown as it is
    """
    words = env["b2b2c.earning.rule"]._get_reason_words()
    sentences = []
    for reason in reasons or ():
        if codes is not None and reason["code"] not in codes:
            continue
        word = words.get(reason["code"])
        params = Readable(env, reason.get("params") or {}, currency)
        sentences.append(word(env, params) if word else reason["code"])
    return sentences


class Readable(dict):
    """Parameters of a reason, with times and selections made readable."""

    def __init__(self, env, params, currency=None):
        super().__init__(params)
        self.env = env
        self.currency = currency or env.company.currency_id

    def day(self, name):
        """Return an ISO instant as a date in the reader's format and zone."""
        value = self.get(name)
        if not value:
            return ""
        instant = fields.Datetime.to_datetime(value[:19].replace("T", " "))
        local = fields.Datetime.context_timestamp(self.env.user, instant)
        return word_day(self.env, local.date())

    def role(self):
        """Return the worded role."""
        code = self.get("role")
        roles = dict(self.env["b2b2c.role"]._get_role_selection())
        return roles.get(code, code or "")

    def trigger(self):
        """Return the worded trigger."""
        return self._label("b2b2c.earning.rule", "trigger", self.get("trigger"))

    def number(self, name):
        """Return a decimal text as the reader writes numbers, no needless zeros."""
        text = str(self.get(name) or "0")
        _whole, _point, decimals = text.partition(".")
        digits = len(decimals.rstrip("0"))
        return formatLang(self.env, shown(text), digits=digits)

    def money(self, name):
        """Return a decimal text as an amount with its currency, ``""`` for nothing."""
        amount = shown(self.get(name) or "0")
        if not amount:
            return ""
        return formatLang(self.env, amount, currency_obj=self.currency)

    def _label(self, model, field, value):
        options = self.env[model]._fields[field]._description_selection(self.env)
        return dict(options).get(value, value or "")


def _rate(env, p):
    value = p.number("value")
    if p.get("kind") == "percent":
        return env._("Rate: %s%% of the amount.", value)
    if p.get("kind") == "tier":
        return env._("Rate: %s%% of the amount, by the dealer's tier.", value)
    if p.get("kind") == "per_unit":
        return env._("Rate: %s points per unit.", value)
    return env._("Rate: %s points.", value)


def _capped(env, p):
    limits = {
        "document": env._("limit per document"),
        "member": env._("limit per participant"),
        "day": env._("limit per day"),
        "period": env._("limit per period"),
        "budget": env._("program budget"),
        "pool": env._("share of a sale for its recommenders"),
    }
    return env._(
        "Reduced by the %(cap)s of %(limit)s: %(left)s left, %(wanted)s deserved.",
        cap=limits.get(p.get("cap"), p.get("cap")),
        limit=p.number("limit"),
        left=p.number("left"),
        wanted=p.number("wanted"),
    )


def _milestone(env, p):
    if p.get("reached") == 1:
        return env._("For the first sale.")
    return env._("For sale number %s.", p.get("reached"))


def _no_milestone(env, p):
    if p.get("kind") == "only":
        return env._(
            "Only sale number %(number)s is awarded; there are %(sales)s sales now.",
            number=p.get("number"),
            sales=p.get("sales"),
        )
    return env._(
        "Every %(number)s sales are awarded; there are %(sales)s sales now.",
        number=p.get("number"),
        sales=p.get("sales"),
    )


def _other_party(env, p):
    if p.get("party") == "receiver":
        return env._("The rule is for people of the shop that gets the goods.")
    return env._("The rule is for people of the customer who ordered.")


def _other_employer(env, p):
    return env._(
        "This was bought for another company than the one where the person takes part."
    )


def _held(env, p):
    points, day = p.number("pending"), p.day("release_at")
    if p.get("kind") == "days":
        return env._(
            "%(points)s points stay pending until %(day)s.", points=points, day=day
        )
    sentences = {
        "until_paid": env._(
            "%s points stay pending until the invoice is paid.", points
        ),
        "until_delivered_paid": env._(
            "%s points stay pending until the goods are delivered and paid.", points
        ),
        "days_after_delivery": env._(
            "%s points stay pending for some days after the delivery.", points
        ),
    }
    sentence = sentences.get(p.get("kind"), sentences["until_paid"])
    if not p.get("expected_at"):
        return sentence
    expected = env._("Expected on %s.", p.day("expected_at"))
    return f"{sentence} {expected}"


def _lost(env, p):
    kind = p.get("kind")
    figure = p.money("amount") or p.number("amount")
    if p.get("amount") == "0":
        figure = p.number("quantity")
    if kind == "days_after_delivery":
        return env._("Without %s that will never be delivered.", figure)
    if kind == "until_delivered_paid":
        return env._("Without %s that will never be delivered and paid.", figure)
    return env._("Without %s that will never be paid.", figure)


def _all_lost(env, p):
    kind = p.get("kind")
    if kind == "days_after_delivery":
        return env._("Nothing of it will be delivered any more.")
    if kind == "until_delivered_paid":
        return env._("Nothing of it will be delivered and paid any more.")
    return env._("Nothing of it will be paid any more.")


#: Reason code -> function of environment and readable parameters: the sentence.
WORDS = {
    # the path to a figure; the basis is worded where documents are known
    "rate": _rate,
    "lost": _lost,
    "milestone": _milestone,
    "rounded": lambda env, p: env._(
        "Rounded from %(before)s to %(after)s.",
        before=p.number("before"),
        after=p.number("after"),
    ),
    "rounded_together": lambda env, p: env._(
        "%(lines)s lines of the document are rounded together, from %(before)s to "
        "%(after)s; this one has %(part)s.",
        lines=p.get("lines"),
        before=p.number("before"),
        after=p.number("after"),
        part=p.number("part"),
    ),
    "shared": lambda env, p: env._(
        "A share of %(percent)s%%: %(share)s of %(whole)s.",
        percent=p.number("percent"),
        share=p.number("share"),
        whole=p.number("whole"),
    ),
    "split": lambda env, p: env._(
        "Shared between %(members)s participants: %(share)s of %(whole)s.",
        members=p.get("members"),
        share=p.number("share"),
        whole=p.number("whole"),
    ),
    "partly_counted": lambda env, p: env._(
        "%(percent)s%% of the goods: the rest was counted with %(documents)s.",
        percent=p.number("percent"),
        documents=p.get("documents"),
    ),
    "capped": _capped,
    "ended": lambda env, p: env._(
        "The rule had ended: what was added later gives nothing, so %(left)s instead "
        "of %(wanted)s.",
        left=p.number("left"),
        wanted=p.number("wanted"),
    ),
    "held": _held,
    # why not
    "program_draft": lambda env, p: env._("The program has not been started."),
    "program_not_valid": lambda env, p: env._(
        "The document is dated outside the program's dates."
    ),
    "program_closed": lambda env, p: env._(
        "The program was closed on %s.", p.day("closed_at")
    ),
    "rule_not_valid": lambda env, p: env._(
        "The document is dated outside the rule's dates."
    ),
    "added_after_end": lambda env, p: env._(
        "The rule had ended when this was added to the document."
    ),
    "document_kind_not_matching": lambda env, p: env._(
        "The rule is for other kinds of documents."
    ),
    "event_not_matching": lambda env, p: env._("The rule is for other events."),
    "partner_not_matching": lambda env, p: env._(
        "The customer does not match the rule's filter."
    ),
    "no_lines": lambda env, p: env._("The document has no lines that can earn."),
    "typed_beside_order": lambda env, p: env._(
        "The line was typed by hand on an invoice of an order: it counts with the"
        " order."
    ),
    "fee": lambda env, p: env._(
        "Fees such as delivery or a tip count only for rules that name their product."
    ),
    "product_not_matching": lambda env, p: env._("The product is not in the rule."),
    "no_product": lambda env, p: env._(
        "It does not say which product was sold, and the rule asks for one."
    ),
    "already_counted": lambda env, p: env._(
        "The same goods were already counted with %s.", p.get("documents")
    ),
    "no_member": lambda env, p: env._(
        "Nobody is enrolled as %s at this customer.", p.role()
    ),
    "not_the_contact": lambda env, p: env._(
        "The person named on the document is not enrolled as %s.", p.role()
    ),
    "not_the_seller": lambda env, p: env._(
        "The salesperson of the document is not enrolled as %s.", p.role()
    ),
    "not_the_referrer": lambda env, p: env._(
        "Nobody enrolled as %s has brought this customer.", p.role()
    ),
    "other_party": _other_party,
    "other_employer": _other_employer,
    "not_enrolled_yet": lambda env, p: env._(
        "Enrolled on %s, after the document.", p.day("enrolled_at")
    ),
    "other_programs": lambda env, p: env._("Takes part in other programs only."),
    "left": lambda env, p: env._("Left on %s, before the document.", p.day("left_at")),
    "not_yet": lambda env, p: env._("Not reached yet: %s.", p.trigger()),
    "quantity_too_low": lambda env, p: env._(
        "Quantity %(quantity)s is below the minimum of %(limit)s.",
        quantity=p.number("quantity"),
        limit=p.number("limit"),
    ),
    "amount_too_low": lambda env, p: env._(
        "Amount %(amount)s is below the minimum of %(limit)s.",
        amount=p.money("amount") or p.number("amount"),
        limit=p.money("limit"),
    ),
    "amount_too_high": lambda env, p: env._(
        "Amount %(amount)s is not below the maximum of %(limit)s.",
        amount=p.money("amount"),
        limit=p.money("limit"),
    ),
    "below_table": lambda env, p: env._(
        "%s is below the first row of the table.", p.number("measured")
    ),
    "no_points": lambda env, p: env._("The figure rounds to zero."),
    "all_lost": _all_lost,
    "no_milestone": _no_milestone,
    "combined_out": lambda env, p: env._(
        "Rule “%s” of the same program applies instead.", p.get("rule_name")
    ),
    "excluded_by_program": lambda env, p: env._(
        "Program “%s” comes first and excludes this one.", p.get("program_name")
    ),
    "cap_reached": lambda env, p: env._(
        "The limit of %s points is used up.", p.number("limit")
    ),
    "budget_exhausted": lambda env, p: env._("The program's budget is used up."),
}
