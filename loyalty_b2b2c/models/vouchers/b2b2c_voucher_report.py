from odoo import fields, models
from odoo.tools import SQL, format_date

from ...tabular import write_csv


class B2b2cVoucherPool(models.Model):
    """What the partner is told: how many codes were given, shown, returned or not
    used, and which ones came back."""

    _inherit = "b2b2c.voucher.pool"

    def _get_partner_report(self):
        """Return the figures of this pool for its partner.

        :return: dict with ``day``, ``rows`` (figures with value and cost, one of them
            the total), ``months`` (what was given and shown when) and ``files``
        """
        self.ensure_one()
        count = self._count()[self.id]
        labels = {
            "shown": self.env._("Given and shown"),
            "given": self.env._("Given, not shown yet"),
            "reserved": self.env._("Reserved for a request"),
            "free": self.env._("Not given"),
            "over": self.env._("Not given in time"),
            "returned": self.env._("Returned to you"),
        }
        rows = [self._get_row(label, count[key]) for key, label in labels.items()]
        total = self._get_row(self.env._("All"), count.total(), is_total=True)
        return {
            "day": self._get_today(),
            "rows": [*rows, total],
            "months": self._get_months(),
            "files": self.import_ids.filtered("added_count"),
        }

    def _get_row(self, label, count, is_total=False):
        return {
            "label": label,
            "count": count,
            "value": count * self.value,
            "cost": count * self.cost,
            "is_total": is_total,
        }

    def _get_months(self):
        """Return how many codes were given, and shown first, in each month."""
        zone = self.company_id.b2b2c_timezone or "UTC"
        rows = self.env.execute_query(
            SQL(
                """
                SELECT month::date, count(*) FILTER (WHERE what = 'given'),
                       count(*) FILTER (WHERE what = 'shown')
                  FROM b2b2c_voucher v
            CROSS JOIN LATERAL (VALUES ('given', v.given_at), ('shown', v.shown_at))
                    AS m (what, at)
            CROSS JOIN LATERAL date_trunc('month',
                       m.at AT TIME ZONE 'UTC' AT TIME ZONE %s) AS month
                 WHERE v.pool_id = %s AND m.at IS NOT NULL
              GROUP BY 1 ORDER BY 1
                """,
                zone,
                self.id,
            )
        )
        return [
            {
                "label": format_date(self.env, month, date_format="LLLL yyyy"),
                "given": given,
                "shown": shown,
            }
            for month, given, shown in rows
        ]

    # === THE LIST OF WHAT CAME BACK === #

    def action_open_returned(self):
        """Download the codes that went back to the partner (managers).

        They are nobody's any more; the partner needs them to take them out of use.
        """
        self.ensure_one()
        self._own()
        return {
            "type": "ir.actions.act_url",
            "url": f"/loyalty/vouchers/{self.id}/returned",
            "target": "download",
        }

    def _render_returned(self):
        """Return the codes that went back to the partner as a CSV file, and write down
        who has it (managers).

        :raise UserError: the user is no manager, or there is no key
        """
        self.ensure_one()
        pool = self._own()
        vouchers = self.env["b2b2c.voucher"].sudo().search(
            [("pool_id", "=", pool.id), ("state", "=", "returned")]
        )  # fmt: skip
        rows = [("Code", "PIN", "Returned on")]
        rows += [
            (code, pin, fields.Date.to_string(voucher.returned_at))
            for voucher, (code, pin) in zip(
                vouchers, vouchers._open_codes(), strict=True
            )
        ]
        pool._message_log(
            body=self.env._(
                "%s downloaded the list of returned codes.", self.env.user.name
            )
        )
        return write_csv(rows)
