"""What participants want to hear stands in rows, only where it is not the default."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Make the rows: channels of old, and topics that were declined on all of them."""
    if not column_exists(cr, "b2b2c_member", "notify_email"):
        return  # a database of a developer, between two versions
    cr.execute(
        """
        INSERT INTO b2b2c_member_wish (member_id, channel, topic, wanted,
               create_uid, write_uid, create_date, write_date)
        SELECT m.id, w.channel, w.topic, w.wanted,
               m.write_uid, m.write_uid, m.write_date, m.write_date
          FROM b2b2c_member m
    CROSS JOIN LATERAL (
               VALUES ('email', NULL, m.notify_email, TRUE),
                      ('sms', NULL, m.notify_sms, FALSE)
            UNION ALL
               SELECT c.channel, t.topic, t.wanted, TRUE
                 FROM (VALUES ('email'), ('sms')) AS c (channel),
                      (VALUES ('points', m.notify_points),
                              ('pending', m.notify_pending),
                              ('reversed', m.notify_reversed),
                              ('expiry', m.notify_expiry),
                              ('rewards', m.notify_rewards)) AS t (topic, wanted)
               ) AS w (channel, topic, wanted, usual)
         WHERE w.wanted <> w.usual
            ON CONFLICT DO NOTHING
        """
    )
