from odoo import models


class B2b2cMember(models.Model):
    """Why somebody did, or did not, get points; documents that name somebody."""

    _inherit = "b2b2c.member"

    def action_why(self):
        """Ask why this person did, or did not, get points for a document."""
        self.ensure_one()
        return self.env["b2b2c.why"]._open(member=self)

    def _propose_employer(self, company, document):
        """Propose to an officer to move this membership, or to add one: once.

        :param company: ``res.partner``, for whom the person buys now
        :param document: what was bought for it
        """
        self.ensure_one()
        user = self.company_id._get_loyalty_officer()
        if not user:
            return
        member = self.with_context(lang=user.lang)
        summary = member.env._(
            "%(name)s buys for %(company)s now", name=self.name, company=company.name
        )
        activities = self.env["mail.activity"].with_context(active_test=False)
        known = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("summary", "=", summary),
        ]
        if activities.search_count(known, limit=1):
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=summary,
            note=member.env._(
                "%(document)s was bought for %(company)s, and earns %(name)s nothing: "
                "the membership is at %(employer)s. Move it if the person changed "
                "jobs, or enroll the person at %(company)s, too.",
                document=document.display_name,
                company=company.name,
                name=self.name,
                employer=self.employer_id.name,
            ),
        )

    # === PERSONAL DATA === #

    def _get_named_documents(self):
        """Return the documents of all earning sources that name these members.

        :return: list of recordsets
        """
        sources = self.env["b2b2c.source"]
        return [
            self.env[model].search(
                sources._for_model(model)._get_personal_domain(self), order="id"
            )
            for model in sources._get_sources()
        ]

    def _get_personal_data(self):
        documents = [
            document.display_name
            for documents in self._get_named_documents()
            for document in documents
        ]
        return {**super()._get_personal_data(), "documents": documents}

    def _get_personal_documents(self):
        documents = super()._get_personal_documents()
        for named in self._get_named_documents():
            documents[named._name].update(named.ids)
        return documents

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.document.buyer", impersonal=["document_model"])
        texts.add("b2b2c.milestone.sale", impersonal=["document_model", "lines"])
        texts.add(
            "b2b2c.event",
            replaced=["reason"],
            impersonal=["source_model", "transaction_ref"],
            mine=person.is_about("source_model", "source_id"),
        )
        return texts
