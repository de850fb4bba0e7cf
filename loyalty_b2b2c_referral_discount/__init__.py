from . import models


def uninstall_hook(env):
    """Leave no program behind that gives discounts by codes nobody checks any more."""
    env["loyalty.program"]._b2b2c_close_referrals()
