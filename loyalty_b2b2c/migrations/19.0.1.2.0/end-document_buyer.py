"""Who bought the documents that something is booked for: until now nobody kept it."""

from odoo import SUPERUSER_ID, api, fields
from odoo.tools import SQL

_FILL = """
    WITH booked AS (
        SELECT document_id FROM b2b2c_ledger_entry
         WHERE document_model = %(model)s AND award_key IS NOT NULL
         UNION
        SELECT document_id FROM b2b2c_volume_entry WHERE document_model = %(model)s
    ), counted AS (
        SELECT e.document_id, s.partner_id FROM b2b2c_volume_entry e
          JOIN b2b2c_ladder_standing s ON s.id = e.standing_id
         WHERE e.document_model = %(model)s
      GROUP BY e.document_id, s.partner_id HAVING sum(e.value) <> 0
    ), dealer AS (
        SELECT document_id, min(partner_id) AS company_id FROM counted
      GROUP BY document_id HAVING count(*) = 1
    ), earned AS (
        SELECT e.document_id, r.party, m.employer_id
          FROM b2b2c_ledger_entry e
          JOIN b2b2c_earning_rule r ON r.id = e.rule_id
          JOIN b2b2c_member m ON m.id = (e.basis ->> 'member')::int
         WHERE e.document_model = %(model)s AND e.award_key IS NOT NULL
           AND m.role <> ALL (%(anywhere)s)
           AND coalesce(r.pick, '') NOT IN ('seller', 'referrer')
           AND NOT EXISTS (SELECT FROM b2b2c_earning_rule_share h
                            WHERE h.rule_id = r.id
                              AND h.pick IN ('seller', 'referrer'))
      GROUP BY e.document_id, r.party, m.employer_id
        HAVING sum(e.points - e.points_debt - e.points_lost + e.points_pending) <> 0
    ), employer AS (
        SELECT document_id, party, min(employer_id) AS company_id FROM earned
      GROUP BY document_id, party HAVING count(*) = 1
    ), named AS (
        SELECT d.id, d.company_id, b.id AS buyer_id, r.id AS receiver_id,
               coalesce(dealer.company_id, ours.company_id, b.commercial_partner_id)
                   AS buyer_company_id,
               theirs.company_id AS shop_id,
               b.commercial_partner_id = r.commercial_partner_id AS is_same,
               r.commercial_partner_id AS receiver_company_id
          FROM booked
          JOIN %(table)s d ON d.id = booked.document_id
          JOIN res_partner b ON b.id = d.%(buyer)s
          JOIN res_partner r ON r.id = coalesce(d.%(receiver)s, d.%(buyer)s)
     LEFT JOIN dealer ON dealer.document_id = d.id
     LEFT JOIN employer ours ON ours.document_id = d.id AND ours.party = 'buyer'
     LEFT JOIN employer theirs ON theirs.document_id = d.id
           AND theirs.party = 'receiver'
    )
    INSERT INTO b2b2c_document_buyer
           (document_model, document_id, company_id, buyer_id, buyer_company_id,
            receiver_id, receiver_company_id, kept_at, reason)
    SELECT %(model)s, id, company_id, buyer_id, buyer_company_id, receiver_id,
           coalesce(shop_id, CASE WHEN is_same THEN buyer_company_id END,
                    receiver_company_id),
           %(now)s, 'first_seen'
      FROM named
        ON CONFLICT DO NOTHING
"""


def migrate(cr, version):
    """Write down who bought what is booked: by what is booked, where that tells.

    The dealer whose volume counts a document bought it; so did the employer of who
    earned for it, unless it was earned by selling.  Where that says nothing, or several
    things, it is the company to which the contact belongs now.  Nothing is booked.

    At the end of the update: the sources of all add-ons are there.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    sources = env["b2b2c.source"]
    for model in sources._get_sources():
        names = sources._for_model(model)._party_fields
        if not names:
            continue
        env.flush_all()
        cr.execute(
            SQL(
                _FILL,
                model=model,
                table=SQL.identifier(env[model]._table),
                buyer=SQL.identifier(names[0]),
                receiver=SQL.identifier(names[-1]),
                anywhere=env["b2b2c.role"]._get_role_codes("buys_anywhere"),
                now=fields.Datetime.now(),
            )
        )
