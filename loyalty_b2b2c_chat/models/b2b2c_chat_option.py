from odoo import api, fields, models


class B2b2cChatOption(models.Model):
    """A setting of a channel that only its messenger needs."""

    _name = "b2b2c.chat.option"
    _description = "Setting of a Chat Channel"
    _order = "id"

    channel_id = fields.Many2one(
        "b2b2c.chat.channel", required=True, index=True, ondelete="cascade"
    )
    code = fields.Char(required=True)
    label = fields.Char(compute="_compute_texts")
    help_text = fields.Char(compute="_compute_texts", string="What It Is")
    value = fields.Char(groups="base.group_system")

    _once = models.UniqueIndex("(channel_id, code)")

    @api.depends("channel_id.kind", "code")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            options = {}
            if row.channel_id:
                options = row.channel_id._get_messenger_class().options
            option = options.get(row.code)
            row.label = self.env._(option.label) if option else row.code
            row.help_text = self.env._(option.help) if option and option.help else ""
