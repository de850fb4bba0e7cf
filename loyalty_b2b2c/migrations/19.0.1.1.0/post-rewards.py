"""Whom a reward is for stands in rows of roles, not in a column for each role."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Make the rows; Odoo removes the columns."""
    cr.execute("SELECT id, role FROM b2b2c_reward_role")
    for role_id, role in cr.fetchall():
        column = f"for_{role}"
        if column_exists(cr, "b2b2c_reward", column):
            cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_reward_role_rel
                           (b2b2c_reward_id, b2b2c_reward_role_id)
                    SELECT id, %s FROM b2b2c_reward WHERE %s
                        ON CONFLICT DO NOTHING
                    """,
                    role_id,
                    SQL.identifier(column),
                )
            )
