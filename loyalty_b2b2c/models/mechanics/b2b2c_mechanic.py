from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Whom mechanics reward, in the order of the gallery.
GROUPS = {
    "buyer": _lt("Who buys for a company"),
    "seller": _lt("Who sells in a shop"),
    "owner": _lt("Who owns a shop"),
    "dealer": _lt("Dealers"),
    "customer": _lt("End customers"),
    "recommender": _lt("Who recommends"),
    "task": _lt("Tasks and contests"),
    "training": _lt("Training"),
}


class B2b2cMechanic(models.AbstractModel):
    """The gallery of mechanics: what can be set up with one dialog.

    A mechanic stands in the package of its capability, which extends
    :meth:`_get_mechanics` with ``super()``; so what is not installed is not shown.
    """

    _name = "b2b2c.mechanic"
    _description = "Gallery of Mechanics"

    # === REGISTRY === #

    @api.model
    def _get_groups(self):
        """Return whom mechanics reward.

        :return: dict code -> translatable label, in the order of the gallery
        """
        return dict(GROUPS)

    @api.model
    def _get_mechanics(self):
        """Return the mechanics there are.

        :return: dict code -> :class:`~.mechanic.Mechanic`, in the order of the gallery
        """
        return {}

    @api.model
    def _get_offered(self):
        """Return the mechanics that can be set up here, as :meth:`_get_mechanics`."""
        return {
            code: one
            for code, one in self._get_mechanics().items()
            if not one.is_offered or one.is_offered(self.env)
        }

    # === REMOTE METHODS === #

    @api.model
    def get_gallery(self, groups=None):
        """Return what the gallery shows, to whoever may create programs.

        :param groups: list of codes of groups to show, all by default
        :return: list of dict with ``code``, ``label`` and ``mechanics``: list of dict
            with ``code``, ``label``, ``note``, ``picture``; empty without the right
        """
        if not self.env["b2b2c.program"].has_access("create"):
            return []
        offered = self._get_offered().items()
        shown = [
            {
                "code": group,
                "label": self.env._(label),
                "mechanics": [
                    {
                        "code": code,
                        "label": self.env._(one.label),
                        "note": self.env._(one.note),
                        "picture": one.picture,
                    }
                    for code, one in offered
                    if one.group == group
                ],
            }
            for group, label in self._get_groups().items()
            if not isinstance(groups, list) or group in groups
        ]
        return [group for group in shown if group["mechanics"]]

    @api.model
    def open_mechanic(self, code):
        """Return the dialog that sets up a mechanic.

        :param str code: see :meth:`_get_mechanics`
        :raise AccessError: the user makes no programs
        :raise UserError: there is no such mechanic, or none any more
        """
        self.env["b2b2c.program"].check_access("create")
        mechanic = self._get_offered().get(code if isinstance(code, str) else "")
        if not mechanic:
            raise UserError(
                self.env._("This cannot be set up here. Open the page anew.")
            )
        if mechanic.opens:
            return mechanic.opens(self.env)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(mechanic.label),
            "res_model": "b2b2c.mechanic.begin",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_mechanic": code},
        }
