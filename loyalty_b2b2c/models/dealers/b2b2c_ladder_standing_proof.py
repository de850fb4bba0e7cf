import contextlib
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...engine import local_day, to_decimal
from ...values import aware


class _Undone(Exception):
    """Ends a savepoint whose changes are not wanted."""


class B2b2cLadderStanding(models.Model):
    """Proving volumes and tiers: as they were known then, and by the documents."""

    _inherit = "b2b2c.ladder.standing"

    def _replay(self, at):
        """Return the standing as it was, and was known, at an instant.

        :param at: naive UTC
        :return: dict ``tier`` (in force then), ``change`` (that put it in force),
            ``day``, ``window`` (first, last), ``volume`` (Decimal, as known then) and
            ``deserved`` (tier by that volume); empty when it was no dealer then
        """
        self.ensure_one()
        changes = self.change_ids.filtered(lambda change: change.effective_at <= at)
        change = changes[:1]
        if not change or change.reason == "ended":
            return {}
        day = local_day(aware(at), self._get_timezone())
        ladder = change.ladder_id._to_engine()
        first, last = ladder.window.days(day)
        [(volume,)] = self.env.execute_query(
            SQL(
                "SELECT coalesce(sum(value), 0)::text FROM b2b2c_volume_entry"
                " WHERE standing_id = ANY(%s) AND ladder_id = %s"
                "   AND day BETWEEN %s AND %s AND recorded_at <= %s",
                self._get_group().ids,
                change.ladder_id.id,
                first,
                last,
                at,
            )
        )
        volume = Decimal(volume)
        return {
            "tier": change.tier_id,
            "change": change,
            "day": day,
            "window": (first, last),
            "volume": volume,
            "deserved": change.tier_id.browse(ladder.deserved(volume).id),
        }

    def _verify(self):
        """Prove volumes and tiers of dealers against entries.

        :return: list of texts, one for each difference; empty when all is right
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(d.standing_id, e.standing_id), coalesce(d.day, e.day),
                       coalesce(d.value, 0)::text, coalesce(e.value, 0)::text
                  FROM (SELECT * FROM b2b2c_volume_day
                         WHERE standing_id = ANY(%(ids)s)) d
             FULL JOIN (SELECT standing_id, ladder_id, day, sum(value) AS value
                          FROM b2b2c_volume_entry WHERE standing_id = ANY(%(ids)s)
                      GROUP BY 1, 2, 3) e USING (standing_id, ladder_id, day)
                 WHERE coalesce(d.value, 0) <> coalesce(e.value, 0)
                """,
                ids=self.ids,
            )
        )
        differences = [
            self.env._(
                "%(dealer)s, %(day)s: %(stored)s stored, %(entries)s in entries",
                dealer=self.browse(standing_id).partner_id.name,
                day=day,
                stored=stored,
                entries=entries,
            )
            for standing_id, day, stored, entries in rows
        ]
        heads = self._get_heads().filtered(lambda head: head.active and head.state_day)
        volumes = heads._get_volumes() if heads else {}
        for head in heads:
            ladder = head.ladder_id._to_engine()
            volume = volumes[head.id].within(ladder.window, head.state_day)
            if volume != to_decimal(head.volume):
                differences.append(
                    self.env._(
                        "%(dealer)s: volume %(stored)s stored, %(entries)s in days",
                        dealer=head.partner_id.name,
                        stored=f"{head.volume:g}",
                        entries=volume,
                    )
                )
        return differences

    def _verify_buyers(self):
        """Prove that documents count for who bought them then, and for nobody else.

        A branch and the company above it may each have a ladder that counts them.

        :return: list of texts, one for each document that does not
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH counted AS (
                    SELECT e.document_model, e.document_id, e.standing_id, s.partner_id,
                           s.company_id, max(e.document_name) AS name
                      FROM b2b2c_volume_entry e
                      JOIN b2b2c_ladder_standing s ON s.id = e.standing_id
                       AND s.active AND s.ladder_id = e.ladder_id
                     WHERE (e.document_model, e.document_id) IN (
                           SELECT document_model, document_id FROM b2b2c_volume_entry
                            WHERE standing_id = ANY(%s))
                  GROUP BY 1, 2, 3, 4, 5
                    HAVING sum(e.value) <> 0)
                SELECT max(c.name), array_agg(DISTINCT c.partner_id),
                       max(k.buyer_company_id)
                  FROM counted c
             LEFT JOIN b2b2c_document_buyer k ON k.document_model = c.document_model
                   AND k.document_id = c.document_id
              GROUP BY c.document_model, c.document_id
                HAVING count(DISTINCT c.partner_id) > 1
                    OR count(*) > count(DISTINCT c.company_id)
                    OR bool_or(k.buyer_company_id <> c.partner_id)
              ORDER BY 1
                """,
                self.ids,
            )
        )
        partners = self.env["res.partner"]
        return [
            self.env._(
                "%(document)s counts for %(dealers)s; it was bought by %(buyer)s.",
                document=name,
                dealers=", ".join(partners.browse(partner_ids).mapped("name")),
                buyer=partners.browse(buyer_id).name or "?",
            )
            for name, partner_ids, buyer_id in rows
        ]

    def _get_last_entry(self):
        """Return the id of the newest entry of a volume, 0 without one."""
        query = SQL("SELECT coalesce(max(id), 0) FROM b2b2c_volume_entry")
        [(last,)] = self.env.execute_query(query)
        return last

    def _get_uncounted(self, last):
        """Return documents whose first entry came after the entry with the id ``last``.

        :return: list of ``(name of the document, id of the dealer)``
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT max(e.document_name), e.standing_id
                  FROM b2b2c_volume_entry e
                 WHERE e.id > %(last)s
                   AND NOT EXISTS (
                       SELECT FROM b2b2c_volume_entry b
                        WHERE b.document_model = e.document_model
                          AND b.document_id = e.document_id AND b.id <= %(last)s)
              GROUP BY e.document_model, e.document_id, e.standing_id
              ORDER BY 1
                """,
                last=last,
            )
        )

    def _prove(self):
        """Prove dealers against their documents, changing nothing.

        :return: list of texts, one for each difference; empty when all is right
        """
        differences = self._verify() + self._verify_buyers()
        missed = []
        with contextlib.suppress(_Undone), self.env.cr.savepoint():
            last = self._get_last_entry()
            number = self._count_documents()
            missed = self._get_uncounted(last)
            raise _Undone
        self.env.invalidate_all()
        differences += [
            self.env._(
                "%(document)s counts for nobody, and %(dealer)s bought it.",
                document=name,
                dealer=self.browse(standing_id).partner_id.name,
            )
            for name, standing_id in missed
        ]
        if number:
            differences.append(
                self.env._("%s entries are missing or wrong by the documents.", number)
            )
        return differences
