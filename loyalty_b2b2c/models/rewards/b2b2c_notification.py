from odoo import api, models


class B2b2cNotification(models.Model):
    """Messages about decisions on rewards."""

    _inherit = "b2b2c.notification"

    @api.model
    def _queue_fulfilled(self, account, **news):
        """Queue the message that a reward is ready or on its way.

        :param news: see :meth:`_queue_reward`
        """
        self._queue_reward(account, "fulfilled", **news)

    @api.model
    def _queue_refused(self, account, **news):
        """Queue the message that a reward is not to be had and its points are free."""
        self._queue_reward(account, "refused", **news)

    @api.model
    def _queue_returned(self, account, **news):
        """Queue the message that a reward came back and its points are free again."""
        self._queue_reward(account, "returned", **news)

    @api.model
    def _queue_reward(self, account, kind, *, reward, reference, points=0, note=""):
        """Queue the message about a decision on a reward, once.

        :param str reward: its name, as the participant should read it
        :param str reference: identity of the redemption, ``"model,id"``
        :param points: how many points it takes, > 0
        :param str note: what the participant should read with it
        """
        self._insert(
            [
                {
                    "account_id": account.id,
                    "kind": kind,
                    "key": f"{kind}/{reference}/{account.id}",
                    "is_numbered": False,
                    "points": points,
                    "document_name": reward,
                    "details": {"note": note} if note else None,
                }
            ]
        )
