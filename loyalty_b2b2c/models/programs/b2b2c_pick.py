from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Stored value -> which people of a role; the engine knows what each means.
PICKS = {
    "contact": _lt("Only the person named on the document"),
    "contact_or_first": _lt("The person named, else who enrolled first"),
    "each": _lt("Everybody in this role, each in full"),
    "split": _lt("Everybody in this role, in equal parts"),
    "seller": _lt("The salesperson named on the document"),
}


class B2b2cPick(models.AbstractModel):
    """Which of the people in a role get an award: the registry of what can be chosen.

    A pick is offered when somebody answers for it: a package that knows further people
    of a document adds it by extending :meth:`_get_picks` with ``super()``.  So who
    brought a customer (``referrer``) is added by the one that fills
    ``_get_referrers()`` of the earning source.
    """

    _name = "b2b2c.pick"
    _description = "Which People of a Role"

    pick = fields.Selection(
        selection=lambda self: self._get_pick_selection(),
        required=True,
        default="contact_or_first",
        string="Which of Them",
    )

    @api.model
    def _get_picks(self):
        """Return what can be chosen.

        :return: dict stored value -> translatable label, in the order of the screens
        """
        return dict(PICKS)

    @api.model
    def _get_pick_selection(self):
        """Return what can be chosen as a selection, in the reader's language."""
        return [(pick, self.env._(label)) for pick, label in self._get_picks().items()]

    @api.constrains("pick")
    def _check_pick(self):
        """Refuse a choice that would always be nobody."""
        picks = self._get_picks()
        for record in self:
            if record.pick not in picks:
                raise ValidationError(
                    self.env._("Nobody can be chosen by “%s”.", record.pick)
                )
