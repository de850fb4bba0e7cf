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

    def _prove(self):
        """Prove dealers against their documents, changing nothing.

        :return: list of texts, one for each difference; empty when all is right
        """
        differences = self._verify()
        with contextlib.suppress(_Undone), self.env.cr.savepoint():
            number = self._count_documents()
            raise _Undone
        self.env.invalidate_all()
        if number:
            differences.append(
                self.env._("%s entries are missing or wrong by the documents.", number)
            )
        return differences
