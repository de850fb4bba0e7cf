import json
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .network_client import Refused, Unreachable

_logger = logging.getLogger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 60, 3600  # seconds
_BATCH = 200


class PointsNetworkCall(models.Model):
    """Something that happened at a till, and that the network has to hear.

    Written with the ticket, in its transaction; sent afterwards, in order, again and
    again until there is an answer. A till never waits for it.
    """

    _name = "points.network.call"
    _description = "Told to the Network"
    _order = "id desc"
    _rec_name = "key"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "pos.order",
        string="Ticket",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key = fields.Char(required=True, readonly=True)
    path = fields.Char("What", required=True, readonly=True)
    body = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="waiting",
        string="Status",
    )
    tries = fields.Integer(readonly=True, default=0)
    next_try_at = fields.Datetime(readonly=True)
    problem = fields.Char(readonly=True)

    _once = models.UniqueIndex("(company_id, key)")
    _waiting = models.Index("(next_try_at) WHERE state = 'waiting'")

    @api.model
    def _queue(self, company, key, path, body, order=None):
        """Remember a call, once per key, and let it be sent soon.

        :param str key: identity of what happened
        :param str path: of the API
        :param body: JSON value
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO points_network_call (company_id, order_id, key, path, body,
                       state, tries, create_uid, write_uid, create_date, write_date)
                VALUES (%(company)s, %(order)s, %(key)s, %(path)s, %(body)s, 'waiting',
                        0, %(uid)s, %(uid)s, %(now)s, %(now)s)
                ON CONFLICT (company_id, key) DO NOTHING RETURNING id
                """,
                company=company.id,
                order=order.id if order else None,
                key=key,
                path=path,
                body=json.dumps(body),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
        self.env.ref("loyalty_b2b2c_network_client.cron_tell_network").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Send what waits, the oldest first; of a company stop where nobody answers."""
        waiting = self.sudo().search(
            [
                ("state", "=", "waiting"),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=_BATCH,
        )
        silent = self.env["res.company"]
        for call in waiting:
            if call.company_id not in silent and not call._send():
                silent |= call.company_id
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send(self):
        """Send a call unless somebody sends it just now.

        :return: whether the network answered
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "waiting":
            return True
        try:
            client = self.company_id._b2b2c_get_network()
            self._post(client)
        except Unreachable as error:
            tries = self.tries + 1
            wait = min(_FIRST_WAIT * 2 ** (tries - 1), _LONGEST_WAIT)
            self.write(
                {
                    "tries": tries,
                    "next_try_at": fields.Datetime.now() + timedelta(seconds=wait),
                    "problem": str(error),
                }
            )
            return False
        except (Refused, UserError) as error:
            self.write({"state": "refused", "problem": str(error)})
            _logger.warning("The network refused %s: %s", self.key, error)
            return True
        self.write({"state": "done", "problem": False})
        return True

    def _post(self, client):
        """Call the network; a product it does not know is a sale of so much."""
        body = json.loads(self.body)
        try:
            client.post(self.path, body)
        except Refused as error:
            if error.code not in ("unknown_product", "ambiguous_product"):
                raise
            lines = body.pop("lines")
            for name in ("amount_untaxed", "amount_total"):
                body[name] = round(sum(line[name] for line in lines), 6)
            client.post(self.path, body)

    def action_retry(self):
        """Send what was refused again (managers of tills)."""
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise UserError(self.env._("Only a manager of tills may do this."))
        self.check_access("read")
        calls = self.sudo().filtered(lambda call: call.state != "done")
        calls.write({"state": "waiting", "next_try_at": False})
        self.env.ref("loyalty_b2b2c_network_client.cron_tell_network").sudo()._trigger()
        return True
