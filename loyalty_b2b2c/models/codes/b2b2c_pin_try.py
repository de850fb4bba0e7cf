from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import product_code

#: So many wrong PINs lock a code, and a person; an officer opens them again.
CODE_TRIES = 5
PERSON_TRIES = 20


class B2b2cPinTry(models.Model):
    """Wrong PINs of a code and of a person: waiting does not make new tries.

    A row is counted by the statement that adds to it.  Codes that do not exist are
    counted as those that do, so that nothing tells them apart.
    """

    _name = "b2b2c.pin.try"
    _description = "Wrong PINs"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "last_at desc, id desc"
    _rec_name = "label"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    scope = fields.Char(required=True, readonly=True)
    code_id = fields.Many2one(
        "b2b2c.code",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="loyalty_b2b2c.group_manager",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Tried Last By",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    number = fields.Integer(required=True, readonly=True, string="Wrong PINs")
    last_at = fields.Datetime(required=True, readonly=True, string="Last")
    label = fields.Char(compute="_compute_label", string="Code or Person")
    is_locked = fields.Boolean(
        compute="_compute_is_locked", search="_search_is_locked", string="Locked"
    )

    _once = models.UniqueIndex("(company_id, scope)")

    # === COMPUTE METHODS === #

    @api.depends("code_id", "partner_id")
    def _compute_label(self):
        for row in self:
            code = row.sudo().code_id.code
            row.label = product_code.masked(code) if code else row.partner_id.name

    @api.depends("scope", "number")
    def _compute_is_locked(self):
        for row in self:
            row.is_locked = row.number >= _get_limit(row.scope)

    def _search_is_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM b2b2c_pin_try
                    WHERE number >= CASE WHEN starts_with(scope, 'person/')
                                         THEN %s ELSE %s END""",
                PERSON_TRIES,
                CODE_TRIES,
            )
        )
        locked = [("id", "in", [row[0] for row in rows])]
        return locked if True in value else ["!", *locked]

    # === COUNTING === #

    @api.model
    def _is_open(self, scan):
        """Tell whether the code and the person of a scan have tries left.

        :param scan: :class:`~.scan_values.Scan` with a PIN
        """
        scopes = self._get_scopes(scan)
        rows = self.env.execute_query(
            SQL(
                """SELECT scope, number FROM b2b2c_pin_try
                    WHERE company_id = %s AND scope = ANY(%s)""",
                scan.company.id,
                list(scopes),
            )
        )
        return all(number < _get_limit(scope) for scope, number in rows)

    @api.model
    def _count(self, scan):
        """Count a wrong PIN, for the code and for the person."""
        code_scope, person_scope = self._get_scopes(scan)
        now, company_id = fields.Datetime.now(), scan.company.id
        code_id = scan.row["id"] if scan.row else None
        partner_id = scan.member.partner_id.id
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_pin_try AS t
                       (company_id, scope, code_id, partner_id, number, last_at)
                VALUES (%(company)s, %(code_scope)s, %(code)s, %(partner)s, 1, %(now)s),
                       (%(company)s, %(person_scope)s, NULL, %(partner)s, 1, %(now)s)
                ON CONFLICT (company_id, scope) DO UPDATE
                   SET number = t.number + 1, last_at = excluded.last_at,
                       partner_id = excluded.partner_id
             RETURNING id
                """,
                company=company_id,
                code_scope=code_scope,
                person_scope=person_scope,
                code=code_id,
                partner=partner_id,
                now=now,
            )
        )

    @api.model
    def _forgive(self, scan):
        """Forget the wrong PINs of a person who knew the right one."""
        _code_scope, person_scope = self._get_scopes(scan)
        self.env.execute_query(
            SQL(
                """DELETE FROM b2b2c_pin_try
                    WHERE company_id = %s AND scope = %s RETURNING id""",
                scan.company.id,
                person_scope,
            )
        )

    def _get_scopes(self, scan):
        """Return under what a code and a person are counted; a code by its hash."""
        pepper = self.env["b2b2c.code.batch"]._get_pepper()
        code = product_code.hash_pin(pepper, scan.code, "")
        return f"code/{code}", f"person/{scan.member.partner_id.id}"

    # === ACTION METHODS === #

    def action_open(self):
        """Give codes and people new tries (officers)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer may do this."))
        self.check_access("read")
        self.env.execute_query(
            SQL("DELETE FROM b2b2c_pin_try WHERE id = ANY(%s) RETURNING id", self.ids)
        )
        self.invalidate_model(flush=False)
        return True

    @api.autovacuum
    def _gc(self):
        """Forget tries of codes that never existed, a month later."""
        self.env.execute_query(
            SQL(
                """DELETE FROM b2b2c_pin_try
                    WHERE code_id IS NULL AND starts_with(scope, 'code/')
                      AND last_at < %s - interval '30 days' RETURNING id""",
                fields.Datetime.now(),
            )
        )


def _get_limit(scope):
    return PERSON_TRIES if scope.startswith("person/") else CODE_TRIES
