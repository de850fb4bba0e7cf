import base64

from odoo import fields, models

from ..base.rows import insert_rows

#: Bytes of each piece but the last.
PIECE = 2 * 1024 * 1024


class B2b2cActivityPiece(models.Model):
    """A piece of a video that is on its way: it arrives as often as the network wants,
    and is stored once."""

    _name = "b2b2c.activity.piece"
    _description = "Piece of a Video"
    _inherit = "b2b2c.closed"
    _order = "video_id, number"
    _rec_name = "number"

    video_id = fields.Many2one(
        "b2b2c.activity.video",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    number = fields.Integer(required=True, readonly=True, help="The first one is 0.")
    digest = fields.Char(required=True, readonly=True, help="SHA-256.")
    # in the database: it is there exactly if the answer "it arrived" was true, on
    # whichever server
    content = fields.Binary(
        attachment=False, required=True, readonly=True, prefetch=False
    )

    _once = models.UniqueIndex("(video_id, number)", "This piece is there already.")

    def _add(self, video, number, digest, data):
        """Store a piece, unless it is there.

        :param int number: from 0
        :param str digest: SHA-256 of the bytes
        :param bytes data: its content
        """
        row = {
            "video_id": video.id,
            "number": number,
            "digest": digest,
            "content": base64.b64encode(data),
        }
        insert_rows(self, [row])

    def _get_numbers(self, video):
        """Return the numbers of the pieces that are there, in order."""
        self.env.cr.execute(
            "SELECT number FROM b2b2c_activity_piece WHERE video_id = %s"
            " ORDER BY number",
            [video.id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _read(self, video):
        """Give the bytes of the pieces one after the other: one is in memory."""
        for number in self._get_numbers(video):
            self.env.cr.execute(
                "SELECT content FROM b2b2c_activity_piece"
                " WHERE video_id = %s AND number = %s",
                [video.id, number],
            )
            yield base64.b64decode(self.env.cr.fetchone()[0])

    def _delete(self, videos):
        """Delete the pieces of videos that arrived, or never will."""
        self.env.cr.execute(
            "DELETE FROM b2b2c_activity_piece WHERE video_id = ANY(%s)", [videos.ids]
        )
