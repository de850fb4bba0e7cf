"""Forgetting a person: personal data go, the books stay.

What is booked names accounts and amounts, never a person, so the ledger needs no
change.  Everything else that is the person's goes: the private contact with its
addresses, bank accounts and pictures, the portal user, messages and their tracking,
e-mails and SMS, files, photos of receipts, how the person joined.  Texts about the
person elsewhere lose the e-mail address and the phone number, and in documents of the
person also the name (``erasure_texts.py``).

Not touched, because the law keeps them: documents of the ledger and of accounting.
"""

from collections import defaultdict

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..people.member_code import new_code
from .erasure_texts import TextEraser

#: Own models whose rows about the person are deleted.
DELETED = {"b2b2c.join"}
#: Own fields that are emptied, or filled anew, on the person's rows.
CLEARED = {
    "b2b2c.claim": {"address"},
    "b2b2c.member": {"code"},
    "b2b2c.receipt": {"seen"},
    "b2b2c.receipt.page": {"image"},
}
#: Rows of these models are about one record, named by two columns.
_ABOUT = (
    ("mail.activity", "res_model"),
    ("mail.followers", "res_model"),
    ("mail.message", "model"),
    ("ir.attachment", "res_model"),
)
_KEPT_FIELDS = {"name", "type", "lang", "tz", "active", "company_id", "color"}
_TEXT_TYPES = ("char", "text", "html", "binary", "image", "json", "date")


