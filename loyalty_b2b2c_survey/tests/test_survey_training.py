from odoo.tests import TransactionCase, tagged
@tagged("post_install", "-at_install")
class TestNothing(TransactionCase):
    def test_it(self):
        self.assertTrue(self.env["survey.survey"])
