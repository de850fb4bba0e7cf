"""A webhook of ours for tests of messengers: it verifies, reads and keeps."""

import json

from chat_servers.messenger_server import MessengerServer, Response


class Hook(MessengerServer):
    """Where a messenger's server delivers to.

    :ivar messenger: the adapter that verifies and reads
    :ivar got: everything that came, list of ``Incoming``
    :ivar status: of the next answers
    """

    def __init__(self):
        super().__init__()
        self.messenger, self.got, self.status = None, [], 200

    def answer(self, request):
        messenger = self.messenger
        if request.method == "GET":
            challenge = messenger.get_challenge(request.query)
            found = challenge is not None
            return Response((challenge or "").encode(), 200 if found else 403)
        if not messenger.verify(request.headers, request.query, request.body):
            return Response(b"", 403)
        if self.status != 200:
            return Response(b"", self.status)
        incoming = messenger.parse(json.loads(request.body))
        self.got += incoming
        answer = messenger.get_quick_answer(incoming)
        return Response(b"" if answer is None else answer)