class Erasure:
    """Forgets one person.

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
        self.markers = self._get_markers()

    def _get_markers(self):
        """Return the texts to look for: addresses and numbers, names."""
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

    def run(self):
        """Erase everything but what is booked."""
        documents = self._get_documents()
        about = (
            self.partners.bank_ids,
            self.members,
            self.members._get_adjustments(),
            self.members.redemption_ids,
            self.partners,
            self.users,
        )
        self._delete_banks()
        self._close_users()
        self._clear_members()
        self._delete_joins()
        self._clear_claims(documents["b2b2c.claim"])
        self._clear_partners()
        # last: clearing leaves traces itself, as messages and tracked values
        self.env.flush_all()
        self._delete_mails()
        for records in about:
            self._delete_rows_about(records)
        texts = TextEraser(self.env, self.partners, self.members, self.markers)
        texts.scrub(documents)
        texts.delete_short_lived()
        self.env.flush_all()
        self.env.invalidate_all()

    def _get_documents(self):
        """Return the documents of the person: model -> ids."""
        found = defaultdict(set)
        for model, ids in self.members._get_document_ids().items():
            found[model].update(ids)
        sources = self.env["b2b2c.source"]
        for model in sources._get_sources():
            domain = sources._for_model(model)._get_personal_domain(self.members)
            found[model].update(self.env[model].search(domain).ids)
        return found

    # === PARTS === #

    def _delete_banks(self):
        """Delete bank accounts; one that was paid to is evidence, without the name."""
        for bank in self.partners.bank_ids:
            self._delete_rows_about(bank)
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    bank.unlink()
            except (UserError, psycopg2.IntegrityError):
                bank.write({"acc_holder_name": False, "active": False})

    def _delete_mails(self):
        """Delete e-mails and SMS to the person."""
        reach, _names = self.markers
        mails = self.env["mail.mail"].search(
            Domain("recipient_ids", "in", self._ids())
            | Domain.OR(Domain("email_to", "ilike", text) for text in reach)
        )
        messages = mails.mail_message_id
        mails.unlink()
        self.env["sms.sms"].search([("partner_id", "in", self._ids())]).unlink()
        notices = self.env["b2b2c.notification"].search(
            [("account_id", "in", self.members.account_ids.ids)]
        )
        messages |= self.env["mail.message"].search(
            [("model", "=", notices._name), ("res_id", "in", notices.ids)]
        )
        messages.exists().unlink()
        for name, column in (
            ("mail.blacklist", "email"),
            ("phone.blacklist", "number"),
        ):
            refusals = self.env[name].with_context(active_test=False)
            refusals.search([(column, "in", list(reach))]).unlink()

    def _delete_rows_about(self, records):
        """Delete messages, activities, followers and files of records."""
        for name, column in _ABOUT:
            self.env[name].sudo().search(
                [
                    (column, "=", records._name),
                    ("res_id", "in", records.ids),
                    *(
                        # fields' own files go with the fields
                        [("res_field", "=", False)] if name == "ir.attachment" else []
                    ),
                ]
            ).unlink()
        if records._name == "res.partner":
            self.env["mail.followers"].search(
                [("partner_id", "in", self._ids())]
            ).unlink()

    def _close_users(self):
        """Archive the portal user; nobody logs in with the address again."""
        for user in self.users:
            user.write({"active": False, "signature": False})
            self.env.flush_all()
            # by SQL: Odoo would write an e-mail about a changed login
            self.env.cr.execute(
                "UPDATE res_users SET password = NULL, login = 'erased-' || id "
                "WHERE id = %s",
                [user.id],
            )
            user.invalidate_recordset()
            self.env["res.users.apikeys"].search([("user_id", "=", user.id)]).unlink()
        for name in ("res.users.log", "res.device.log"):
            # who a log line is about is one column or the other
            model = self.env[name]
            column = "user_id" if "user_id" in model._fields else "create_uid"
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(model._table),
                    SQL.identifier(column),
                    self.users.ids,
                )
            )

    def _clear_members(self):
        """End the memberships, keep nothing of the person on them."""
        now = fields.Datetime.now()
        for member in self.members:
            values = {
                "contact_id": False,
                "code": new_code(),
                "notify_email": False,
                "notify_sms": False,
                "erased_at": now,
            }
            if member.state in ("enrolled", "suspended"):
                values |= {
                    "state": "left",
                    "left_at": max(now, member.enrolled_at),
                    "suspended_at": False,
                }
            member.write(values)

    def _delete_joins(self):
        """Delete how the person joined; the agreement was to data that are gone."""
        reach, _names = self.markers
        self.env["b2b2c.join"].search(
            [
                "|", "|", "|",
                ("partner_id", "in", self._ids()),
                ("member_id", "in", self.members.ids),
                ("email", "in", list(reach)),
                ("phone", "in", list(reach)),
            ]
        ).unlink()  # fmt: skip

    def _clear_claims(self, claim_ids):
        """Delete the photos and what was read on them.

        Numbers and fingerprints stay, so that nothing is paid twice.  What nobody
        decided yet is refused: nobody can look at it any more.
        """
        claims = self.env["b2b2c.claim"].browse(list(claim_ids))
        receipts = self.env["b2b2c.receipt"].search([("claim_id", "in", claims.ids)])
        for receipt in receipts:
            if receipt.state in ("draft", "review"):
                receipt._refuse("by_person", None)
        claims.filtered(lambda c: c.state in ("draft", "review"))._refuse("by_person")
        receipts.page_ids.image = False
        receipts.filtered("seen").seen = False
        receipts.filtered(lambda r: r.read_state in ("waiting", "reading")).write(
            {"read_state": "failed"}
        )
        claims.sudo().filtered("address").address = False

    def _clear_partners(self):
        """Make the contacts nameless."""
        names = {
            name: False
            for name, field in self.partners._fields.items()
            if field.store
            and field.type in _TEXT_TYPES
            and name not in _KEPT_FIELDS
            and not field.required
            and not (field.compute and field.readonly)
            and not field.related
        }
        for partner in self.partners:
            partner.write(
                {
                    **names,
                    "name": self.env._("Erased person %s", partner.id),
                    "category_id": [(5,)],
                }
            )
        # not with the context of our search: Odoo would take closed users for active
        people = self.partners.with_env(self.env)
        people.filtered("active").active = False
        self.env.flush_all()
        self.members.invalidate_recordset()

    def _ids(self):
        return self.partners.ids
