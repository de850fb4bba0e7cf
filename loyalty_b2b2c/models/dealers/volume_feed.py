"""From documents to dealer volumes: target minus what is counted.

The sister of :mod:`..processing.booker` for volumes.  Everything happens in one
transaction for a batch of documents of one model; nothing commits.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import local_day
from ...engine.numbers import six_decimals_together
from ...values import aware
from ..processing.parties import get_kept, reading

ZERO = Decimal(0)


class VolumeFeed:
    """Brings volumes in line with documents.

    :param env: superuser environment
    :param document_model: for instance ``"sale.order"``
    """

    def __init__(self, env, document_model):
        self.env = env
        self.model = document_model
        self.source = env["b2b2c.source"]._for_model(document_model)

    def feed(self, document_ids, only=None):
        """Count documents and look at the dealers whose volume changed.

        :param only: these dealers, who are not looked at yet (new ones)
        :return: number of entries added
        :raise FactError: a document cannot be measured
        """
        if not self.source._is_purchase:
            return 0
        companies = self.env["b2b2c.ladder.standing"]._get_dealer_companies()
        if not any(companies.values()):
            return 0
        with reading(self.env, self.model, document_ids):
            return self._feed(document_ids, only, companies)

    def forecast(self, document, standing):
        """Return how much more a document counts for a dealer once it has come to its
        end: delivered, invoiced and paid in full.

        :param document: it is stored, and may not be confirmed yet
        :param standing: who buys, or whose branch does
        :return: Decimal volume of the ladder, never negative
        :raise FactError: the document cannot be measured
        """
        company = document.company_id
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        document, targets = document.with_env(env), {}
        with reading(env, self.model, document.ids), self.source._reading(document):
            self._add_document(document, standing, set(), targets, to_the_end=True)
        counted = sum(
            value
            for (standing_id, *_rest), (value, _steps) in self._get_booked(
                document.ids
            ).items()
            if standing_id == standing.id
        )
        return max(sum(targets.values(), ZERO) - counted, ZERO)

    def _feed(self, document_ids, only, companies):
        """Count documents of companies with dealers, see :meth:`feed`."""
        booked = self._get_booked(document_ids)
        documents = (
            self.env[self.model]
            .with_context(active_test=False)
            .search_fetch([("id", "in", document_ids)], ("company_id",), order="id")
        )
        targets = {}  # key of the entry -> volume
        for company, bought in documents.grouped("company_id").items():
            if companies.get(company.id):
                self._add_targets(company, bought, booked, targets)
        rows = self._get_rows(booked, targets, only)
        if rows:
            standings = self.env["b2b2c.ladder.standing"].browse(
                {row["standing"] for row in rows}
            )
            standings._lock()
            names = {document.id: document.display_name for document in documents}
            self._insert(rows, names)
            self._keep_parties(documents, rows)
            if only is None:
                climbing = standings.filtered("active")
                climbing._evaluate()
                lowered = {row["standing"] for row in rows if row["value"] < 0}
                climbing._after_volume(climbing.browse(lowered))
        return len(rows)

    def _get_booked(self, document_ids):
        """Return (standing id, ladder id, document id, line key, day) -> (sum, steps)
        of what is counted for documents."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT standing_id, ladder_id, document_id, line_key, day,
                       sum(value)::text, count(*)
                  FROM b2b2c_volume_entry
                 WHERE document_model = %s AND document_id = ANY(%s)
              GROUP BY 1, 2, 3, 4, 5
                """,
                self.model,
                list(document_ids),
            )
        )
        return {tuple(row[:5]): (Decimal(row[5]), row[6]) for row in rows}

    def _add_targets(self, company, documents, booked, targets):
        """Add what documents of one company should count."""
        dealers = self._get_dealers(company, documents)
        if not dealers:
            return
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        counted = defaultdict(set)  # what counted once stays eligible
        for standing, _ladder, _document, line_key, _day in booked:
            counted[standing].add(line_key)
        buyers = {
            document: dealers.get(self.source._get_parties(document).buyer_company, ())
            for document in documents.with_env(env)
        }
        bought = documents.browse(
            document.id for document, standings in buyers.items() if standings
        ).with_env(env)
        with self.source._reading(bought):
            for document in bought:
                for standing in buyers[document]:
                    counts = counted[standing.id]
                    self._add_document(document, standing, counts, targets)

    def _get_dealers(self, company, documents):
        """Return company -> dealers, for who bought the documents.

        One each of the company, and of those above it whose ladders count branches.
        """
        parties = map(self.source._get_parties, documents)
        buyers = self.env["res.partner"].union(*(one.buyer_company for one in parties))
        standings = self.env["b2b2c.ladder.standing"]
        standings = standings.search(
            Domain("partner_id", "in", buyers.ids)
            & standings._get_counting_domain(company)
        )
        return standings.grouped("partner_id")

    def _keep_parties(self, documents, rows):
        """Write down who bought the documents that are counted for the first time."""
        if not self.source._party_fields:
            return
        ids = {row["document"] for row in rows}
        seen = documents.filtered(
            lambda document: document.id in ids and not get_kept(document)
        )
        self.source._keep_parties(seen, "first_seen")

    def _add_document(self, document, standing, counted, targets, to_the_end=False):
        """Add what one document should count for its dealer.

        :param bool to_the_end: as if it were delivered, invoiced and paid in full
        """
        ladder, zone = standing.ladder_id, standing._get_timezone()
        kinds = ladder.document_kind_ids.mapped("code")
        if self.source._get_kind(document) not in kinds:
            return
        lines = self._get_lines(document)
        products = ladder._get_counted(lines.product_id)
        # an amount without a product counts where every product does
        everything = (
            not (ladder.category_ids or ladder.tag_ids)
            and (ladder.product_domain or "[]") == "[]"
        )
        # fees count for who names their product
        fees = self.source._get_fees(document) if everything else lines.browse()
        volumes = defaultdict(Fraction)  # key of the entry -> exact volume
        parts = None
        for line in lines:
            line_key = f"{line._name},{line.id}"
            counts = line.product_id in products if line.product_id else everything
            if (not counts or line in fees) and line_key not in counted:
                continue
            if parts is None:
                get = self._get_parts_at_end if to_the_end else self._get_parts
                parts = get(ladder, document)
            for measure in parts.get(line.id, ()):
                day = local_day(measure.at, zone)
                key = (standing.id, ladder.id, document.id, line_key, day)
                volumes[key] += ladder._get_value(measure, line.product_id)
        targets.update(six_decimals_together(volumes))

    def _get_lines(self, document):
        """Return the lines of a document that sell, each sale once."""
        lines = document[self.source._lines_field].filtered(self.source._can_earn)
        return lines - self.source._get_typed(document)

    def _get_parts(self, ladder, document):
        """Return line id -> what counts of a document, each part ``at`` when it counts.

        :return: dict of lists of ``engine.Measure``
        """
        rate, source = self.source._get_rate(document), self.source
        if not (ladder.only_delivered and ladder.moment == "confirmed"):
            return source._measure_parts(document, rate, ladder.moment)
        if "delivered" not in source._triggers:
            return source._measure_parts(document, rate, "confirmed")
        ordered_at = aware(source._get_occurred_at(document))
        delivered = source._measure_parts(document, rate, "delivered")
        return {
            line_id: [replace(part, at=ordered_at) for part in parts]
            for line_id, parts in delivered.items()
        }

    def _get_parts_at_end(self, ladder, document):
        """Return line id -> what will count of a document, as if that were now."""
        measures = self.source._measure(
            document, self.source._get_rate(document), hypothetical=True
        )
        now = aware(fields.Datetime.now())
        return {
            line_id: [replace(moments[ladder.moment], at=now)]
            for line_id, moments in measures.items()
            if ladder.moment in moments
        }

    def _get_rows(self, booked, targets, only):
        """Return the entries that are missing.

        Volumes of dealers who were let go, or counted on an earlier ladder, stay.
        """
        current = {}
        standings = self.env["b2b2c.ladder.standing"].browse(
            {key[0] for key in booked.keys() | targets.keys()}
        )
        for standing in standings:
            current[standing.id] = standing.ladder_id.id if standing.active else None
        rows = []
        for key in sorted(booked.keys() | targets.keys()):
            standing_id, ladder_id, document_id, line_key, day = key
            if current[standing_id] != ladder_id:
                continue
            if only is not None and standing_id not in only.ids:
                continue
            value, steps = booked.get(key, (ZERO, 0))
            change = targets.get(key, ZERO) - value
            if change:
                rows.append(
                    {
                        "standing": standing_id,
                        "ladder": ladder_id,
                        "document": document_id,
                        "line_key": line_key,
                        "day": day,
                        "value": change,
                        "source_key": f"{line_key}|s{standing_id}|l{ladder_id}"
                        f"|{day}#{steps + 1}",
                    }
                )
        return rows

    def _insert(self, rows, names):
        """Append entries and add them to their days.

        A row that another transaction appends at the same time raises a serialization
        error: the document is processed again, and sees it.
        """
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::int, %s::date, %s::numeric, %s::int, %s, %s, %s)",
                row["standing"],
                row["ladder"],
                row["day"],
                row["value"],
                row["document"],
                names.get(row["document"], ""),
                row["line_key"],
                row["source_key"],
            )
            for row in rows
        )
        self.env.cr.execute(
            SQL(
                """
                WITH added AS (
                    INSERT INTO b2b2c_volume_entry
                        (standing_id, ladder_id, day, value, document_id,
                         document_name, line_key, source_key, company_id,
                         document_model, recorded_at)
                    SELECT v.*, s.company_id, %s, %s
                      FROM (VALUES %s) AS v (standing, ladder, day, value, document,
                            document_name, line_key, source_key)
                      JOIN b2b2c_ladder_standing s ON s.id = v.standing
                    ON CONFLICT (source_key) DO NOTHING
                    RETURNING standing_id, ladder_id, company_id, day, value
                )
                INSERT INTO b2b2c_volume_day AS d
                    (standing_id, ladder_id, company_id, day, value)
                SELECT standing_id, ladder_id, company_id, day, sum(value)
                  FROM added GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4
                ON CONFLICT (standing_id, ladder_id, day)
                DO UPDATE SET value = d.value + EXCLUDED.value
                """,
                self.model,
                fields.Datetime.now(),
                values,
            )
        )
