from odoo import fields, models


class B2b2cMemberWish(models.Model):
    """What a participant chose otherwise than the default, for one channel.

    Without a topic it is about the channel at all, with a topic about messages on it.
    What nobody chose has no row: it follows the default of the channel.
    """

    _name = "b2b2c.member.wish"
    _description = "Wish about Messages"
    _order = "id"
    _rec_name = "channel"

    member_id = fields.Many2one(
        "b2b2c.member", required=True, readonly=True, ondelete="cascade"
    )
    channel = fields.Selection(
        selection=lambda self: self.env["b2b2c.channel"]._get_channel_selection(),
        required=True,
        readonly=True,
    )
    topic = fields.Selection(
        selection=lambda self: self.env[
            "b2b2c.notification.kind"
        ]._get_topic_selection(),
        readonly=True,
        help="Empty: all messages over the channel.",
    )
    wanted = fields.Boolean(required=True, readonly=True)

    _once = models.UniqueIndex("(member_id, channel, coalesce(topic, ''))")
