import json

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.messages.b2b2c_channel import Later, NotDelivered
from odoo.addons.loyalty_b2b2c.models.webhooks import sending

from ..addresses import path
from ..pages.app import App

_lt = LazyTranslate(__name__)

_PAUSE = 600
#: What passes: the service could not be asked.
_BUSY = ("unreachable", "late")


class Gone(NotDelivered):
    """None of a person's browsers takes messages any more.

    :param devices: ids of their rows
    """

    def __init__(self, devices, reason):
        super().__init__(reason)
        self.devices = devices


class B2b2cChannel(models.AbstractModel):
    _inherit = "b2b2c.channel"

    @api.model
    def _get_channel_models(self):
        return [*super()._get_channel_models(), "b2b2c.channel.push"]


class B2b2cChannelPush(models.AbstractModel):
    """Messages on a person's phone, by the maker of its browser.

    They lie on a locked screen for everybody to see: no amounts, no names, no codes.
    """

    _name = "b2b2c.channel.push"
    _description = "Messages on the Phone"
    _inherit = "b2b2c.channel"

    _code = "push"
    _label = _lt("App")
    _phrase = _lt("on the phone")
    _missing = _lt("No phone of yours shows messages yet.")

    def _get_devices(self, partner):
        devices = self.env["b2b2c.push.device"].sudo()
        return devices.search([("partner_id", "=", partner.id)]) if partner else devices

    def _get_address(self, partner):
        """Return how many phones there are; their addresses are secrets."""
        count = len(self._get_devices(partner))
        return self.env._("%s devices", count) if count else ""

    def _send(self, message):
        if message._get_kind().secret_minutes:
            raise NotDelivered(self.env._("Codes are not shown on a locked screen."))
        note = json.dumps(self._get_note(message))
        gone, waits, shown = [], [], 0
        for device in self._get_devices(message.partner_id):
            try:
                device._push(note)
                shown += 1
            except sending.NotSent as error:
                if error.code in _BUSY or error.status == 429 or error.status >= 500:
                    waits.append(error.wait or _PAUSE)
                else:
                    gone.append(device.id)
        if waits and not shown:
            raise Later(min(waits), self.env._("The phone's service is busy."))
        if not shown:
            raise Gone(gone, self.env._("The phone shows no messages any more."))
        self._forget(gone)

    def _get_note(self, message):
        """Return what the phone shows; the same message twice is shown once."""
        is_one = len(message.part_ids) < 2
        company = message.company_id
        text = message.env._(message._get_kind().label) if is_one else ""
        return {
            "title": company.name,
            "body": text or message.env._("There is news about your rewards."),
            "icon": App(message.env(su=True)).get_icon_address(company, 192),
            "tag": f"b2b2c-{message.id}",
            "lang": (message.env.lang or "en_US").replace("_", "-"),
            "data": {"url": path("overview")},
        }

    def _after_failure(self, message, error):
        if isinstance(error, Gone):
            self._forget(error.devices)

    def _forget(self, ids):
        """Forget browsers that take nothing any more."""
        self.env["b2b2c.push.device"].sudo().browse(ids).unlink()
