"""A messenger that another add-on brings: all of it is in this file."""

import hmac

from ..dialog.messages import File, Incoming
from ..messengers import Abilities, Health, Messenger, Sent, Unavailable


class Parrot(Messenger):
    """Parrots: each knows one person and says what it is told.

    What they do next is planned in ``answers``, what they said is in ``said``.
    """

    code = "parrot"
    label = "Parrot"
    # as fast as a test wants
    abilities = Abilities(
        per_second=100_000, chat_seconds=0.00001, can_edit=True, can_ask_contact=True
    )

    answers = []  # exceptions to raise; nothing left: say it
    said = []  # ``Outgoing``
    files = {}  # reference -> bytes

    @classmethod
    def rest(cls):
        """Forget what was said and planned."""
        for memory in (cls.answers, cls.said, cls.files):
            memory.clear()

    def verify(self, headers, query, body):
        told = headers.get("X-Parrot") or ""
        return hmac.compare_digest(told.encode(), self.account.secret.encode())

    def parse(self, payload):
        values = dict(payload)
        files = tuple(File(**file) for file in values.pop("files", ()))
        return [Incoming(**{"chat": values["user"], **values, "files": files})]

    def get_quick_answer(self, incoming):
        return {"nods": [item.press_id for item in incoming if item.press_id]}

    def fetch(self, file, max_bytes):
        content = self.files.get(file.reference)
        if content is None:
            raise Unavailable("It flew away.")
        if len(content) > max_bytes:
            raise Unavailable("Too heavy.", is_too_large=True)
        return content

    def send(self, message):
        error = self.answers.pop(0) if self.answers else None
        if error:
            raise error
        self.said.append(message)
        attachment = message.reply.attachment
        reference = f"file{len(self.said)}" if attachment else ""
        return Sent(str(len(self.said)), reference)

    def set_up(self, hook_url):
        self.hook_url = hook_url

    def get_health(self):
        return Health(is_ok=True, account="parrot_bot", pending=0)

    def get_link(self, start):
        return f"https://parrot.example.com/{self.account.name}?start={start}"


class ParrotChannel:
    """Adds the parrots to the messengers."""

    def _get_messengers(self):
        return {**super()._get_messengers(), Parrot.code: Parrot}
