from odoo.addons.loyalty_b2b2c_portal.pages import membership


class Commands:
    """The commands of a flow, carried out on Odoo for one chat, and its words.

    One file for each flow: a class that inherits this one.  A command is a method that
    takes and returns plain values; a :class:`~odoo.exceptions.UserError` is said to the
    person, and what the command did is undone.  It acts on what belongs to the person
    of the chat and nothing else: values of buttons come from outside.

    :cvar str flow: name of the flow
    :cvar dict words: code without the flow's name -> function of environment and
        parameters that returns the text
    :param clerk: :class:`~.clerk.Clerk`
    """

    flow = ""
    words = {}

    def __init__(self, clerk):
        self.clerk = clerk

    @property
    def link(self):
        """The chat, ``b2b2c.chat.link`` in the person's language (superuser)."""
        return self.clerk.link

    @property
    def env(self):
        return self.clerk.link.env

    @property
    def members(self):
        """The memberships of the person (superuser)."""
        return self.clerk.members

    @property
    def submitters(self):
        """Those of them that are in force."""
        return membership.submitters(self.members)

    @property
    def company(self):
        """The company whose channel it is."""
        return self.link.company_id

    def offers(self):
        """Return the names of the actions that are of use to the person."""
        return ()


def find_id(text):
    """Return the number in what a button carries, 0 for anything else.

    :param str text: anything
    """
    is_id = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_id else 0
