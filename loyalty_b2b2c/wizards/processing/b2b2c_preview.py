from odoo import api, fields, models

from ...const import POINTS
from ...exceptions import FactError
from ...models.ledger.booked import get_booked
from ...models.processing.judge import Judge
from ...models.programs import explanation
from ...values import naive, shown

#: Why a rule can never concern a document: it is for other kinds.
_OTHER_KINDS = ("document_kind_not_matching", "event_not_matching")


class B2b2cPreview(models.TransientModel):
    """Who would get what for a document and why, and who would not.

    The same facts and the same engine as live processing; nothing is posted.
    """

    _name = "b2b2c.preview"
    _description = "Preview of Points"
    _inherit = "b2b2c.dialog"

    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(model_field="document_model", readonly=True)
    document_name = fields.Char(readonly=True)
    is_hypothetical = fields.Boolean(readonly=True)
    has_entries = fields.Boolean(readonly=True)
    problem = fields.Char(readonly=True)
    line_ids = fields.One2many("b2b2c.preview.line", "preview_id", readonly=True)
    award_ids = fields.One2many(
        "b2b2c.preview.line", "preview_id", domain=[("is_award", "=", True)]
    )
    refusal_ids = fields.One2many(
        "b2b2c.preview.line", "preview_id", domain=[("is_award", "=", False)]
    )

    @api.model
    def _open(self, document):
        """Return the action that shows the preview of ``document``."""
        preview = self._build(document)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Points of %s", document.display_name),
            "res_model": self._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_open_entries(self):
        """Open what is booked for the document."""
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id)
        return self.env["b2b2c.ledger.entry"]._open_for(document)

    def action_why(self):
        """Ask why one person did, or did not, get points for the document."""
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id)
        return self.env["b2b2c.why"]._open(document=document)

    @api.model
    def _build(self, document, with_other_kinds=False):
        """Create the preview of ``document``.

        :param bool with_other_kinds: also say of each rule for other kinds of
            documents that it is none for this one

        Before confirmation every moment (delivery, invoice, payment) is supposed to be
        reached in full; after it the document is taken as it is.
        """
        document.check_access("read")
        source = self.env["b2b2c.source"].sudo()._for_model(document._name)
        hypothetical = source._is_hypothetical(document.sudo())
        values = {
            "document_model": document._name,
            "document_id": document.id,
            "document_name": document.display_name,
            "is_hypothetical": hypothetical,
            "has_entries": bool(
                get_booked(document.sudo().env, document._name, document.ids)[
                    document.id
                ]
            ),
        }
        try:
            lines = self._get_lines(document.sudo(), hypothetical, with_other_kinds)
        except FactError as error:
            return self.create(dict(values, problem=str(error)))
        return self.create(
            dict(values, line_ids=[fields.Command.create(line) for line in lines])
        )

    def _get_lines(self, document, hypothetical, with_other_kinds, trial=None):
        """Return the values of the preview's lines.

        What other companies decide is shown to whom may see these companies.

        :param document: stored, or imagined
        :param bool with_other_kinds: see :meth:`_build`
        :param trial: see :class:`~...models.processing.judge.Judge`
        :raise FactError: the document cannot be measured
        """
        stored = get_booked(document.env, document._name, document.ids)
        booked = {document.id: stored.get(document.id, {})}
        visible = {document.company_id.id, *self.env.companies.ids}
        judge, awards, refusals = Judge(document.env, trial=trial), [], []
        for verdict in judge.ask(document, hypothetical, booked)[document.id]:
            if verdict.company.id not in visible:
                continue
            names = {line.key: line.name for line in verdict.fact.lines}
            awards += [
                self._get_award_values(award, names, booked[document.id])
                for award in verdict.decision.awards
            ]
            refusals += [
                self._get_refusal_values(refusal, names)
                for refusal in verdict.decision.refusals
                if with_other_kinds or refusal.reason.code not in _OTHER_KINDS
            ]
        return awards + refusals

    def _get_award_values(self, award, names, booked):
        before = booked.get(award.key)
        return {
            "is_award": True,
            "source_name": names.get(award.source_key),
            "program_id": award.program_id,
            "rule_id": award.rule_id,
            "member_id": award.member_id,
            "points": shown(award.points_released),
            "points_pending": shown(award.points_pending),
            "points_booked": shown(before.posted + before.pending) if before else 0,
            "expected_at": naive(award.expected_at),
            "why": self._word(award.explanation, award.program_id),
        }

    def _get_refusal_values(self, refusal, names):
        return {
            "is_award": False,
            "source_name": names.get(refusal.source_key),
            "program_id": refusal.program_id,
            "rule_id": refusal.rule_id,
            "member_id": refusal.member_id,
            "why": self._word([refusal.reason], refusal.program_id),
        }

    def _word(self, reasons, program_id):
        """Return reasons as text in the user's language.

        :param int program_id: whose they are: amounts are in its company's currency
        """
        company = self.env["b2b2c.program"].sudo().browse(program_id).company_id
        sentences = explanation.render(
            self.env, explanation.to_json(reasons), currency=company.currency_id
        )
        return "\n".join(sentences)


class B2b2cPreviewLine(models.TransientModel):
    """An award or a refusal of a preview."""

    _name = "b2b2c.preview.line"
    _description = "Line of a Preview of Points"
    _inherit = "b2b2c.dialog"
    _order = "is_award desc, id"

    preview_id = fields.Many2one("b2b2c.preview", required=True, ondelete="cascade")
    is_award = fields.Boolean(readonly=True)
    source_name = fields.Char(readonly=True, string="Product")
    program_id = fields.Many2one("b2b2c.program", readonly=True)
    rule_id = fields.Many2one("b2b2c.earning.rule", readonly=True)
    member_id = fields.Many2one("b2b2c.member", readonly=True, string="Participant")
    symbol = fields.Char(related="program_id.unit_id.symbol")
    points = fields.Float(**POINTS, readonly=True)
    points_pending = fields.Float(**POINTS, readonly=True, string="Pending")
    points_booked = fields.Float(**POINTS, readonly=True, string="Booked")
    expected_at = fields.Datetime(readonly=True, string="Expected")
    why = fields.Text(readonly=True)
