"""The kind of document *Till order* comes with the till add-on, not with the core."""

_OWNER, _NAME = "loyalty_b2b2c_pos", "document_kind_pos_order"


def migrate(cr, version):
    """Hand the row over to the till add-on, where it is in use.

    Where there is no till and no rule or ladder names it, the update removes it.
    """
    cr.execute(
        """
        UPDATE ir_model_data d SET module = %s
         WHERE d.module = 'loyalty_b2b2c' AND d.name = %s
           AND (EXISTS (SELECT FROM ir_module_module
                         WHERE name = %s AND state NOT IN ('uninstalled',
                               'uninstallable'))
                OR EXISTS (SELECT FROM b2b2c_earning_rule_document_kind_rel
                            WHERE b2b2c_document_kind_id = d.res_id)
                OR EXISTS (SELECT FROM b2b2c_ladder_document_kind_rel
                            WHERE b2b2c_document_kind_id = d.res_id))
        """,
        (_OWNER, _NAME, _OWNER),
    )
