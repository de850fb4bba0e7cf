"""For which documents a rule or ladder is, is an answer; none meant all of them.

And a proof without a product counted for every rule without conditions on products.
"""

from odoo.tools import SQL

#: Table of relation -> (column of the rule or ladder, its table).
_ANSWERS = {
    "b2b2c_earning_rule_document_kind_rel": (
        "b2b2c_earning_rule_id",
        "b2b2c_earning_rule",
    ),
    "b2b2c_ladder_document_kind_rel": ("b2b2c_ladder_id", "b2b2c_ladder"),
}


def migrate(cr, version):
    """Write down what applied before; nothing that was booked changes.

    Of proofs without a product only those go on to count that a company asked for with
    "Count Unknown Products": that any receipt of anything counted was a fault.
    """
    for relation, (column, table) in _ANSWERS.items():
        cr.execute(
            SQL(
                """
                INSERT INTO %(relation)s (%(column)s, b2b2c_document_kind_id)
                SELECT asked.id, kind.id
                  FROM %(table)s asked CROSS JOIN b2b2c_document_kind kind
                 WHERE NOT EXISTS (SELECT FROM %(relation)s known
                                    WHERE known.%(column)s = asked.id) AND %(meant)s
                """,
                relation=SQL.identifier(relation),
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                meant=_MEANT[table],
            )
        )
    cr.execute(
        """
        UPDATE b2b2c_earning_rule r SET without_product = TRUE
          FROM b2b2c_program p JOIN res_company c ON c.id = p.company_id
         WHERE p.id = r.program_id AND c.b2b2c_receipt_whole
        """
    )


#: A rule with codes of events was for events only.
_MEANT = {
    "b2b2c_earning_rule": SQL(
        "(coalesce(asked.event_codes, '') = '' OR kind.code = 'event')"
    ),
    "b2b2c_ladder": SQL("TRUE"),
}
