from datetime import timedelta

from odoo import api, fields, models

from ..commands import COMMANDS
from ..commands.clerk import Clerk
from ..dialog.engine import Dialog
from ..dialog.flows import FLOWS
from ..dialog.messages import Reply
from ..dialog.turn import State

#: After so long without a word a conversation begins anew.
_FORGET = timedelta(days=2)
#: The chat among the channels of messages.
CHANNEL = "chat"


class B2b2cChatDialog(models.AbstractModel):
    """What is answered in a chat: the conversation, carried out on Odoo."""

    _name = "b2b2c.chat.dialog"
    _description = "Dialog of a Chat"

    @api.model
    def _get_flows(self):
        """Return what people can do in a chat, in the order of the dialog.

        An add-on adds its own with ``super()``: the flow, in plain Python, and the
        class that carries its commands out on Odoo.

        :return: list of (``Flow``, class of ``Commands``)
        """
        return list(zip(FLOWS, COMMANDS, strict=True))

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
        flows = self._get_flows()
        clerk = Clerk(link, [commands for _flow, commands in flows])
        state = State.from_json(self._get_state(link))
        answers = Dialog([flow for flow, _c in flows]).handle(clerk, state, incoming)
        link.write(
            {
                "dialog": state.to_json(),
                "dialog_until": fields.Datetime.now() + _FORGET,
            }
        )
        return answers

    def _get_state(self, link):
        """Return where the conversation is, nothing once it is forgotten."""
        is_fresh = link.dialog_until and link.dialog_until > fields.Datetime.now()
        return link.dialog if is_fresh else None

    @api.model
    def _after_linking(self, link, is_told=True):
        """A chat was linked just now: news come there too, and the person is told on
        other ways, so that nobody does it secretly.

        :param link: ``b2b2c.chat.link``
        :param bool is_told: there is something to tell; not to who joined just now
        """
        members = link.env["b2b2c.member"]._get_portal_members(link.partner_id)
        members._set_wishes({(CHANNEL, ""): True})
        member = self._get_first_member(link)
        if is_told and member:
            self.env["b2b2c.notification"]._tell(
                [
                    {
                        "kind": "chat_linked",
                        "key": f"chat_linked/{link.id}/{link.linked_at}",
                        "member_id": member.id,
                        "details": {"channel": link.channel_id.name},
                        "res_model": link._name,
                        "res_id": link.id,
                    }
                ]
            )

    def _get_first_member(self, link):
        """Return the membership by which somebody is told: of the channel's company."""
        members = link.env["b2b2c.member"]._get_portal_members(link.partner_id)
        ours = members.filtered(lambda one: one.company_id == link.company_id)
        return (ours or members)[:1]

    @api.model
    def _get_apology(self, link):
        """Return what is answered when something went wrong on our side.

        :param link: ``b2b2c.chat.link`` in the language of the person
        """
        return Reply(link.env._("Something went wrong here. Please try it again."))
