"""How figures are shown: points without needless zeros, pages called as their menus."""

from lxml import etree

from odoo.tests import TransactionCase, tagged

#: Shares and sums of money have a way of their own.
_OTHERS = ("monetary", "percentage", "progressbar", "float_time")
_NO_POINTS = {"percent", "bonus", "share_total"}


@tagged("post_install", "-at_install")
class TestShownFigures(TransactionCase):
    def test_points_have_no_needless_zeros(self):
        """284 points, not 284.00: in every list and pivot."""
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "b2b2c.%"), ("type", "in", ("list", "pivot"))]
        )
        wrong = [
            f"{view.xml_id}: {node.get('name')}"
            for view in views
            for node in etree.fromstring(view.arch).findall("field")
            if self._shows_zeros(self.env[view.model], node)
        ]
        self.assertFalse(wrong)

    def _shows_zeros(self, model, node):
        field = model._fields.get(node.get("name"))
        if field is None or field.type != "float" or field.name in _NO_POINTS:
            return False
        has_zeros_cut = getattr(field, "_min_display_digits", None) == 0
        return has_zeros_cut and node.get("widget") not in ("b2b2c_points", *_OTHERS)

    def test_a_page_is_called_as_its_menu(self):
        """Who opens a menu reads its words again; two pages never have one name."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "=like", "loyalty_b2b2c%")]
        )
        menus = self.env["ir.ui.menu"].browse(data.mapped("res_id")).exists()
        names = {}
        for action in {menu.action for menu in menus if menu.action}:
            if action._name == "ir.actions.act_window" and action.target != "new":
                names.setdefault(action.name, []).append(action.xml_id)
        names.pop("Settings")  # of the company, and of the database
        self.assertFalse({name: ids for name, ids in names.items() if len(ids) > 1})
        self.assertFalse({"Dashboard", "Figures", "Terms"} & names.keys())

    def test_a_new_record_has_a_title(self):
        """Not the name of a model, no version 0: a form shows it before it is saved."""
        contract = self.env["b2b2c.ladder.contract"].new()
        self.assertFalse(contract.display_name)
        text = self.env["b2b2c.consent.text"].new()
        self.assertEqual(text.display_name, "New version")
