from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless


class EventRegistration(models.Model):
    """Notes who attended an event."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._note_training()
        return registrations

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "active"}.isdisjoint(vals):
            self._note_training()
            self._undo_training(lambda one: not one._is_attended())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_training(self):
        self._undo_training(lambda one: True)

    def _is_attended(self):
        """Tell whether somebody came with this registration."""
        return self.active and self.state == "done"

    @harmless("Could not note the attendance of %s")
    def _note_training(self):
        """Note registrations with which somebody came."""
        rows = [
            {
                "res_model": one._name,
                "res_id": one.id,
                "subject": one.event_id._get_b2b2c_subject(),
                "occasion": one.event_id._get_b2b2c_subject(),
                "score": 100,
            }
            for one in self.sudo().filtered(lambda one: one._is_attended())
        ]
        self.env["b2b2c.training.attempt"].sudo()._note(rows)

    @harmless("Could not undo the attendance of %s")
    def _undo_training(self, is_undone):
        """Note that nobody came with some of these registrations after all.

        :param is_undone: function of a registration
        """
        undone = self.sudo().filtered(is_undone)
        self.env["b2b2c.training.attempt"].sudo()._undo(self._name, undone.ids)


class EventEvent(models.Model):
    """What a training of an event is about."""

    _inherit = "event.event"

    def _get_b2b2c_subject(self):
        """Return what a training of this event is about."""
        self.ensure_one()
        return f"{self._name},{self.id}"
