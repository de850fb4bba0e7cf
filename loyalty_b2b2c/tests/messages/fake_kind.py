"""A kind of message that an add-on brings: all of it is in this file."""

from ...models.messages.b2b2c_notification_kind import Kind


class FakeKind:
    """Birthdays: wished once a year, and nobody has to be wished."""

    def _get_kinds(self):
        birthday = Kind(
            label="Birthday",
            headline=lambda message: f"Happy birthday, {message.partner_id.name}",
            sentences=lambda message: [f"You are {message.details['years']} now."],
            topic="birthdays",
            tone="good",
        )
        summons = Kind(
            label="Summons",
            headline=lambda message: "Please come",
            short_text=lambda message: "COME",
            is_digested=False,
        )
        return {**super()._get_kinds(), "birthday": birthday, "summons": summons}

    def _get_topics(self):
        return {**super()._get_topics(), "birthdays": "Birthdays"}
