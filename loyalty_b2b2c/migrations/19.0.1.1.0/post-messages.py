"""What became of a message stands in one row per channel, not in two columns."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Make the rows, with the e-mail or SMS a message waits in."""
    if not column_exists(cr, "b2b2c_notification", "email_state"):
        return  # a database of a developer, between two versions
    cr.execute(
        """
        INSERT INTO b2b2c_notification_delivery (notification_id, channel, state,
               reason_code, reason, tries, sent_at, res_model, res_id,
               create_uid, write_uid, create_date, write_date)
        SELECT n.id, c.channel, c.state,
               CASE c.state WHEN 'failed' THEN 'refused' END,
               CASE c.state WHEN 'failed' THEN n.reason END,
               1, CASE c.state WHEN 'sent' THEN n.write_date END,
               CASE WHEN c.record_id IS NOT NULL THEN c.model END, c.record_id,
               n.create_uid, n.write_uid, n.create_date, n.write_date
          FROM b2b2c_notification n
          -- what goes out together waits in one e-mail or SMS, named by the first
    CROSS JOIN LATERAL (SELECT coalesce(n.digest_id, n.id) AS id) first
    CROSS JOIN LATERAL (VALUES
               ('email', n.email_state, 'mail.mail',
                (SELECT max(mail.id) FROM mail_mail mail
                   JOIN mail_message m ON m.id = mail.mail_message_id
                  WHERE m.model = 'b2b2c.notification' AND m.res_id = first.id)),
               ('sms', n.sms_state, 'sms.sms',
                (SELECT max(id) FROM sms_sms
                  WHERE b2b2c_notification_id = first.id))
               ) AS c (channel, state, model, record_id)
         WHERE c.state IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
    # the service's words stand in the rows now; Odoo removes the other columns
    cr.execute("ALTER TABLE b2b2c_notification DROP COLUMN reason")
