"""Days that moved since points were booked, which pages computed each time before."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

from odoo.addons.loyalty_b2b2c.exceptions import FactError
from odoo.addons.loyalty_b2b2c.models.ledger.booked import get_booked
from odoo.addons.loyalty_b2b2c.models.processing.judge import Judge, join
from odoo.addons.loyalty_b2b2c.values import naive

_BATCH = 200


def migrate(cr, version):
    """Keep the expected days of what is pending.  Nothing is booked.

    At the end of the update: the sources of all add-ons are there.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model in env["b2b2c.source"]._get_sources():
        rows = env.execute_query(
            SQL(
                """
                SELECT DISTINCT document_id FROM (
                    SELECT document_id FROM b2b2c_ledger_entry
                     WHERE document_model = %s AND award_key IS NOT NULL
                  GROUP BY document_id, award_key HAVING sum(points_pending) > 0
                ) pending ORDER BY document_id
                """,
                model,
            )
        )
        for ids in split_every(_BATCH, (row[0] for row in rows)):
            _keep_days(env, model, ids)


def _keep_days(env, model, ids):
    documents = env[model].browse(ids).exists()
    booked = get_booked(env, model, documents.ids)
    verdicts = Judge(env, with_refusals=False).ask(documents, booked=booked)
    moved = {}
    for document in documents:
        try:
            awards = join(verdicts[document.id]).awards
        except FactError:
            continue  # the entry's own day is shown, until somebody mends the document
        for award in awards:
            before = booked[document.id].get(award.key)
            expected_at = naive(award.expected_at)
            if before and award.points_pending and expected_at != before.expected_at:
                moved[award.key] = expected_at
    env["b2b2c.expected.day"]._move(moved)
    env.invalidate_all()
