"""Limits count scans on the day they arrived; that is when their rows were made."""


def migrate(cr, version):
    """Add the column here: it is required."""
    cr.execute("ALTER TABLE b2b2c_claim ADD COLUMN IF NOT EXISTS arrived_at timestamp")
    cr.execute(
        """
        UPDATE b2b2c_claim SET arrived_at = coalesce(create_date, occurred_at)
         WHERE arrived_at IS NULL
        """
    )
