"""A fault in a hook of a till stops no sale, beside coupons and restaurants too."""

from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c_pos.tests import test_till_hooks


@tagged("post_install", "-at_install")
class TestRecommendedHooks(test_till_hooks.TestTillHooks):
    """Here the registry knows the hooks of recommendations as well."""

    test_control_a_bare_patch_stops_a_sale = None
