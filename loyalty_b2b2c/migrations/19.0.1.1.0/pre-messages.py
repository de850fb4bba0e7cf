"""Messages know their participant themselves, not only by the account."""


def migrate(cr, version):
    """Fill in the participant before the check that a message has a recipient."""
    cr.execute(
        "ALTER TABLE b2b2c_notification ADD COLUMN IF NOT EXISTS member_id integer"
    )
    cr.execute(
        """
        UPDATE b2b2c_notification n SET member_id = a.member_id
          FROM b2b2c_account a
         WHERE a.id = n.account_id AND n.member_id IS NULL
        """
    )
    # participants are looked for instead
    cr.execute("DROP INDEX IF EXISTS b2b2c_notification__account_id_index")
