from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL


class B2b2cLedgerEntry(models.Model):
    _inherit = "b2b2c.ledger.entry"

    # The overview looks for what is still pending, newest first.
    _portal_pending = models.Index("(account_id, id DESC) WHERE points_pending > 0")

    def _get_portal_rows(self):
        """Return these entries in a participant's words.

        The number of queries does not depend on the number of entries.

        :return: list of dict with the keys ``title``, ``subject``, ``day``,
            ``amount``, ``tone`` (plus, minus, pending, neutral), ``status``, ``why``
        """
        names = self._get_portal_document_names()
        left = self._get_portal_pending_left()
        return [
            {
                "day": entry.account_id._format_portal_day(entry.effective_at),
                "title": entry._get_portal_title(),
                "subject": names.get((entry.document_model, entry.document_id))
                or entry.reason
                or entry.rule_id.name
                or "",
                **entry._get_portal_amount(),
                "status": entry._get_portal_status(left.get(entry.id, 0)),
                "why": entry._get_portal_why(names),
            }
            for entry in self
        ]

    # === LOOK-UPS FOR A WHOLE PAGE === #

    def _get_portal_document_names(self):
        """Return (document model, id) -> name; documents that are gone are missing."""
        names = {}
        for model, entries in self.grouped("document_model").items():
            if not model or model not in self.env:
                continue
            ids = set(entries.mapped("document_id"))
            for document in self.env[model].sudo().browse(ids).exists():
                names[model, document.id] = document.display_name
        return names

    def _get_portal_pending_left(self):
        """Return entry id -> points of its award that still wait to become usable."""
        pending = self.filtered(lambda entry: entry.points_pending > 0)
        if not pending:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT e.id,
                           CASE WHEN e.award_key IS NULL
                           THEN e.points_pending + coalesce((
                                SELECT sum(f.points_pending) FROM b2b2c_ledger_entry f
                                 WHERE f.related_id = e.id OR f.reversal_of_id = e.id),
                                0)
                           ELSE (SELECT sum(f.points_pending) FROM b2b2c_ledger_entry f
                                  WHERE f.award_key = e.award_key)
                           END
                      FROM b2b2c_ledger_entry e
                     WHERE e.id = ANY(%s)
                    """,
                    pending.ids,
                )
            )
        )

    def _get_portal_waiting(self, most):
        """Return what these entries still wait for.

        :param int most: so many of each account, the first ones
        :return: list of ``(entry, sentence)``, one per award
        """
        left = self._get_portal_pending_left()
        waiting, seen, counts = self.browse(), set(), Counter()
        for entry in self:
            award, account = entry.award_key or entry.id, entry.account_id.id
            if award in seen or left[entry.id] <= 0 or counts[account] >= most:
                continue
            seen.add(award)
            counts[account] += 1
            waiting |= entry
        names = waiting._get_portal_document_names()
        moved = self.env["b2b2c.expected.day"]._get_moved(waiting.mapped("award_key"))
        return [
            (
                entry,
                entry._get_portal_condition(
                    left[entry.id],
                    names,
                    moved.get(entry.award_key, entry.expected_at),
                ),
            )
            for entry in waiting
        ]

    # === WORDS OF ONE ENTRY === #

    def _get_portal_title(self):
        """Return what happened."""
        self.ensure_one()
        gained = self.points > 0
        titles = {
            "earn": self.env._("Earned"),
            "confirm": self.env._("Now available"),
            "void": self.env._("Cancelled"),
            "hold": self.env._("Reserved"),
            "release": self.env._("Reservation released"),
            "redeem": self.env._("Spent"),
            "expire": self.env._("Expired"),
            "adjust": self.env._("Correction"),
            "transfer": self.env._("Received") if gained else self.env._("Moved"),
            "reverse": self.env._("Given back") if gained else self.env._("Taken back"),
            "repay": self.env._("Used for what you owed"),
        }
        if self.entry_type == "reverse" and self.points < 0 < self.points_pending:
            return self.env._("Pending again")
        return titles[self.entry_type]

    def _get_portal_amount(self):
        """Return the signed effect on what can be spent, and its tone."""
        self.ensure_one()
        effect = self.points - self.points_held - self.points_debt
        if effect:
            tone = "plus" if effect > 0 else "minus"
        elif self.points:  # spending what was reserved, repaying: counted before
            effect, tone = self.points, "neutral"
        else:
            effect, tone = self.points_pending, "pending"
        sign = "+" if effect > 0 else "−" if effect < 0 else ""
        return {"amount": sign + self.unit_id._format(abs(effect)), "tone": tone}

    def _get_portal_status(self, left):
        """Return the badge of an entry that brought pending points."""
        self.ensure_one()
        if self.points_pending <= 0:
            return ""
        if left <= 0:
            return "settled"
        return "pending"

    def _get_portal_condition(self, points, names, expected_at):
        """Return the sentence on when ``points`` become usable.

        :param expected_at: when that is expected now, if somebody knows
        """
        self.ensure_one()
        text = self.unit_id._format(points)
        name = names.get((self.document_model, self.document_id))
        if self.release_at:
            return self.env._(
                "%(points)s expected on %(day)s",
                points=text,
                day=self.account_id._format_portal_day(expected_at or self.release_at),
            )
        sentence = self._get_portal_proof(text, name) if name else ""
        # a day is known to its noon only
        overdue = fields.Datetime.now() - timedelta(days=1)
        if sentence and expected_at and expected_at > overdue:
            return self.env._(
                "%(sentence)s, expected on %(day)s",
                sentence=sentence,
                day=self.account_id._format_portal_day(expected_at),
            )
        if sentence and expected_at:
            return self.env._(
                "%(sentence)s, was expected on %(day)s",
                sentence=sentence,
                day=self.account_id._format_portal_day(expected_at),
            )
        if sentence:
            return sentence
        if name:
            return self.env._("%(points)s for %(document)s", points=text, document=name)
        return self.env._("%(points)s wait for confirmation", points=text)

    def _get_portal_proof(self, points, name):
        """Return which proof of a document ``points`` wait for, empty if for none."""
        self.ensure_one()
        basis = self._get_basis()
        if not basis or not basis.hold:
            return ""
        if basis.hold == "until_delivered_paid":
            return self.env._(
                "%(points)s when %(document)s is delivered and paid",
                points=points,
                document=name,
            )
        if basis.hold == "days_after_delivery":
            return self.env._(
                "%(points)s some days after the delivery of %(document)s",
                points=points,
                document=name,
            )
        return self.env._(
            "%(points)s when %(document)s is paid", points=points, document=name
        )

    def _get_portal_why(self, names):
        """Return the explanation, one sentence per line."""
        self.ensure_one()
        why = []
        if self.rule_id:
            why.append(
                self.env._(
                    "Program “%(program)s”, rule “%(rule)s”.",
                    program=self.program_id.name,
                    rule=self.rule_id.name,
                )
            )
        if self.reason and names.get((self.document_model, self.document_id)):
            why.append(self.reason)
        why += [line for line in (self.explanation_text or "").split("\n") if line]
        if self.points_debt > 0:
            why.append(
                self.env._(
                    "%s of them were spent already: you owe them, they will be taken "
                    "from your next points.",
                    self.unit_id._format(self.points_debt),
                )
            )
        return why
