from dataclasses import replace

from odoo import models


class B2b2cChatOutbox(models.Model):
    """Pictures for messengers that take no files, but addresses of them."""

    _inherit = "b2b2c.chat.outbox"

    def _get_outgoing(self):
        outgoing = super()._get_outgoing()
        attachment = outgoing.reply.attachment
        abilities = self.channel_id._get_abilities()
        if not attachment or not attachment.content or not abilities.fetches_files:
            return outgoing
        address = self._get_file_address(attachment)
        attachment = replace(attachment, address=address)
        return replace(outgoing, reply=replace(outgoing.reply, attachment=attachment))

    def _get_file_address(self, attachment):
        """Return where a messenger finds a file: nobody guesses it, and it goes with
        this row.

        :param attachment: ``Attachment``
        """
        files = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        file = files.search(domain, limit=1) or files.create(
            {
                "name": attachment.name,
                "raw": attachment.content,
                "mimetype": attachment.mime,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        [token] = file.generate_access_token()
        base = self.company_id.get_base_url()
        return f"{base}/web/content/{file.id}?access_token={token}"
