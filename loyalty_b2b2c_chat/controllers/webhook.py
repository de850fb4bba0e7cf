import json
from functools import partial

from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from odoo import modules
from odoo.http import Controller, Response, request, route

from ..models.b2b2c_chat_channel import HOOK_PATH
from ..models.pump import answer

#: No messenger sends more at once; files are fetched by us.
_MAX_BODY = 1 << 20


class ChatWebhook(Controller):
    """Where messengers deliver to.

    What comes in is stored and answered at once; what it asks for is done after the
    answer went out. A body that nobody understands is taken as well: a messenger that
    is refused sends it again and again, and nothing else of that person.
    """

    # not website=True: a messenger follows no redirect to a language
    @route(
        f"{HOOK_PATH}<string:key>",
        type="http",
        auth="public",
        csrf=False,  # csrf: signed by the messenger, or with its secret
        save_session=False,
        methods=["GET", "POST"],
        max_content_length=_MAX_BODY,
    )
    def chat_webhook(self, key, **query):
        """Take in what a messenger delivers."""
        channel = request.env["b2b2c.chat.channel"]._find(key)
        if not channel:
            raise NotFound()
        messenger = channel._get_messenger()
        sent = request.httprequest
        if sent.method == "GET":
            challenge = messenger.get_challenge(sent.args)
            if challenge is None:
                raise NotFound()
            return Response(challenge, content_type="text/plain")
        body = self._read_body(sent)
        if not messenger.verify(sent.headers, sent.args, body):
            raise NotFound()
        if channel.state != "active":  # it is tried while it is set up
            return Response("", content_type="text/plain")
        links, incoming = (
            request.env["b2b2c.chat.inbox"].sudo()._receive(channel, _read_json(body))
        )
        quick = messenger.get_quick_answer(incoming)
        response = Response(
            json.dumps(quick) if quick else "",
            content_type="application/json" if quick else "text/plain",
        )
        self._answer_after(response, links)
        return response

    def _read_body(self, sent):
        """Return the body of a call.

        :raise RequestEntityTooLarge: it is no body of a messenger
        """
        if sent.content_length is None or sent.content_length > _MAX_BODY:
            raise RequestEntityTooLarge()
        return sent.get_data(cache=False)

    def _answer_after(self, response, links):
        """Have chats answered when the messenger got its answer."""
        registry = request.env.registry
        for link_id in links.ids:
            if modules.module.current_test:  # it looks at what follows at once
                request.env.flush_all()
                answer(registry, link_id)
            else:
                response.call_on_close(partial(answer, registry, link_id))


def _read_json(body):
    """Return what a body says, None: it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
