"""What was known of participants before proofs were kept is taken as proved.

Two people with one address stay two people: whoever names them by it is asked who is
meant.
"""


def migrate(cr, version):
    """Write a proof for each address of who takes part, or did."""
    cr.execute(
        """
        INSERT INTO b2b2c_address_proof (partner_id, address, way, proved_at)
        SELECT DISTINCT p.id, x.address, 'before', now() AT TIME ZONE 'UTC'
          FROM b2b2c_member m
          JOIN res_partner p ON p.id = m.partner_id
    CROSS JOIN LATERAL (VALUES (p.phone_sanitized), (p.email_normalized)) x (address)
         WHERE m.erased_at IS NULL AND coalesce(x.address, '') <> ''
            ON CONFLICT DO NOTHING
        """
    )
