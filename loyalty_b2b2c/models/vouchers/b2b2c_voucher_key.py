import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...vault import Vault, VaultError, new_data_key, read_masters, unwrap, wrap
from . import voucher_words


class B2b2cVoucherKey(models.Model):
    """The keys that codes of vouchers are encrypted with, as the master key wraps them.

    The master key is in the environment of the server (see :mod:`...vault`) and never
    in the database: a copy of these rows opens nothing.  The first data key is made
    when codes are stored for the first time.
    """

    _name = "b2b2c.voucher.key"
    _description = "Key of Voucher Codes"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "number"
    _rec_name = "number"

    number = fields.Integer(required=True, readonly=True)
    wrapped = fields.Binary(
        attachment=False, required=True, readonly=True, groups=fields.NO_ACCESS
    )
    made_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(number)")

    # === THE VAULT === #

    @api.model
    def _get_vault(self):
        """Return what seals and opens codes now.

        :return: ``vault.Vault``
        :raise VoucherKeyError: there is no key, or another one
        """
        try:
            masters = read_masters(os.environ)
            keys = self._get_wrapped() or self._make_first(masters[0])
            return Vault(
                {
                    number: unwrap(masters, number, wrapped)[0]
                    for number, wrapped in keys.items()
                }
            )
        except VaultError as error:
            raise voucher_words.refuse(self.env, error.code) from None

    @api.model
    def _get_problem(self):
        """Return why codes can neither be stored nor shown now, empty when they can.

        Reads only: forms show it before somebody tries.
        """
        try:
            masters = read_masters(os.environ)
            for number, wrapped in self._get_wrapped().items():
                unwrap(masters, number, wrapped)
        except VaultError as error:
            return voucher_words.word_vault(self.env, error.code)
        return ""

    def _get_wrapped(self):
        """Return number -> wrapped data key."""
        rows = self.env.execute_query(
            SQL("SELECT number, wrapped FROM b2b2c_voucher_key ORDER BY number")
        )
        return {number: bytes(wrapped) for number, wrapped in rows}

    def _make_first(self, master):
        """Make the first data key; of two at once, Odoo repeats the later one."""
        self._make(master, 1)
        return self._get_wrapped()

    def _make(self, master, number):
        row = {
            "number": number,
            "wrapped": wrap(master, number, new_data_key()),
            "made_at": fields.Datetime.now(),
        }
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_voucher_key (number, wrapped, made_at)
                VALUES (%(number)s, %(wrapped)s, %(made_at)s)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                **row,
            )
        )

    # === ANOTHER MASTER KEY === #

    @api.model
    def _rotate(self):
        """Let the first master key of the environment wrap all data keys, and seal new
        codes with a new one.

        The earlier master key has to stand behind the new one until this was done; then
        it opens nothing any more.

        :return: how many data keys the earlier one had wrapped
        :raise VoucherKeyError: none of the keys given opens what is stored
        """
        try:
            masters = read_masters(os.environ)
            opened = {
                number: unwrap(masters, number, wrapped)
                for number, wrapped in self._get_wrapped().items()
            }
        except VaultError as error:
            raise voucher_words.refuse(self.env, error.code) from None
        earlier = {number: key for number, (key, place) in opened.items() if place}
        for number, key in earlier.items():
            self.env.execute_query(
                SQL(
                    """UPDATE b2b2c_voucher_key SET wrapped = %s
                        WHERE number = %s RETURNING id""",
                    wrap(masters[0], number, key),
                    number,
                )
            )
        if earlier:
            self._make(masters[0], max(opened) + 1)
        self.invalidate_model(flush=False)
        return len(earlier)

    @api.model
    def action_rotate(self):
        """Use the first of the keys that the server has, and no earlier one (managers).

        :return: a message with what was done
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))
        changed = self.sudo()._rotate()
        if changed:
            text = self.env._(
                "The codes are opened by the new key now. Take the earlier one out of "
                "the server's environment."
            )
        else:
            text = self.env._("The key in use is the first one already.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": "success", "sticky": False},
        }
