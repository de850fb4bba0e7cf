from odoo import models

from ..mechanics.mechanic import NextStep

#: Kinds of reported documents.
_KINDS = {"sale", "shipment", "event"}


class B2b2cProgram(models.Model):
    """Programs that reward what is reported need somebody who reports it."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        kinds = set(self.rule_ids.document_kind_ids.mapped("code"))
        if kinds and kinds <= _KINDS:
            steps.append(self._get_report_step(kinds))
        return steps

    def _get_report_step(self, kinds):
        """Return the step that asks who reports.

        :param kinds: set of the kinds of documents that are rewarded
        """
        reports = self.env["b2b2c.external.document"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("document_type", "in", list(kinds)),
                ("state", "!=", "cancelled"),
            ],
            limit=100,
        )
        ways = self._get_reporting_ways()
        notes = [self.env._("Nobody reports yet: load a file, or give a system a key.")]
        if reports:
            notes = [self.env._("Reported so far: %s", reports), *ways]
        elif ways:
            notes = ways
        return NextStep(
            code="reports",
            order=20,
            label=self.env._("Let it be reported"),
            note=" ".join(notes),
            is_done=bool(reports or ways),
            button=self.env._("Load a File"),
            act=lambda: self.env["ir.actions.act_window"]._for_xml_id(
                "loyalty_b2b2c.b2b2c_intake_import_action"
            ),
        )

    def _get_reporting_ways(self):
        """Hook: return in which ways it is reported, each as a sentence."""
        return []
