from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class Role:
    """What somebody in a role is called, and what such a person can do.

    :param label: the role in words, translatable
    :param one, everyone: a person in the role, and all of them, in the middle of a
        sentence; without them the label is quoted
    :param sells: sells to customers: a seller named on a document is looked for here
    :param owns: owns the shop: sees what it received, answers for its staff
    :param is_staff: works in the shop; its owner may decide who joins
    :param buys_anywhere: is bound to no shop, and may buy at each of them
    :param decides_purchases: decides what the own company buys
    """

    label: object
    one: object = None
    everyone: object = None
    sells: bool = False
    owns: bool = False
    is_staff: bool = False
    buys_anywhere: bool = False
    decides_purchases: bool = False


#: Stored value -> role; stored values are for ever.
ROLES = {
    "employee": Role(
        label=_lt("Buyer's employee"),
        one=_lt("the buyer's employee"),
        everyone=_lt("all employees of the buyer"),
        is_staff=True,
        decides_purchases=True,
    ),
    "owner": Role(
        label=_lt("Shop owner"),
        one=_lt("the shop's owner"),
        everyone=_lt("all owners of the shop"),
        owns=True,
    ),
    "salesperson": Role(
        label=_lt("Shop salesperson"),
        one=_lt("the shop's salesperson"),
        everyone=_lt("all salespeople of the shop"),
        sells=True,
        is_staff=True,
    ),
    "recommender": Role(
        label=_lt("Recommender"),
        one=_lt("the recommender"),
        everyone=_lt("all recommenders"),
    ),
    "customer": Role(
        label=_lt("End customer"),
        one=_lt("the end customer"),
        everyone=_lt("all end customers"),
        buys_anywhere=True,
    ),
    "dealer": Role(
        label=_lt("Dealer"),
        one=_lt("the dealer"),
        everyone=_lt("all people of the dealer"),
    ),
}


class B2b2cRole(models.AbstractModel):
    """Who is in a role: the registry of the roles, and what a person in one can do.

    Code asks what somebody can do (``member._sells()``), never what the role is called.
    So another role is one entry: an add-on extends :meth:`_get_roles` with ``super()``.
    """

    _name = "b2b2c.role"
    _description = "Role"

    role = fields.Selection(
        selection=lambda self: self.env["b2b2c.role"]._get_role_selection(),
        required=True,
    )

    # === REGISTRY === #

    @api.model
    def _get_roles(self):
        """Return the roles that exist.

        :return: dict stored value -> :class:`Role`, in the order of the screens
        """
        return dict(ROLES)

    @api.model
    def _get_role_selection(self):
        """Return the roles as a selection, in the reader's language."""
        return [
            (code, self.env._(role.label)) for code, role in self._get_roles().items()
        ]

    @api.model
    def _get_role_codes(self, capability):
        """Return the stored values of the roles that can do something.

        :param str capability: a field of :class:`Role`, for instance ``"sells"``
        """
        return [
            code
            for code, role in self._get_roles().items()
            if getattr(role, capability)
        ]

    # === WHAT A PERSON IN THE ROLE CAN DO === #

    @api.constrains("role")
    def _check_role(self):
        """Refuse roles that do not exist: a computed selection accepts any text."""
        roles = self._get_roles()
        for record in self:
            if record.role and record.role not in roles:
                raise ValidationError(self.env._("There is no role “%s”.", record.role))

    def _get_role(self):
        """Return the :class:`Role`; one without abilities for the role of an add-on
        that is not installed any more."""
        self.ensure_one()
        return self._get_roles().get(self.role) or Role(label=self.role or "")

    def _get_role_label(self):
        """Return the role in the reader's language."""
        label = self._get_role().label
        return label if isinstance(label, str) else self.env._(label)

    @api.model
    def _word_role(self, code, everyone=False):
        """Return a person in a role, or all of them, for the middle of a sentence.

        :param str code: stored value of the role
        """
        role = self.env["b2b2c.role"]._get_roles().get(code) or Role(label=code or "")
        words = role.everyone if everyone else role.one
        if words:
            return self.env._(words)
        label = role.label
        return f"“{label if isinstance(label, str) else self.env._(label)}”"

    def _sells(self):
        """Tell whether the person sells to customers."""
        return self._get_role().sells

    def _owns(self):
        """Tell whether the person owns the shop."""
        return self._get_role().owns

    def _is_staff(self):
        """Tell whether the person works in the shop, and its owner answers for it."""
        return self._get_role().is_staff

    def _buys_anywhere(self):
        """Tell whether the person is bound to no shop."""
        return self._get_role().buys_anywhere

    def _decides_purchases(self):
        """Tell whether the person decides what the own company buys."""
        return self._get_role().decides_purchases
