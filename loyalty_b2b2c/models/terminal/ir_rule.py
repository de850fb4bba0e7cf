from odoo import models
from odoo.fields import Domain


class IrRule(models.Model):
    """Whoever serves the counter, and does nothing else, reads the terminal's answers.

    An operator needs an employee's log-in for the screen, and employees read contacts,
    colleagues, channels and whatever the next add-on gives them.  So for operators
    everything is closed, by the domain that every search and every access check asks
    for, in the models of today and those to come; only what stands here is open.
    """

    _inherit = "ir.rule"

    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        user = self.env.user
        if self.env.su or not (user and user._serves_counter_only()):
            return domain
        return domain & self._b2b2c_get_counter_domain(model_name)

    def _b2b2c_get_counter_domain(self, model_name):
        """Return the domain of the rows of a model that an operator may touch."""
        user = self.env.user
        own = {
            "res.users": [("id", "=", user.id)],  # name, language, password
            "res.partner": [("id", "=", user.partner_id.id)],
            "res.users.settings": [("user_id", "=", user.id)],
            # Odoo opens a chat with everybody who logs in; channels stay closed
            "discuss.channel": [
                ("channel_type", "=", "chat"),
                ("channel_partner_ids", "=", user.partner_id.id),
            ],
            "change.password.own": [("create_uid", "=", user.id)],
            "res.users.identitycheck": [("create_uid", "=", user.id)],
        }
        if model_name in own:
            return Domain(own[model_name])
        return Domain.TRUE if model_name in self._b2b2c_get_open() else Domain.FALSE

    def _b2b2c_get_open(self):
        """Return the models without people and amounts that the web client needs.

        :return: dict model -> why
        """
        return {
            "ir.ui.menu": "the way to the terminal",
            "res.company": "the own companies: what the employee's rule leaves",
            "res.currency": "how amounts are written",
            "res.lang": "how dates and numbers are written",
        }

    def _b2b2c_is_discreet(self, records):
        return (
            super()._b2b2c_is_discreet(records) or self.env.user._serves_counter_only()
        )
