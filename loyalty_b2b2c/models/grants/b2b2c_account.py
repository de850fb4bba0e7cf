from odoo import api, models


class B2b2cAccount(models.Model):
    """Points that are exchanged for a reward as soon as they are usable."""

    _inherit = "b2b2c.account"

    @api.model
    def _after_booking(self, booked):
        result = super()._after_booking(booked)
        self.env["b2b2c.grant"].sudo()._add(booked)
        return result

    def _before_taking_back(self, entries, points):
        result = super()._before_taking_back(entries, points)
        self.env["b2b2c.grant"].sudo()._undo(entries, points)
        return result
