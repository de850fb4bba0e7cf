from dataclasses import dataclass, replace

from odoo import api, models

from ...exceptions import RedemptionError


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a participant cannot have a reward of a kind now.

    :param str code: stable and machine-readable
    :param str sentence: for the participant
    """

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a kind of reward has to know before it can be requested.

    :param str name: key of the answer
    :param str label: what is asked for, for the participant
    :param str kind: ``"text"``, ``"choice"``, ``"phone"`` or ``"email"``: how a page
        asks
    :param options: pairs of stored value and label, for a choice
    :param str value: the answer to begin with
    :param str help: a sentence below it
    """

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    help: str = ""
    is_required: bool = True


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
    :param str status: how far it is, where the kind knows more than the states all
        requests have, such as "on its way"
    """

    title: str
    lines: tuple[str, ...] = ()
    code: str = ""
    picture: str = ""
    next_step: str = ""
    next_url: str = ""
    status: str = ""


class B2b2cRewardHandler(models.AbstractModel):
    """What happens to a request for a reward of one kind.

    Points, pieces, limits and the states of a request are the same for all kinds; they
    are no business of a handler.  A kind comes with one file: a model
    ``b2b2c.reward.handler.<kind>`` that inherits this one, and the kind itself
    (``selection_add`` on ``b2b2c.reward``), with the fields a reward of it needs.

    ``_reserve``, ``_fulfil``, ``_release`` and ``_take_back`` run with superuser rights
    within the transaction, and the savepoint, in which the points are reserved, spent
    or freed: if one of them raises, nothing happened at all.  What can be had once is
    taken by a conditional UPDATE; looking first is no guard.

    A kind with documents of its own, such as a delivery or a payment, moves the request
    when they move: ``b2b2c.redemption._fulfil``, ``_refuse``, ``_return``.
    """

    _name = "b2b2c.reward.handler"
    _description = "Kind of Reward"

    #: What stands for a reward of the kind that has no picture (Font Awesome).
    _icon = "fa-gift"

    @api.model
    def _word_giving(self, reward):
        """Return how people get a reward of the kind: a sentence for its page.

        :param reward: ``b2b2c.reward``
        """
        return ""

    @api.model
    def _count_left(self, reward):
        """Return how many pieces the kind can still give.

        Reads only, and little: asked for every reward of the catalogue.

        :param reward: ``b2b2c.reward``
        :return: ``None`` when the kind does not count them
        """
        return None

    @api.model
    def _check(self, offer):
        """Tell whether the reward can be had now, apart from points and pieces.

        Reads only, and little: asked for every reward of the catalogue, whose records
        are read together where fields of them are asked for.  The code ``"sold_out"``
        is shown as such.

        :param offer: ``b2b2c_reward_offer.Offer``; nothing else stands in its way but,
            perhaps, missing points
        :return: :class:`Refusal`, or ``None`` when it can
        """
        return None

    @api.model
    def _get_questions(self, offer):
        """Return what the participant has to say before requesting.

        Reads only: pages call it.

        :param offer: ``b2b2c_reward_offer.Offer``
        :return: tuple of :class:`Question`
        """
        return ()

    @api.model
    def _read_answers(self, offer, answers):
        """Return the answers of a participant as :meth:`_reserve` wants them.

        Whatever a client sent is garbage until it was read here.

        :param dict answers: name of a question -> text
        :return: dict; here the texts without blanks around them
        :raise RedemptionError: an answer is missing or not possible; its text is for
            the participant
        """
        read = {}
        for question in self._get_questions(offer):
            text = str(answers.get(question.name) or "").strip()
            if question.is_required and not text:
                sentence = self.env._("Please fill in “%s”.", question.label)
                raise RedemptionError("answer", sentence)
            if question.options and text and text not in dict(question.options):
                sentence = self.env._("Please choose one of “%s”.", question.label)
                raise RedemptionError("answer", sentence)
            read[question.name] = text
        return read

    @api.model
    def _is_by_hand(self, request):
        """Tell whether officers may fulfil a request by the button.

        Not where something else proves it: a delivery that arrived, a payment that was
        made.

        :param request: ``b2b2c.redemption`` that waits
        """
        return True

    @api.model
    def _may_cancel(self, request):
        """Tell whether the participant may still take a waiting request back."""
        return True

    @api.model
    def _is_instant(self, reward):
        """Tell whether requests are fulfilled at once, without a person's decision.

        :param reward: ``b2b2c.reward``
        """
        return False

    @api.model
    def _reserve(self, request, answers):
        """Take what the request needs, so that nobody else gets it.

        :param request: new ``b2b2c.redemption``; its points are reserved, its pieces
            taken
        :param dict answers: what :meth:`_read_answers` returned
        :raise RedemptionError: it is gone; its text is for the participant
        """

    @api.model
    def _spend(self, request):
        """Spend the points of a request that are still reserved.

        :param request: ``b2b2c.redemption`` that is being fulfilled
        :return: the entry that spent them
        """
        return request.hold_id.account_id._capture(request.hold_id)

    @api.model
    def _fulfil(self, request):
        """Give the reward to the participant.

        :param request: ``b2b2c.redemption``; its points were just spent
        :raise RedemptionError: it cannot be given; its text is for the officer who
            decided, or for the participant when the request fulfils itself
        """

    @api.model
    def _hand_over(self, request, user):
        """Give everything that still waits to who stands at the desk.

        :param request: ``b2b2c.redemption`` whose code was shown
        :param user: ``res.users`` who hands it over
        :raise UserError: it cannot be given; its text is for the user
        """
        request._fulfil(user)

    @api.model
    def _get_cost(self, request, quantity):
        """Return what pieces of a request cost the company, a float in its currency.

        :param int quantity: how many pieces are being given
        """
        return request.reward_id._get_piece_cost() * quantity

    @api.model
    def _release(self, request):
        """Give back what :meth:`_reserve` took.

        :param request: ``b2b2c.redemption`` that was refused or cancelled; its points
            and pieces are free again.  What was given of it before stays given
            (``quantity_given``)
        """

    @api.model
    def _take_back(self, request):
        """Do what follows when a reward that was given came back.

        :param request: ``b2b2c.redemption`` that was fulfilled; its points are the
            participant's again
        :raise UserError: it cannot come back, as it was used; its text is for the
            person who takes it back
        """

    @api.model
    def _describe(self, request):
        """Return what the participant reads about a request.

        Reads only: pages call it.

        :param request: ``b2b2c.redemption`` in any state
        :return: :class:`Description` in the language of the environment
        """
        note = request.note if request.state != "requested" else ""
        description = Description(
            title=request.reward_id.name, lines=(note,) if note else ()
        )
        if not request._is_collected():
            return description
        return replace(
            description,
            lines=(self.env._("Collect it at: %s", request.pickup_place),),
            code=request._get_handover_text(),
            picture=request._get_handover_picture(),
            next_step=self.env._("Show this code where you collect it."),
        )
