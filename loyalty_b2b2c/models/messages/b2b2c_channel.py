from odoo import api, models


class Later(Exception):
    """A channel cannot take a message now; it is offered the message again.

    :param int seconds: after so many seconds, as the service asked for
    :param str reason: what the service said, for the back office
    :param bool for_all: the service takes nothing from us for so long, whoever it is
        for
    """

    def __init__(self, seconds, reason="", for_all=False):
        super().__init__(reason)
        self.seconds = seconds
        self.for_all = for_all


class NotDelivered(Exception):
    """A channel will never bring a message to this person: blocked, no such number …

    The text is what the service said, for the back office.
    """


class B2b2cChannel(models.AbstractModel):
    """A way to reach people, and the registry of all of them.

    A channel is one file: a model that inherits this one under its own name and sets
    the attributes below, and an extension of this model that adds it to
    :meth:`_get_channel_models`.  What a person wants to hear over it, the rows that
    tell what became of each message, repeating after a failure, preferences and screens
    come with that.

    :cvar str _code: stored value, for ever
    :cvar _label: what it is called, translatable: "E-mail"
    :cvar _phrase: how people are written to, within a sentence, translatable: "by
        e-mail"
    :cvar _missing: what a person is told who cannot be reached over it, translatable
    :cvar bool _is_default: whether it is used for people who chose nothing
    :cvar bool _is_live: whether it only shows messages where somebody looks right now:
        told in the transaction that queues a message, nobody declines it, and what
        became of it is not known
    :cvar int _max_tries: after so many refusals with :class:`Later` a message failed
    """

    _name = "b2b2c.channel"
    _description = "Channel of Messages"

    _code = None
    _label = None
    _phrase = None
    _missing = ""
    _is_default = False
    _is_live = False
    _max_tries = 5

    # === REGISTRY === #

    @api.model
    def _get_channel_models(self):
        """Return the names of the models of all channels, in the order of sending."""
        return []

    @api.model
    def _get_all(self):
        """Return the channels that exist: dict code -> channel."""
        channels = (self.env[name] for name in self._get_channel_models())
        return {channel._code: channel for channel in channels}

    @api.model
    def _get_sending(self):
        """Return the channels that bring messages to people: dict code -> channel."""
        return {
            code: channel
            for code, channel in self._get_all().items()
            if not channel._is_live
        }

    @api.model
    def _get_live(self):
        """Return the channels that show messages where somebody looks: a list."""
        return [channel for channel in self._get_all().values() if channel._is_live]

    @api.model
    def _get_channel_selection(self):
        """Return the channels messages are sent over as a selection."""
        return [
            (code, channel._get_label())
            for code, channel in self._get_sending().items()
        ]

    # === WHAT A CHANNEL SAYS OF ITSELF === #

    def _get_label(self):
        """Return what the channel is called, in the reader's language."""
        return self.env._(self._label)

    def _get_phrase(self):
        """Return how it writes to people, within a sentence."""
        return self.env._(self._phrase)

    def _get_missing(self, partner):
        """Return what a person must be told who cannot be reached, empty: nothing."""
        if not self._missing or self._get_address(partner):
            return ""
        return self.env._(self._missing)

    # === HOOKS === #

    def _get_address(self, partner):
        """Return where a person is reached, empty: nowhere.

        :param partner: ``res.partner``, the private contact of a participant or another
            contact; empty for an address that belongs to nobody yet
        """
        return ""

    def _can_reach(self, member):
        """Tell whether a participant can be reached over this channel."""
        return bool(self._get_address(member.partner_id))

    def _send(self, message):
        """Hand a message over to the service, or to a queue that does.

        In the transaction that remembers it, so that it is handed over once; what is
        put into a queue of the same database is undone with it.  The message may stand
        for others that go out with it (``part_ids``).

        :param message: ``b2b2c.notification`` in the reader's language and time zone;
            its text is ``message.message_text``, its address
            ``_get_recipient(message)``
        :return: the record it waits in, to be named by
            :meth:`~.b2b2c_notification_delivery._not_delivered` when that fails later;
            or nothing
        :raise Later: not now
        :raise NotDelivered: never
        """
        raise NotImplementedError

    def _after_failure(self, message, error):
        """Hook: a message was not delivered for good; what :meth:`_send` did is undone.

        :param error: the exception: :class:`NotDelivered`, or what was not expected
        """

    def _get_failure_words(self):
        """Hook: return the words of what the service names by a code of its own.

        :return: dict code -> sentence in the reader's language
        """
        return {}

    def _withdraw(self, records):
        """Hook: remove what :meth:`_send` returned from its queue, if it still waits.

        :param records: records of the model that was returned; they may not exist
        """

    def _get_queued(self, records):
        """Hook: return those of the records :meth:`_send` returned that have not left.

        :param records: records of one model that exist
        """
        return records.browse()

    def _announce(self, messages):
        """Show new messages to who looks right now (live channels only).

        In the transaction that queues them.

        :param messages: list of (message id, account id) of messages about accounts
        """
        raise NotImplementedError

    def _announce_to_members(self, messages):
        """Show new messages that are about no account to who looks right now (live
        channels only).

        :param messages: ``b2b2c.notification`` of participants
        """

    def _get_recipient(self, message):
        """Return the address a message goes to over this channel, empty: none."""
        return message.address or self._get_address(message.partner_id)
