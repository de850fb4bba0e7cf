import contextlib

from odoo import api, fields, models
from odoo.tools import SQL

from ...values import shown
from ..ledger.ledger_audit import Difference
from .b2b2c_challenge_round import OPEN
from .score_feed import ScoreFeed

BATCH = 200


class _Undone(Exception):
    """Ends a savepoint whose changes are not wanted."""


class B2b2cChallengeRound(models.Model):
    """Counting a round from its documents: at its start, and to prove it."""

    _inherit = "b2b2c.challenge.round"

    def _count_past(self):
        """Let the documents be looked at that happened before this round was opened.

        They wait in the outbox like any that changed.
        """
        events = self.env["b2b2c.event"].sudo()
        for model, ids in self._find_document_ids().items():
            if ids:
                events._insert_events(model, ids)
        events._process_after_commit()

    def _count_documents(self):
        """Bring the scores of this round in line with all its documents.

        :return: number of rows that were missing or wrong
        """
        self.ensure_one()
        number = 0
        for model, ids in self._find_document_ids().items():
            feed = ScoreFeed(self.env(su=True), model)
            for start in range(0, len(ids), BATCH):
                number += feed.feed(ids[start : start + BATCH], round_ids=self.ids)
                self.env.invalidate_all()
        return number

    def _find_document_ids(self):
        """Return model -> ids of the documents that may count in this round, or do."""
        self.ensure_one()
        companies = self.challenge_id.sudo().program_id._get_counted_companies()
        found = {}
        for model in self.env["b2b2c.source"]._get_sources():
            source = self.env["b2b2c.source"].sudo()._for_model(model)
            documents = source._find_around(companies, self.date_from, self.date_to)
            found[model] = set(documents.ids)
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT document_model, document_id FROM b2b2c_challenge_score"
                " WHERE round_id = %s",
                self.id,
            )
        )
        for model, document_id in rows:
            found.setdefault(model, set()).add(document_id)
        return {model: sorted(ids) for model, ids in found.items()}

    @api.model
    def _find_open(self):
        """Return the rounds whose standings are folded: they began, none is final."""
        domain = [
            ("state", "in", OPEN),
            ("date_from", "<=", fields.Datetime.now()),
        ]
        return self.sudo().search(domain, order="id")

    def _verify_standings(self):
        """Compare the folded standings of these rounds with the scores.

        A round that was not folded since its last score is left to the next folding.

        :return: list of :class:`~..ledger.ledger_audit.Difference`
        """
        differences = []
        for round_ in self - self._find_unfolded():
            stored = {
                (one.member_id or one.employer_id).id: (one.rank, one.score)
                for one in round_.standing_ids.sudo()
            }
            expected = {
                place.key: (place.rank, shown(place.score))
                for place in round_._rank_now()
            }
            differences += [
                Difference(
                    f"place and score of contestant {key}",
                    round_._name,
                    round_.id,
                    str(expected.get(key)),
                    str(stored.get(key)),
                )
                for key in sorted(expected.keys() | stored.keys())
                if expected.get(key) != stored.get(key)
            ]
        return differences

    def _prove(self):
        """Prove the scores of rounds against their documents, changing nothing.

        A round whose time is over cannot be counted anew: prices, products and people
        have gone on.

        :return: list of texts, one for each difference; empty when all is right
        """
        differences = [str(one) for one in self._verify_standings()]
        for round_ in self:
            number = 0
            with contextlib.suppress(_Undone), self.env.cr.savepoint():
                number = round_._count_documents()
                raise _Undone
            self.env.invalidate_all()
            if number:
                differences.append(
                    self.env._(
                        "%(round)s: %(number)s scores are missing or wrong by the "
                        "documents.",
                        round=round_.display_name,
                        number=number,
                    )
                )
        return differences
