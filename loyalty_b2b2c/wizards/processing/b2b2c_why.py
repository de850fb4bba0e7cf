from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.days import word_moment


class B2b2cWhy(models.TransientModel):
    """Why did this person (not) get points for this document?

    Answers with what is booked, with what the engine says about the document as it is
    now, and, when the person was not even a candidate, with the reason of that.
    """

    _name = "b2b2c.why"
    _description = "Why Points or Not"
    _inherit = "b2b2c.dialog"

    member_id = fields.Many2one(
        "b2b2c.member", string="Participant", domain="[('state', '!=', 'merged')]"
    )
    document_ref = fields.Reference(selection="_select_document", string="Document")
    verdict = fields.Char(compute="_compute_answer")
    verdict_kind = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("wait", "Pending"), ("ask", "Ask")],
        compute="_compute_answer",
    )
    answer = fields.Text(compute="_compute_answer")
    award_ids = fields.Many2many(
        "b2b2c.preview.line", compute="_compute_answer", string="Awards"
    )
    refusal_ids = fields.Many2many(
        "b2b2c.preview.line", compute="_compute_answer", string="Refusals"
    )
    entry_ids = fields.Many2many(
        "b2b2c.ledger.entry", compute="_compute_answer", string="Booked"
    )

    @api.model
    def _select_document(self):
        """Return the kinds of documents that can earn."""
        return [
            (model, self.env["ir.model"]._get(model).sudo().name)
            for model in sorted(self.env["b2b2c.source"]._get_sources())
        ]

    @api.model
    def _open(self, member=None, document=None):
        """Return the action that asks for one, given the other.

        Who alone has entries for the document is who is asked about, first; of a
        person it is the document booked last.
        """
        if document and not member:
            entries = self.env["b2b2c.ledger.entry"].search(
                [
                    ("document_model", "=", document._name),
                    ("document_id", "=", document.id),
                ]
            )
            people = entries.account_id.member_id
            member = people if len(people) == 1 else None
        if member and not document:
            document = self._find_last_document(member)
        wizard = self.create(
            {
                "member_id": member.id if member else False,
                "document_ref": (
                    f"{document._name},{document.id}" if document else False
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why or Why Not?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _find_last_document(self, member):
        """Return the document that was booked last for a person and still exists."""
        entry = self.env["b2b2c.ledger.entry"].search(
            [
                ("account_id.member_id", "in", self._get_family(member).ids),
                ("document_model", "in", list(self.env["b2b2c.source"]._get_sources())),
            ],
            order="id DESC",
            limit=1,
        )
        if not entry:
            return None
        document = self.env[entry.document_model].browse(entry.document_id)
        # of Odoo's own documents the user may have no right to see this one
        found = document.sudo().exists().with_env(self.env)
        return found if found and found.has_access("read") else None

    # === THE ANSWER === #

    @api.depends("member_id", "document_ref")
    def _compute_answer(self):
        for wizard in self:
            wizard.update(wizard._get_answer())

    def _get_answer(self):
        """Return the values of all computed fields."""
        empty = self.env["b2b2c.preview.line"]
        values = {
            "verdict": self.env._("Choose a participant and a document."),
            "verdict_kind": "ask",
            "answer": False,
            "award_ids": empty,
            "refusal_ids": empty,
            "entry_ids": self.env["b2b2c.ledger.entry"],
        }
        document, member = self.document_ref, self.member_id._origin
        if not document or not member:
            return values
        self._check_document(document)
        values["entry_ids"] = entries = self._get_entries(document, member)
        preview = self.env["b2b2c.preview"]._build(document, with_other_kinds=True)
        family = self._get_family(member)
        mine = preview.line_ids.filtered(lambda line: line.member_id in family)
        awards = mine.filtered("is_award")
        # refusals without a person (the product, the dates …) concern everybody
        refusals = mine - awards
        stranger = self._describe_candidate(document, member, mine, preview)
        if not entries and not awards and not stranger:
            refusals |= preview.line_ids.filtered(
                lambda line: not line.is_award and not line.member_id
            )
        sentences = [
            *self._describe_booked(entries),
            *([preview.problem] if preview.problem else []),
            *stranger,
        ]
        return {
            **values,
            **self._get_verdict(entries, awards, preview),
            "answer": "\n".join(sentences),
            "award_ids": awards,
            "refusal_ids": refusals,
        }

    def _check_document(self, document):
        """Refuse a document that cannot earn, or of another company."""
        if document._name not in self.env["b2b2c.source"]._get_sources():
            raise UserError(self.env._("Nothing measures this kind of document."))
        document.check_access("read")

    def _get_family(self, member):
        """Return the member with all that were merged into it, and its survivor."""
        family = merged = member._get_survivor() | member
        while merged:
            merged = merged.merged_from_ids - family
            family |= merged
        return family

    def _get_entries(self, document, member):
        """Return what is booked for the person and the document, oldest first."""
        return self.env["b2b2c.ledger.entry"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
                ("account_id.member_id", "in", self._get_family(member).ids),
            ],
            order="id",
        )

    def _get_verdict(self, entries, awards, preview):
        """Return the answer in one line, and its colour."""
        unit = (entries.unit_id or awards.program_id.unit_id)[:1]
        booked = sum(entries.mapped("points"))
        pending = sum(entries.mapped("points_pending"))
        debt = sum(entries.mapped("points_debt")) + sum(entries.mapped("points_lost"))
        if booked - debt > 0:
            text = self.env._("Yes: %s.", unit._format(booked - debt))
            return {"verdict": text, "verdict_kind": "yes"}
        if pending > 0:
            text = self.env._("Not yet: %s are pending.", unit._format(pending))
            return {"verdict": text, "verdict_kind": "wait"}
        if awards and preview.is_hypothetical:
            points = sum(awards.mapped("points")) + sum(awards.mapped("points_pending"))
            text = self.env._(
                "Not yet: %s when the document is confirmed, delivered and paid.",
                unit._format(points),
            )
            return {"verdict": text, "verdict_kind": "wait"}
        if awards:
            points = sum(awards.mapped("points")) + sum(awards.mapped("points_pending"))
            text = self.env._(
                "Not booked yet, though %s are deserved. See the events of the "
                "document.",
                unit._format(points),
            )
            return {"verdict": text, "verdict_kind": "wait"}
        if entries:
            text = self.env._("Not any more: what was booked has been taken back.")
        else:
            text = self.env._("No, nothing.")
        return {"verdict": text, "verdict_kind": "no"}

    def _describe_booked(self, entries):
        """Return a sentence per entry, in the order of booking."""
        return [
            self.env._(
                "%(day)s – %(type)s: %(points)s. %(why)s",
                day=word_moment(self.env, entry.recorded_at),
                type=dict(entry._fields["entry_type"]._description_selection(self.env))[
                    entry.entry_type
                ],
                points=entry.unit_id._format(entry.points or entry.points_pending),
                why=" ".join(entry.explanation_text.splitlines()[:1])
                or entry.reason
                or "",
            ).strip()
            for entry in entries
        ]

    def _describe_candidate(self, document, member, mine, preview):
        """Return why the person was not even looked at, if so."""
        document, member = document.sudo(), member.sudo()
        roles = dict(member.with_env(self.env)._get_role_selection())
        if mine or preview.problem:
            return []
        programs = self.env["b2b2c.program"].sudo()
        awarding = programs._get_awarding_companies(document.company_id.id)
        if member.company_id.id not in awarding:
            return [
                self.env._(
                    "The document belongs to %(there)s; %(name)s is enrolled at "
                    "%(here)s.",
                    there=document.company_id.name,
                    name=member.name,
                    here=member.company_id.name,
                )
            ]
        source = self.env["b2b2c.source"].sudo()._for_model(document._name)
        parties = source._get_parties(document)
        people = parties.buyers | parties.receivers
        if not (member.employer_id | member.contact_id) & people:
            return [
                self.env._(
                    "The customer of the document is %(customer)s; %(name)s is "
                    "%(role)s at %(employer)s and has nothing to do with it.",
                    customer=", ".join(
                        (parties.buyer_company | parties.receiver_company).mapped(
                            "name"
                        )
                    ),
                    name=member.name,
                    role=member.with_env(self.env)._get_role_label(),
                    employer=member.employer_id.name,
                )
            ]
        if not programs._get_engine_programs(
            member.company_id.id, document.company_id.id
        ):
            return [self.env._("No program has been started.")]
        if not member.active:
            return [self.env._("%s is archived and earns nothing new.", member.name)]
        awarded = set(preview.line_ids.rule_id.mapped("role"))
        if member.role in awarded:
            chosen = preview.line_ids.filtered("is_award").member_id
            if not chosen:
                return []  # the rules themselves say why
            return [
                self.env._(
                    "The rules chose somebody else: %s.",
                    ", ".join(chosen.mapped("name")),
                )
            ]
        return [
            self.env._(
                "No rule looks at %(name)s: the rules of this document are for "
                "%(roles)s.",
                name=member.name,
                roles=", ".join(sorted(roles[role] for role in awarded))
                or self.env._("nobody"),
            )
        ]
