from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cCodeShipping(models.Model):
    """What a shipment does to codes: serial numbers and packages name them.

    Shipped goods activate their codes, if the batch waits for that, and bind them to
    the shop they went to.  Goods that come back take theirs out of use until they are
    shipped again.  A code that was claimed takes its claim back: nothing was sold, so
    what it earned is taken back like for any document; it never counts again.
    """

    _inherit = "b2b2c.code"

    @api.model
    def _record_moves(self, moves):
        """Bring codes in line with moves that were just done.

        :param moves: ``stock.move`` with superuser rights
        """
        sent, returned = self.browse(), self.browse()
        for move in moves.filtered("move_line_ids"):
            leaves = move.location_id.usage == "customer"
            arrives = move.location_dest_id.usage == "customer"
            if arrives and not leaves:
                sent |= self._ship(move)
            elif leaves and not arrives:
                returned |= self._take_back(move)
        if sent or returned:
            self.invalidate_model(flush=False)

    def _ship(self, move):
        """Activate the codes of what a move delivered, for the shop it went to.

        :return: the codes that changed
        """
        lines = move.move_line_ids
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_code c
                   SET picking_id = %(picking)s, activated_at = %(now)s,
                       shop_id = CASE WHEN b.lot_id IS NULL THEN %(shop)s::int END,
                       state = CASE WHEN b.activation = 'shipped' THEN 'active'
                                    ELSE 'printed' END
                  FROM b2b2c_code_batch b
                 WHERE b.id = c.batch_id AND b.company_id = %(company)s
                   AND (c.state IN ('printed', 'active')
                        OR c.state = 'returned' AND c.claim_id IS NULL)
                   AND c.id IN (%(tree)s)
             RETURNING c.id
                """,
                picking=move.picking_id.id or None,
                now=fields.Datetime.now(),
                shop=self._get_shop(move).id or None,
                company=move.company_id.id,
                tree=self._select_moved(lines, lines.result_package_id),
            )
        )
        return self.browse([row[0] for row in rows])

    def _take_back(self, move):
        """Take the codes of goods that came back out of use.

        Of a lot nobody knows which units came back: its codes stay as they are.

        :return: the codes that changed
        """
        lines = move.move_line_ids
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_code c SET state = 'returned', shop_id = NULL
                  FROM b2b2c_code_batch b
                 WHERE b.id = c.batch_id AND b.company_id = %(company)s
                   AND b.lot_id IS NULL
                   AND c.state IN ('printed', 'active', 'claimed')
                   AND c.id IN (%(tree)s)
             RETURNING c.id, c.claim_id
                """,
                company=move.company_id.id,
                tree=self._select_moved(
                    lines, lines.package_id | lines.result_package_id
                ),
            )
        )
        codes = self.browse([row[0] for row in rows])
        claims = self.env["b2b2c.claim"].browse({row[1] for row in rows if row[1]})
        self._take_from_claims(codes, claims)
        return codes

    def _take_from_claims(self, returned, claims):
        """Let claims no longer count codes whose goods came back.

        :param returned: codes that just came back
        :param claims: the claims that had some of them
        """
        if not claims:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.claim_id, count(*) FILTER (WHERE c.state = 'claimed'),
                       sum(b.content) FILTER (WHERE c.id = ANY(%s))
                  FROM b2b2c_code c JOIN b2b2c_code_batch b ON b.id = c.batch_id
                 WHERE c.claim_id = ANY(%s)
                   AND NOT EXISTS (SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
              GROUP BY c.claim_id ORDER BY c.claim_id
                """,
                returned.ids,
                claims.ids,
            )
        )
        for claim_id, claimed_count, quantity in rows:
            self.env["b2b2c.claim"].browse(claim_id)._give_back(
                quantity if claimed_count else None
            )

    def _select_moved(self, lines, packages):
        """Return the query of codes on what lines moved, and on what is packed in."""
        inside = {  # a package within a container moves with it
            int(package_id)
            for path in packages.mapped("parent_path")
            for package_id in (path or "").split("/")
            if package_id
        }
        return self._select_tree(
            SQL(
                """SELECT id FROM b2b2c_code
                    WHERE lot_id = ANY(%s) OR package_id = ANY(%s)""",
                lines.lot_id.ids,
                sorted(inside),
            )
        )

    def _get_shop(self, move):
        """Return the shop a move went to, nothing for a distributor.

        A shop is somebody whose people take part; what a distributor gets is sold on,
        nobody knows to whom.
        """
        partner = move.picking_id.partner_id or move.partner_id
        partner = partner.commercial_partner_id
        if not partner:
            return partner
        is_shop = self.env["b2b2c.member"].search_count(
            [
                ("employer_id", "child_of", partner.id),
                ("company_id", "=", move.company_id.id),
            ],
            limit=1,
        )
        return partner if is_shop else partner.browse()
