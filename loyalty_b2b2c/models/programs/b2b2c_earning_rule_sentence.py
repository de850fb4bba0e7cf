from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ..base.days import word_day
from ..base.numbers import word_number
from .sentence import part, plain, split

#: So many names are listed; of more the rest is counted.
_NAMES = 3


class B2b2cEarningRule(models.Model):
    """What a rule says, as one sentence: on forms and lists, and for participants.

    Each clause is a method; a package whose fields change what a clause says extends
    it.  Patterns are whole clauses, so that a language can put the words in its own
    order and cases; the goods are worded with their "of".
    """

    _inherit = "b2b2c.earning.rule"

    sentence = fields.Char(string="Rule in Words", compute="_compute_sentence")
    sentence_parts = fields.Json(compute="_compute_sentence")

    @api.model
    def _get_sentence_fields(self):
        """Return the fields that the sentence tells; packages add theirs."""
        return [
            "document_kind_ids",
            "trigger",
            "event_codes",
            "amount_min",
            "amount_max",
            "quantity_min",
            "role",
            "pick",
            "party",
            "share_ids.role",
            "share_ids.pick",
            "share_ids.percent",
            "kind",
            "value",
            "amount_basis",
            "table_basis",
            "step_ids.start",
            "step_ids.kind",
            "step_ids.value",
            "scope",
            "product_ids",
            "category_ids",
            "tag_ids",
            "product_domain",
            "partner_domain",
            "cap_document",
            "cap_member",
            "cap_day",
            "cap_period",
            "cap_period_kind",
            "hold",
            "hold_days",
            "expiry",
            "expiry_count",
            "expiry_period",
            "valid_until",
            "unit_id",
        ]

    @api.depends(lambda self: self._get_sentence_fields())
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = plain(rule._word_sentence())
            rule.sentence_parts = split(rule._word_sentence(with_all=True))

    def _get_sentence(self):
        """Return what this rule gives, to whom and for what, as a sentence.

        It is worded for everybody: participants read the same as who made the rule.

        :return: str in the language of the environment
        """
        self.ensure_one()
        return plain(self.sudo()._word_sentence())

    def _word_sentence(self, with_all=False):
        """Return the sentence with its parts marked, see :mod:`.sentence`.

        :param bool with_all: also what there is not, so that a form can offer it
        """
        self.ensure_one()
        who, number = self._word_who()
        clauses = {
            "when": part("when", self._word_when()),
            "who": part("who", who),
            "award": part("award", self._word_award(part("goods", self._word_goods()))),
            "usable": part("usable", self._word_usable()),
            "lapse": part("lapse", self._word_lapse()),
        }
        sentences = [self._join_clauses(number, clauses)]
        limits = self._word_limits()
        if limits:
            words = format_list(self.env, limits)
            sentences.append(part("limits", self.env._("At most %s.", words)))
        elif with_all:
            sentences.append(part("limits", self.env._("Without limits.")))
        if self.valid_until:
            # what is dated from that moment on is not for the rule any more
            last = self._get_day(self.valid_until - timedelta(seconds=1))
            day = word_day(self.env, last)
            sentences.append(part("until", self.env._("Until %s.", day)))
        elif with_all:
            sentences.append(part("until", self.env._("Until further notice.")))
        return " ".join(sentences)

    def _join_clauses(self, number, clauses):
        """Return the clauses as a sentence.

        :param str number: whether ``"one"`` gets the award, ``"many"`` get it, or those
            who ``"share"`` it
        """
        if number == "share":
            return self.env._(
                "When %(when)s, %(who)s share %(award)s, %(usable)s; %(lapse)s.",
                **clauses,
            )
        if number == "many":
            return self.env._(
                "When %(when)s, %(who)s get %(award)s, %(usable)s; %(lapse)s.",
                **clauses,
            )
        return self.env._(
            "When %(when)s, %(who)s gets %(award)s, %(usable)s; %(lapse)s.", **clauses
        )

    # === WHEN === #

    def _get_kinds_words(self):
        """Return the words of the rule's kinds of documents, in their order."""
        return [kind._get_words() for kind in self.document_kind_ids.sorted("sequence")]

    def _word_when(self):
        """Return what has to happen, as a clause that follows "when"."""
        clauses = []
        for words in self._get_kinds_words():
            clause = self._word_moment(words)
            if clause and clause not in clauses:
                clauses.append(clause)
        if not clauses:
            return self.env._("… (which document?)")
        clause = format_list(self.env, clauses, "or")
        conditions = self._word_conditions()
        if conditions:
            clause = f"{clause} ({', '.join(conditions)})"
        return clause

    def _word_moment(self, words):
        """Return what happens to a kind of document at the moment that is measured.

        :return: ``""`` when documents of this kind never come so far
        """
        clause = words.when.get(self.trigger, "")
        return clause if isinstance(clause, str) else self.env._(clause)

    def _word_conditions(self):
        """Return what a document has to be, each in a few words."""
        conditions = []
        if self.event_codes:
            conditions.append(self.env._("only: %s", self.event_codes))
        if self.amount_min:
            amount = self._word_money(self.amount_min)
            conditions.append(self.env._("from %s", amount))
        if self.amount_max:
            amount = self._word_money(self.amount_max)
            conditions.append(self.env._("below %s", amount))
        if self.quantity_min:
            pieces = self._word_number(self.quantity_min)
            conditions.append(self.env._("from %s pieces", pieces))
        if self._has_domain("partner_domain"):
            conditions.append(self.env._("of certain customers"))
        return conditions

    # === WHO === #

    def _word_who(self):
        """Return who gets the award, and whether it is ``"one"``, ``"many"``, or
        several who ``"share"`` it."""
        if not self.share_ids:
            return self._word_pick(self.role, self.pick)
        shares = [
            self.env._(
                "%(who)s (%(percent)s%%)",
                who=self._word_pick(share.role, share.pick)[0],
                percent=self._word_number(share.percent),
            )
            for share in self.share_ids
        ]
        return format_list(self.env, shares), "share"

    def _word_pick(self, role, pick):
        """Return which people of a role are meant, and whether that is ``"one"`` or
        ``"many"``."""
        if pick in ("each", "split"):
            who = self._word_party(self._word_role(role, everyone=True))
            if pick == "each":
                return self.env._("%s (each in full)", who), "many"
            return self.env._("%s (in equal parts)", who), "many"
        who, giver = self._word_role(role), self._word_giver()
        if pick == "seller":
            if giver:
                return f"{who} {giver}", "one"
            return self.env._("%s named as who sold", who), "one"
        who = self._word_party(who)
        named = (
            f"{who} {giver}" if giver else self.env._("%s named on the document", who)
        )
        if pick == "contact_or_first":
            named = self.env._("%s (or else who enrolled first)", named)
        return named, "one"

    def _word_giver(self):
        """Return how the person on the rule's documents is called, ``""`` if they are
        of several kinds."""
        givers = [words.giver for words in self._get_kinds_words()]
        if not givers or not all(givers):
            return ""
        said = {self.env._(giver) for giver in givers}
        return said.pop() if len(said) == 1 else self.env._("who handed it in")

    def _word_party(self, who):
        """Return people with whose they are, where a document can have two parties."""
        can_differ = any(words.has_parties for words in self._get_kinds_words())
        if can_differ and self.party == "receiver":
            return self.env._("%s where the goods go", who)
        return who

    # === HOW MUCH, OF WHAT === #

    def _word_award(self, goods):
        """Return what is given, as the object of "gets".

        :param str goods: what the rule is for, see :meth:`_word_goods`
        """
        points = f"{self._word_number(self.value)} {self.symbol or ''}".strip()
        if self.kind == "percent":
            return self._word_percent(goods)
        if self.kind == "per_unit":
            return self.env._(
                "%(points)s per piece %(goods)s", points=points, goods=goods
            )
        if self.kind == "tier":
            return self.env._("the bonus of the dealer's tier for a purchase %s", goods)
        if self.kind == "table":
            return self._word_table(goods)
        if self._is_without_goods():
            return points
        if self.scope == "line":
            return self.env._(
                "%(points)s for each line %(goods)s", points=points, goods=goods
            )
        return self.env._(
            "%(points)s for any quantity %(goods)s", points=points, goods=goods
        )

    def _word_percent(self, goods):
        """Return a percentage of what goods cost."""
        percent = self._word_number(self.value)
        if self.amount_basis == "total":
            return self.env._(
                "%(percent)s%% of the price with tax %(goods)s",
                percent=percent,
                goods=goods,
            )
        return self.env._(
            "%(percent)s%% of the price %(goods)s", percent=percent, goods=goods
        )

    def _word_table(self, goods):
        """Return a table in words, each row from where it begins."""
        rows = []
        for step in self.step_ids.sorted("start"):
            start = (
                self._word_money(step.start)
                if self.table_basis == "amount"
                else self._word_number(step.start)
            )
            rows.append(
                self.env._(
                    "from %(start)s: %(award)s",
                    start=start,
                    award=self._word_step(step),
                )
            )
        return self.env._(
            "by a table (%(rows)s) for a purchase %(goods)s",
            rows="; ".join(rows),
            goods=goods,
        )

    def _word_step(self, step):
        """Return what a row of the table gives."""
        value = self._word_number(step.value)
        if step.kind == "percent":
            return f"{value}%"
        if step.kind == "per_unit":
            return self.env._(
                "%(value)s %(symbol)s per piece", value=value, symbol=self.symbol or ""
            )
        return f"{value} {self.symbol or ''}".strip()

    def _is_without_goods(self):
        """Tell whether the rule is for documents that are about no goods, and names no
        product."""
        words = self._get_kinds_words()
        return (
            bool(words)
            and not any(one.shows_goods for one in words)
            and not self._word_products()
        )

    def _word_goods(self):
        """Return what the rule is for: "of any product"."""
        conditions = self._word_products()
        if not conditions:
            return self.env._("of any product")
        return format_list(self.env, conditions)

    def _word_products(self):
        """Return each condition on products in words: "of the category …"."""
        conditions = []
        if self.product_ids:
            products = self.product_ids.with_context(display_default_code=False)
            names = self._word_names(products)
            conditions.append(self.env._("of %s", names))
        if self.category_ids:
            names = self._word_names(self.category_ids, "name")
            conditions.append(self.env._("of the category %s", names))
        if self.tag_ids:
            names = self._word_names(self.tag_ids)
            conditions.append(self.env._("of products with the tag %s", names))
        if self._has_domain("product_domain"):
            conditions.append(self.env._("of certain products"))
        return conditions

    def _word_names(self, records, name="display_name"):
        """Return records by their names, the first ones of many."""
        names = [
            self.env._("“%(name)s”", name=record[name]) for record in records[:_NAMES]
        ]
        more = len(records) - len(names)
        if more:
            names.append(self.env._("%s more", more))
        return format_list(self.env, names, "or")

    # === ITS POINTS === #

    def _is_proven_at_once(self):
        """Tell whether a document of this rule has come as far as it can when it
        comes: there is no payment or delivery to wait for."""
        words = self._get_kinds_words()
        return bool(words) and all(len(one.moments) == 1 for one in words)

    def _word_usable(self):
        """Return when the points can be spent."""
        if self.hold == "days":
            return self.env._("usable after %s days", self.hold_days)
        if self.hold == "none" or self._is_proven_at_once():
            return self.env._("usable at once")
        if self.hold == "until_paid":
            return self.env._("usable when it is paid")
        if self.hold == "until_delivered_paid":
            return self.env._("usable when it is delivered and paid")
        return self.env._("usable %s days after the delivery", self.hold_days)

    def _word_lapse(self):
        """Return when the points lapse."""
        if self.expiry == "none":
            return self.env._("they never lapse")
        if self.expiry == "months":
            return self.env._("they lapse after %s months", self.expiry_count)
        ends = {
            "month": self.env._("they lapse at the end of a month"),
            "quarter": self.env._("they lapse at the end of a quarter"),
            "year": self.env._("they lapse at the end of a year"),
        }
        if not self.expiry_count:
            return ends[self.expiry_period]
        return self.env._(
            "%(lapse)s, %(months)s months later at the earliest",
            lapse=ends[self.expiry_period],
            months=self.expiry_count,
        )

    def _word_limits(self):
        """Return the limits that there are, each in a few words."""
        periods = {
            "week": self.env._("%s per participant and week"),
            "month": self.env._("%s per participant and month"),
            "quarter": self.env._("%s per participant and quarter"),
            "year": self.env._("%s per participant and year"),
        }
        limits = [
            (self.cap_document, self.env._("%s per document")),
            (self.cap_day, self.env._("%s per participant and day")),
            (self.cap_period, periods[self.cap_period_kind or "month"]),
            (self.cap_member, self.env._("%s per participant")),
        ]
        return [
            words % f"{self._word_number(limit)} {self.symbol or ''}".strip()
            for limit, words in limits
            if limit
        ]

    # === WORDS === #

    def _word_number(self, value):
        return word_number(self.env, value)

    def _word_money(self, amount):
        """Return an amount with its currency, without needless zeros."""
        currency = self.currency_id or self.env.company.currency_id
        text = self._word_number(amount)
        if currency.position == "before":
            return f"{currency.symbol} {text}"
        return f"{text} {currency.symbol}"

    def _get_day(self, instant):
        """Return the day of an instant in the time zone of the program."""
        zone = self.program_id.timezone or "UTC"
        localized = self.with_context(tz=zone)
        return fields.Datetime.context_timestamp(localized, instant).date()
