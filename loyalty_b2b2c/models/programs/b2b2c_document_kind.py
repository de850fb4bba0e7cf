from odoo import fields, models


class B2b2cDocumentKind(models.Model):
    """A kind of document that can earn, for the choice on a rule.

    The rows come with the modules that measure the documents; nobody edits them.
    """

    _name = "b2b2c.document.kind"
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="``DocumentFact.kind`` of the engine.")
    sequence = fields.Integer(default=10)

    _code_once = models.UniqueIndex("(code)", "This kind of document exists already.")
