from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from . import words


class Movements:
    """Entries of the ledger in a participant's words.

    What is looked up is looked up for all of them: the number of queries does not
    depend on the number of entries.

    :param entries: ``b2b2c.ledger.entry`` records of one person
    """

    def __init__(self, entries):
        self.entries, self.env = entries, entries.env

    def rows(self):
        """Return the entries as rows of a statement.

        :return: list of dict with the keys ``title``, ``subject``, ``day``,
            ``amount``, ``tone`` (plus, minus, pending, neutral), ``status``, ``why``
        """
        names = self._get_document_names(self.entries)
        left = self._get_pending_left()
        return [
            {
                "day": words.day(self.env, entry.effective_at),
                "title": get_title(entry),
                "subject": names.get((entry.document_model, entry.document_id))
                or entry.reason
                or entry.rule_id.name
                or "",
                **_get_amount(entry),
                "status": _get_status(entry, left.get(entry.id, 0)),
                "why": _get_why(entry, names),
            }
            for entry in self.entries
        ]

    def waiting(self, most):
        """Return what these entries still wait for.

        :param int most: so many of each account, the first ones
        :return: list of ``(entry, sentence)``, one per award
        """
        left = self._get_pending_left()
        waiting, awards, counts = self.entries.browse(), set(), Counter()
        for entry in self.entries:
            award, account = entry.award_key or entry.id, entry.account_id.id
            if award in awards or left[entry.id] <= 0 or counts[account] >= most:
                continue
            awards.add(award)
            counts[account] += 1
            waiting |= entry
        names = self._get_document_names(waiting)
        moved = self.env["b2b2c.expected.day"]._get_moved(waiting.mapped("award_key"))
        return [
            (
                entry,
                _get_condition(
                    entry,
                    left[entry.id],
                    names,
                    moved.get(entry.award_key, entry.expected_at),
                ),
            )
            for entry in waiting
        ]

    # === LOOK-UPS === #

    def _get_document_names(self, entries):
        """Return (document model, id) -> name; documents that are gone are missing."""
        names = {}
        for model, of_model in entries.grouped("document_model").items():
            if not model or model not in self.env:
                continue
            ids = set(of_model.mapped("document_id"))
            for document in self.env[model].sudo().browse(ids).exists():
                names[model, document.id] = document.display_name
        return names

    def _get_pending_left(self):
        """Return entry id -> points of its award that still wait to become usable."""
        pending = self.entries.filtered(lambda entry: entry.points_pending > 0)
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


# === WORDS OF ONE ENTRY === #


def get_title(entry):
    """Return what happened."""
    env, is_gain = entry.env, entry.points > 0
    titles = {
        "earn": env._("Earned"),
        "confirm": env._("Now available"),
        "void": env._("Cancelled"),
        "hold": env._("Reserved"),
        "release": env._("Reservation released"),
        "redeem": env._("Spent"),
        "expire": env._("Expired"),
        "adjust": env._("Correction"),
        "transfer": env._("Received") if is_gain else env._("Moved"),
        "reverse": env._("Given back") if is_gain else env._("Taken back"),
        "repay": env._("Used for what you owed"),
    }
    if entry.entry_type == "reverse" and entry.points < 0 < entry.points_pending:
        return env._("Pending again")
    return titles[entry.entry_type]


def _get_amount(entry):
    """Return the signed effect on what can be spent, and its tone."""
    effect = entry.points - entry.points_held - entry.points_debt
    if effect:
        tone = "plus" if effect > 0 else "minus"
    elif entry.points:  # spending what was reserved, repaying: counted before
        effect, tone = entry.points, "neutral"
    else:
        effect, tone = entry.points_pending, "pending"
    return {"amount": words.signed(entry.unit_id, effect), "tone": tone}


def _get_status(entry, left):
    """Return the badge of an entry that brought pending points.

    :param left: points of its award that are still pending
    """
    if entry.points_pending <= 0:
        return ""
    return "pending" if left > 0 else "settled"


def _get_condition(entry, points, names, expected_at):
    """Return the sentence on when ``points`` become usable.

    :param expected_at: when that is expected now, if somebody knows
    """
    env, text = entry.env, entry.unit_id._format(points)
    name = names.get((entry.document_model, entry.document_id))
    if entry.release_at:
        return env._(
            "%(points)s expected on %(day)s",
            points=text,
            day=words.day(env, expected_at or entry.release_at),
        )
    sentence = _get_proof(entry, text, name) if name else ""
    if sentence:
        return _add_expected(env, sentence, expected_at)
    if name:
        return env._("%(points)s for %(document)s", points=text, document=name)
    return env._("%(points)s wait for confirmation", points=text)


def _add_expected(env, sentence, expected_at):
    """Return a sentence with the day on which that is, or was, expected."""
    if not expected_at:
        return sentence
    day = words.day(env, expected_at)
    # a day is known to its noon only
    if expected_at > fields.Datetime.now() - timedelta(days=1):
        return env._("%(sentence)s, expected on %(day)s", sentence=sentence, day=day)
    return env._("%(sentence)s, was expected on %(day)s", sentence=sentence, day=day)


def _get_proof(entry, points, name):
    """Return which proof of a document ``points`` wait for, empty if for none."""
    env, basis = entry.env, entry._get_basis()
    if not basis or not basis.hold:
        return ""
    if basis.hold == "until_delivered_paid":
        return env._(
            "%(points)s when %(document)s is delivered and paid",
            points=points,
            document=name,
        )
    if basis.hold == "days_after_delivery":
        return env._(
            "%(points)s some days after the delivery of %(document)s",
            points=points,
            document=name,
        )
    return env._("%(points)s when %(document)s is paid", points=points, document=name)


def _get_why(entry, names):
    """Return the explanation, one sentence per line."""
    env, why = entry.env, []
    if entry.rule_id:
        why.append(
            env._(
                "Program “%(program)s”, rule “%(rule)s”.",
                program=entry.program_id.name,
                rule=entry.rule_id.name,
            )
        )
    if entry.reason and names.get((entry.document_model, entry.document_id)):
        why.append(entry.reason)
    why += [line for line in (entry.explanation_text or "").split("\n") if line]
    if entry.points_debt > 0:
        why.append(
            env._(
                "%s of them were spent already: you owe them, they will be taken "
                "from your next points.",
                entry.unit_id._format(entry.points_debt),
            )
        )
    return why
