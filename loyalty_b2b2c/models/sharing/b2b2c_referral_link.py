import base64

from odoo import api, models

from ...drawing.label_sheet import draw_svg
from ...drawing.poster import Poster, draw_poster
from ...drawing.share_picture import SharePicture, draw_share_picture
from ...engine import referral_code
from ...fonts import get_picture_fonts, load_paper_fonts
from .share_links import WAYS, fill


class B2b2cReferralLink(models.Model):
    """A recommendation on its way: as text, as a picture, on paper."""

    _inherit = "b2b2c.referral.link"

    # === WORDS === #

    def _word_recommender(self):
        """Return who recommends, as the person chose to be called; may be empty."""
        self.ensure_one()
        if not self.shown_name:
            return ""
        return self.env._("%s recommends us", self.shown_name)

    def _word_offer(self):
        """Return what is offered, in a sentence or two."""
        self.ensure_one()
        return self.campaign_id.offer or self.campaign_id._word_title()

    def _word_message(self):
        """Return what the recommender's own app says beside the link."""
        self.ensure_one()
        return self.env._(
            "I recommend %(company)s: %(offer)s. My code: %(code)s",
            company=self.company_id.name,
            offer=self.campaign_id._word_title(),
            code=self.code,
        )

    def _word_given(self):
        """Return, for who sells, what the customer pays less with this code."""
        self.ensure_one()
        campaign = self.campaign_id
        words = [campaign._word_discount() or self.env._("No discount")]
        return " · ".join([*words, *campaign._word_terms()])

    # === LINKS === #

    def _get_print_url(self):
        """Return the address of a QR code: upper case makes it smaller, and easier to
        scan."""
        self.ensure_one()
        return self.url.upper()

    def _get_share_links(self):
        """Return where it is shared.

        :return: list of dict with the keys ``channel``, ``label``, ``icon``, ``href``
        """
        self.ensure_one()
        words = self._word_message()
        return [
            {
                "channel": channel,
                "label": self.env._(way.label),
                "icon": way.icon,
                "href": fill(
                    way, f"{self.url}?c={channel}", words, self.company_id.name
                ),
            }
            for channel, way in WAYS.items()
        ]

    def _get_qr_picture(self):
        """Return the QR code of the link as the address of a picture."""
        self.ensure_one()
        svg = base64.b64encode(draw_svg(self._get_print_url())).decode()
        return f"data:image/svg+xml;base64,{svg}"

    # === DRAWINGS === #

    def _draw_poster(self, paper):
        """Return the PDF of what is hung up, put on a table or given away.

        :param str paper: a key of :data:`~.drawing.poster.PAPERS`
        :raise KeyError: there is no such paper
        """
        self.ensure_one()
        load_paper_fonts()
        campaign, company = self.campaign_id, self.company_id
        return draw_poster(
            Poster(
                link=self._get_print_url(),
                code=self.code,
                title=campaign._word_title(),
                hint=self.env._("Scan the code, or name it when you buy."),
                company=company.name,
                address=self.url.partition("://")[2],
                note=" ".join(campaign._word_terms()),
                by=self._word_recommender(),
                picture=self.company_id._get_own_logo(),
                color=campaign._get_color(),
            ),
            paper,
        )

    def _draw_picture(self):
        """Return the JPEG that messengers show of the link."""
        self.ensure_one()
        campaign = self.campaign_id
        return draw_share_picture(
            SharePicture(
                title=campaign._word_title(),
                by=self._word_recommender(),
                company=self.company_id.name,
                code=self.code,
                logo=self.company_id._get_own_logo(),
                color=campaign._get_color(),
            ),
            *get_picture_fonts(),
        )

    # === OPENED === #

    @api.model
    def _find_opened(self, text, asker):
        """Return the link somebody opened, of whichever company here it is.

        :param text: the code of the address: anything
        :param str asker: who opened it, see :meth:`_find`
        :return: see :meth:`_find`
        """
        key = referral_code.read(text).key
        link = self.sudo().search([("key", "=", key)], limit=1) if key else self
        return self._find(text, link.company_id or self.env.company, asker)
