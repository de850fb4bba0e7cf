from odoo import models


class PosSession(models.Model):
    """Tills are not told of fields of ours that who works there may not read.

    A till sends every field back that it was told of, and a cashier could then save no
    ticket.
    """

    _inherit = "pos.session"

    def _load_pos_data_relations(self, model, fields):
        relations = super()._load_pos_data_relations(model, fields)
        rows = self.env[model]
        return {
            name: relation
            for name, relation in relations.items()
            if not name.startswith("b2b2c_")
            or rows._has_field_access(rows._fields[name], "read")
        }
