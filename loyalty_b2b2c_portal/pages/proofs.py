class Proofs:
    """Which proofs of sale (scans, receipts) of a person earn something for anybody.

    Who hands in need not be who benefits: a salesperson scans for the owner.

    :param submitters: memberships that may hand in, see :func:`membership.submitters`
    """

    def __init__(self, submitters):
        self.submitters, self.env = submitters, submitters.env

    def codes_earn(self):
        """Tell whether there are codes whose scans by this person earn something."""
        batches = self.env["b2b2c.code.batch"].search_count(
            [
                ("company_id", "in", self.submitters.company_id.ids),
                ("state", "in", ("printed", "active", "frozen")),
            ],
            limit=1,
        )
        return bool(batches) and self._earn(
            [
                "|",
                ("document_kind_ids", "=", False),  # every kind
                ("document_kind_ids.code", "=", "scan"),
            ]
        )

    def receipts_earn(self):
        """Tell whether receipts of this person would earn something."""
        return self._earn([("document_kind_ids.code", "in", ("receipt", "tax_stamp"))])

    def _earn(self, domain):
        """Tell whether a running rule is for one of these people or their shops.

        :param domain: of the rules for such proofs
        """
        rules = self.env["b2b2c.earning.rule"].search(
            [
                ("program_id.company_id", "in", self.submitters.company_id.ids),
                ("program_id.state", "=", "running"),
                *domain,
            ]
        )
        return any(
            self._is_for(member, rule.program_id, beneficiary)
            for member in self.submitters
            for rule in rules
            for beneficiary in rule.share_ids or rule
        )

    def _is_for(self, member, program, beneficiary):
        """Tell whether a rule, or a share of one, is for a person or the shop.

        :param beneficiary: the rule or the share: has a ``role`` and a ``pick``
        """
        if program.company_id != member.company_id or beneficiary.pick == "referrer":
            return False
        if beneficiary.role == member.role:
            people = member
        elif beneficiary.pick in ("contact", "seller"):  # only who hands in
            return False
        else:
            people = member.search(
                [
                    ("employer_id", "=", member.employer_id.id),
                    ("company_id", "=", member.company_id.id),
                    ("role", "=", beneficiary.role),
                    ("state", "=", "enrolled"),
                ]
            )
        return any(
            not person.program_ids or program in person.program_ids for person in people
        )
