import secrets

from odoo import models

from ..people.addresses import is_same_name


class B2b2cJoin(models.Model):
    """Who somebody is whose address is proved, and how he signs in."""

    _inherit = "b2b2c.join"

    def _get_proved(self):
        """Return the addresses that were proved."""
        return [
            text
            for text, is_proved in (
                (self.email, self.email_ok),
                (self.phone, self.phone_ok),
            )
            if text and is_proved
        ]

    def _find_person(self):
        """Return the private contact that has the proved addresses.

        One phone may lie on a shop's counter: who calls himself differently does not
        get the points of somebody else.  Of several people of one name nobody is
        chosen; but a login is one person's.

        :return: ``res.partner``, empty for somebody new; ``None`` when the addresses
            belong to somebody else, or to several
        """
        proved = self._get_proved()
        users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("login", "in", proved)])
        )
        people = users.partner_id | self.env["b2b2c.member"]._find_people(
            self.company_id,
            phone=self.phone_ok and self.phone,
            email=self.email_ok and self.email,
            is_proved=True,
        )
        if not people:
            return people
        mine = people.filtered(lambda person: is_same_name(person.name, self.name))
        known = mine & users.partner_id or mine
        return known if len(known) == 1 else None

    def _keep_proofs(self, person):
        """Keep for a person that the codes we sent came back."""
        self._take_login_over(person)
        self.env["b2b2c.address.proof"].sudo()._keep(person, self._get_proved(), "code")

    def _take_login_over(self, person):
        """Give a login to who proved its address: whoever registered it before did not,
        and goes with password, keys and the addresses that nobody proved.

        Anybody can sign up with somebody else's e-mail, and wait until that person
        joins.
        """
        proofs = self.env["b2b2c.address.proof"].sudo()
        proved, known = self._get_proved(), proofs._get_proved(person)
        taken = person.user_ids.sudo().filtered(
            lambda user: (
                user.share
                and user.login in proved
                and (person.id, user.login) not in known
            )
        )
        if not taken:
            return
        for user in taken:
            user._change_password(secrets.token_urlsafe(32))
            user.api_key_ids.unlink()
        reach = person._get_loyalty_reach()
        is_proved = {address for _person, address in known}
        phone = reach.phone if reach.phone in is_proved else False
        email = reach.email if reach.email in is_proved else False
        person.write(
            {
                "phone": self.phone if self.phone_ok else phone,
                "email": self.email if self.email_ok else email,
            }
        )

    def _may_take_part(self, person):
        """Tell whether a contact, empty for a new one, can join by itself here."""
        if not person:
            return True
        users = person.with_context(active_test=False).user_ids
        signed_in = self.partner_id == person and not self._get_proved()
        return not (
            person.parent_id
            or person.is_company
            or person.company_id not in (self.company_id, person.company_id.browse())
            # staff signs in; whoever was locked out stays so
            or any(not user.active or not user.share for user in users)
            and not signed_in
        )

    def _get_person(self):
        """Return the private contact of the person, created when needed."""
        email = self.email_ok and self.email or False
        phone = self.phone_ok and self.phone or False
        person = self.partner_id
        if person:
            known = {"email": email, "phone": phone}
            person.write({k: v for k, v in known.items() if v and not person[k]})
            return person
        country = self.employer_id.country_id or self.company_id.country_id
        return self.env["res.partner"].create(
            {
                "name": self.name,
                "email": email,
                "phone": phone,
                "is_company": False,
                "country_id": country.id,
                "lang": self.lang or self.employer_id.lang,
            }
        )

    def _prepare_sign_in(self, person):
        """Let a person who takes part already choose a password, if one is missing or
        cannot be asked for in another way.

        A code that came back said who it is: the mailbox, to which nothing goes, does
        not have to.
        """
        user = person.user_ids[:1]
        if user and not user.login_date:
            person.signup_type = "signup"
        elif user.login == self.phone and self.phone_ok and not user.email:
            person.signup_type = "reset"

    def _ensure_user(self, person):
        """Give a person a portal user; one that exists stays as it is."""
        if person.with_context(active_test=False).user_ids:
            self._prepare_sign_in(person)
            return
        self.env["res.users"].with_context(
            no_reset_password=True
        )._create_user_from_template(
            {
                "login": (self.email_ok and self.email) or self.phone,
                "partner_id": person.id,
                "company_id": self.company_id.id,
                "company_ids": [(6, 0, self.company_id.ids)],
                "lang": self.lang or person.lang,
            }
        )
        person.signup_type = "signup"
