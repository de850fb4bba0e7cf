from dataclasses import dataclass

from odoo import api, models


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a participant cannot have a reward of a kind now.

    :param str code: stable and machine-readable
    :param str sentence: for the participant
    """

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a participant reads about a request, whatever kind of reward it is for.

    :param str title: what was requested
    :param lines: sentences below it
    :param str code: what the person shows or types somewhere
    :param str picture: address of a picture that belongs to the code, such as a QR code
        to show (``data:`` is one); the reward's own picture is shown anyway
    :param str next_step: what the person does, or waits for, now
    :param str next_url: page where that is done; the next step is a button then
    """

    title: str
    lines: tuple[str, ...] = ()
    code: str = ""
    picture: str = ""
    next_step: str = ""
    next_url: str = ""


class B2b2cRewardHandler(models.AbstractModel):
    """What happens to a request for a reward of one kind.

    Points, pieces, limits and the states of a request are the same for all kinds; they
    are no business of a handler.  A kind comes with one file: a model
    ``b2b2c.reward.handler.<kind>`` that inherits this one, and the kind itself
    (``selection_add`` on ``b2b2c.reward``), with the fields a reward of it needs.

    ``_reserve``, ``_fulfil`` and ``_release`` run with superuser rights within the
    transaction, and the savepoint, in which the points are reserved, spent or freed: if
    one of them raises, nothing happened at all.  What can be had once is taken by a
    conditional UPDATE; looking first is no guard.
    """

    _name = "b2b2c.reward.handler"
    _description = "Kind of Reward"

    @api.model
    def _check(self, offer):
        """Tell whether the reward can be had now, apart from points and pieces.

        Reads only, and little: asked for every reward of the catalogue.

        :param offer: ``b2b2c_reward_offer.Offer``; nothing else stands in its way but,
            perhaps, missing points
        :return: :class:`Refusal`, or ``None`` when it can
        """
        return None

    @api.model
    def _fulfils_itself(self, request):
        """Tell whether a request is fulfilled at once, without a person's decision.

        :param request: ``b2b2c.redemption`` that was just reserved
        """
        return False

    @api.model
    def _reserve(self, request):
        """Take what the request needs, so that nobody else gets it.

        :param request: new ``b2b2c.redemption``; its points are reserved, its pieces
            taken
        :raise RedemptionError: it is gone; its text is for the participant
        """

    @api.model
    def _fulfil(self, request):
        """Give the reward to the participant.

        :param request: ``b2b2c.redemption``; its points were just spent
        :raise RedemptionError: it cannot be given; its text is for the officer who
            decided, or for the participant when the request fulfils itself
        """

    @api.model
    def _release(self, request):
        """Give back what :meth:`_reserve` took.

        :param request: ``b2b2c.redemption`` that was refused or cancelled; its points
            and pieces are free again
        """

    @api.model
    def _describe(self, request):
        """Return what the participant reads about a request.

        Reads only: pages call it.

        :param request: ``b2b2c.redemption`` in any state
        :return: :class:`Description` in the language of the environment
        """
        note = request.note if request.state != "requested" else ""
        return Description(title=request.reward_id.name, lines=(note,) if note else ())
