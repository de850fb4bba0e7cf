from odoo import models

#: What is bigger is found on the partner's page only.
_MOST_BYTES = 5 * 1024 * 1024


class B2b2cChannelEmail(models.AbstractModel):
    """The letter of a settlement brings its paper and its table."""

    _inherit = "b2b2c.channel.email"

    def _get_email_values(self, message):
        values = super()._get_email_values(message)
        if message.kind != "settlement_sent":
            return values
        settlement = message._get_record()
        if settlement:
            files = (settlement.paper_id | settlement.table_id).filtered(
                lambda file: file.file_size <= _MOST_BYTES
            )
            values["attachment_ids"] = [(4, file.id) for file in files]
        return values
