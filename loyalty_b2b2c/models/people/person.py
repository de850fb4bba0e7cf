"""One person: contacts, memberships, users, and how to find what names the person."""

from functools import cached_property

from odoo.tools import SQL


class Person:
    """Everything that is one and the same person.

    :param partner: the private contact, superuser environment
    :param contacts: contacts of companies that are the same person
    """

    def __init__(self, partner, contacts=None):
        self.env = partner.env(context=dict(partner.env.context, tracking_disable=True))
        self.partner = partner.with_env(self.env)
        contacts = contacts if contacts is not None else partner.browse()
        people = self.env["res.partner"].with_context(active_test=False)
        # private addresses of the person are the person's data too
        self.partners = people.search(
            [("id", "child_of", (self.partner | contacts).ids)]
        )
        self.members = (
            self.env["b2b2c.member"]
            .with_context(active_test=False)
            .search([("partner_id", "=", partner.id)])
        )
        self.users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "in", self.partners.ids)])
        )
        self.reach, self.names = self._get_markers()

    def _get_markers(self):
        """Return the texts to look for: addresses and numbers; names."""
        reach, names = set(), set()
        for partner in self.partners:
            reach |= {
                partner.email, partner.email_normalized, partner.phone,
                partner.phone_sanitized,
            }  # fmt: skip
            names.add(partner.name)
        reach |= {user.login for user in self.users if "@" in (user.login or "")}
        return (
            sorted({text for text in reach if text and len(text) > 5}, key=len)[::-1],
            sorted({text for text in names if text and len(text) > 3}, key=len)[::-1],
        )

    @cached_property
    def documents(self):
        """Model -> ids of the documents that are the person's, read once."""
        return self.members._get_personal_documents()

    def is_about(self, model_column, id_column):
        """Return the SQL condition that a row ``t`` is about a document of the person.

        :param str model_column: the column that names a model
        :param str id_column: the column with the id of its record
        """
        conditions = [
            SQL(
                "(t.%s = %s AND t.%s = ANY(%s))",
                SQL.identifier(model_column),
                model,
                SQL.identifier(id_column),
                [*ids],
            )
            for model, ids in self.documents.items()
        ]
        if not conditions:
            return SQL("FALSE")
        return SQL("(%s)", SQL(" OR ").join(conditions))

    def is_mine(self, column, ids):
        """Return the SQL condition that a column of a row ``t`` is one of ``ids``."""
        return SQL("t.%s = ANY(%s)", SQL.identifier(column), [*ids])
