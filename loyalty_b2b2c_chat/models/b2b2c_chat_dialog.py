from odoo import api, models

from ..dialog.messages import Reply


class B2b2cChatDialog(models.AbstractModel):
    """What is answered in a chat: the conversation, carried out on Odoo."""

    _name = "b2b2c.chat.dialog"
    _description = "Dialog of a Chat"

    @api.model
    def _handle(self, link, incoming):
        """Do what somebody asked for and return the answers.

        Called by the queue of what came in, once per thing, in the order of the chat,
        in a savepoint of its own and the language of the link. What is raised is undone
        and answered with "please try again".

        :param link: ``b2b2c.chat.link`` of the chat; without ``partner_id`` nobody
            has linked it yet. Its ``dialog`` (JSON) keeps where the conversation is
        :param incoming: ``Incoming`` of a private chat with a person, never
            ``blocked``, ``unblocked`` or ``status``: the queue sees to these
        :return: list of ``Reply``, maybe ``GoOn`` at its end
        """
        raise NotImplementedError

    @api.model
    def _get_apology(self, link):
        """Return what is answered when something went wrong on our side.

        :param link: ``b2b2c.chat.link`` in the language of the person
        """
        return Reply(link.env._("Something went wrong here. Please try it again."))
