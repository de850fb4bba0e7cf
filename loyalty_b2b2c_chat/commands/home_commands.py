from .commands import Commands


def _word_menu(env, p):
    lines = [env._("%s, what would you like to do?", p["name"])]
    if p["balances"]:
        lines.append(env._("You have %s.", p["balances"]))
    return "\n".join(lines)


WORDS = {
    "menu": _word_menu,
    "menu_button": lambda env, p: env._("☰ Menu"),
    "help": lambda env, p: env._("❔ Help"),
    "write": lambda env, p: env._("💬 Write to a person"),
    "open_page": lambda env, p: env._("Open my page"),
    "begin": lambda env, p: env._(
        "Hello! This is the loyalty program of %(company)s.\n"
        "Do you take part already? Open your page, choose “Messages about my points” "
        "and press “Connect”. Were you invited? Open the link of your invitation.",
        company=p["company"],
    ),
    "help_text": lambda env, p: env._(
        "Send me a code, typed or on a photo, or a photo of a receipt: I register it "
        "and tell you what you get for it.\n"
        "The buttons show your points, your code and everything else. /menu brings "
        "them back at any time.\n"
        "Would you rather talk to a person of %(company)s? Press “Write to a person”.",
        company=p["company"],
    ),
    "help_unknown": lambda env, p: env._(
        "Here you register what you sold, see your points and use them: as soon as I "
        "know who you are. Connect this chat on your page of %(company)s, or open the "
        "link of your invitation.",
        company=p["company"],
    ),
    "ask_letter": lambda env, p: env._(
        "What would you like to tell %(company)s? Write it in one message; a photo is "
        "welcome, too.",
        company=p["company"],
    ),
    "cancel": lambda env, p: env._("✖ Never mind"),
    "letter_sent": lambda env, p: env._(
        "Thank you. A person reads it, and the answer comes here."
    ),
    # what is said about a message nobody expected
    "no_answer": lambda env, p: env._("I do not understand this."),
    "no_photo": lambda env, p: env._("A photo does not help me here."),
    "no_video": lambda env, p: env._("I cannot watch videos here."),
    "no_file": lambda env, p: env._("I cannot use this file here."),
    "no_location": lambda env, p: env._("I do not need to know where you are."),
    "no_contact": lambda env, p: env._("I do not need a contact here."),
    "old_button": lambda env, p: env._("This button is from earlier; it is over."),
    "pressed_before": lambda env, p: env._("You pressed this already; it counts once."),
    "not_linked": lambda env, p: env._(
        "I do not know yet who you are, so I cannot show this."
    ),
    "too_large": lambda env, p: env._(
        "The file is too large for me. Send the photo smaller."
    ),
    "file_gone": lambda env, p: env._(
        "The file cannot be opened any more. Please send it again."
    ),
}


class HomeCommands(Commands):
    """The beginning, help, and a person to write to."""

    flow = "home"
    words = WORDS

    def offers(self):
        return ("help", "write")

    def greet(self):
        """Return ``name`` and ``balances``, in words."""
        balances = [
            text for member in self.submitters for text in member._get_balance_texts()
        ]
        return {
            "name": self.link.partner_id.name,
            "balances": " + ".join(balances),
        }

    def tell_place(self):
        """Return ``company`` and the ``url`` of the person's page."""
        return {
            "company": self.company.name,
            "url": self.company._get_rewards_url(),
        }

    def send_letter(self, text, files):
        """Put a message before a person of the company."""
        self.env["b2b2c.chat.question"].sudo()._ask(self.link, text, files)
