"""A partner that gives vouchers, and the key that its codes need."""

import base64
import os
from unittest.mock import patch

from ...vault import FILE_VARIABLE, VARIABLE
from ..rewards.test_redemption import RedemptionCommon

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


def use_key(*keys):
    """Return a patcher that lets the server have these keys, or none at all."""
    return patch.dict(
        os.environ, {VARIABLE: ",".join(keys), FILE_VARIABLE: ""}, clear=False
    )


class VoucherCommon(RedemptionCommon):
    """A cinema with a pool without codes, a reward of 60 points, and 300 to spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        patcher = use_key(KEY)
        patcher.start()
        cls.addClassCleanup(patcher.stop)
        cls.manager = cls._create_user("pooling", "loyalty_b2b2c.group_manager")
        cls.cinema = cls.env["res.partner"].create(
            {"name": "Cinema Kyiv", "is_company": True}
        )
        cls.pool = cls._create_pool("Cinema ticket")
        cls.ticket = cls._create_reward(
            "Ticket", 60, kind="voucher", voucher_pool_id=cls.pool.id
        )
        cls.account._earn(300, source_key="earn/vouchers")

    @classmethod
    def _create_pool(cls, name, **values):
        return cls.env["b2b2c.voucher.pool"].create(
            {
                "name": name,
                "partner_id": cls.cinema.id,
                "company_id": cls.company.id,
                "value": 10,
                "cost": 7.5,
                **values,
            }
        )

    @classmethod
    def _import(cls, *codes, pool=None, content=None, user=None, **values):
        """Import codes, or a whole file; return the import."""
        if content is None:
            content = "\n".join(["Code", *codes]).encode()
        record = (
            cls.env["b2b2c.voucher.import"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "name": "codes.csv",
                    "pool_id": (pool or cls.pool).id,
                    "upload": base64.b64encode(content),
                    **values,
                }
            )
        )
        record.action_import()
        return record

    def _vouchers(self, pool=None):
        """Return code -> voucher, of all codes of a pool."""
        self.env.invalidate_all()
        vouchers = self.env["b2b2c.voucher"].search(
            [("pool_id", "=", (pool or self.pool).id)]
        )
        codes = [code for code, _pin in vouchers._open_codes()]
        return dict(zip(codes, vouchers, strict=True))

    def _states(self, pool=None):
        """Return code -> state, of all codes of a pool."""
        vouchers = self._vouchers(pool)
        return {code: voucher.state for code, voucher in vouchers.items()}
