"""Every public method either asks who gains, or stands here with a reason."""

from odoo.tests import tagged

from .test_rights import CORE, RightsCommon

#: Reason -> methods that decide nothing for a person.
ASIDE = {
    "terms that are the same for everybody": {
        "b2b2c.code": {"action_block", "action_unblock"},
        "b2b2c.code.batch": {
            "action_activate",
            "action_close",
            "action_forget_codes",
            "action_forget_pins",
            "action_freeze",
            "action_make",
            "action_unfreeze",
        },
        "b2b2c.challenge": {
            "action_accept_content",
            "action_copy_on",
            "action_new_version",
            "action_start",
            "action_stop",
            "action_take_step",
        },
        "b2b2c.challenge.begin": {"action_begin"},
        "b2b2c.checklist": {"action_take_step"},
        "b2b2c.mechanic.begin": {"action_begin"},
        "b2b2c.challenge.cancel": {"action_cancel"},
        "b2b2c.earning.rule": {"action_new_version"},
        "b2b2c.program.start": {"action_start"},
        "b2b2c.settings": {"cancel", "execute"},
        "b2b2c.ladder": {
            "action_close",
            "action_new_version",
            "action_start",
            "action_take_step",
        },
        "b2b2c.program": {
            "action_close",
            "action_draft",
            "action_recheck_cuts",
            "action_start",
            "action_take_step",
        },
        "b2b2c.till.points": {"action_set_up"},
        "pos.config": {"action_b2b2c_take_points"},
        "res.config.settings": {
            "action_b2b2c_network_test",
            "action_b2b2c_take_points",
        },
        "b2b2c.unit": {"action_offer_goods"},
        "b2b2c.voucher.import": {"action_import"},
        "b2b2c.voucher.pool": {"action_close", "action_pause", "action_resume"},
        "b2b2c.voucher.return": {"action_return"},
    },
    "links and keys: who uses them is asked": {
        "b2b2c.api.key": {"action_new_secret", "action_revoke"},
        "b2b2c.invitation": {"action_new_link", "action_revoke"},
        "b2b2c.member": {"action_invite", "action_renew_code"},
        "b2b2c.voucher.key": {"action_rotate"},
        "b2b2c.webhook": {
            "action_activate",
            "action_new_secret",
            "action_pause",
            "action_test",
        },
        "b2b2c.webhook.replay": {"action_replay"},
    },
    "posts what participants have to the general ledger; nobody gains by it": {
        "b2b2c.liability.new": {"action_look"},
        "b2b2c.liability.run": {
            "action_compute",
            "action_discard",
            "action_post_run",
        },
    },
    "says what the ledger says; the partner agrees or disputes": {
        "b2b2c.settlement": {"action_discard", "action_send"},
        "b2b2c.settlement.month": {"action_preview", "action_settle"},
    },
    "computes again what documents deserve": {
        "b2b2c.account": {"action_rebuild_all"},
        "b2b2c.event": {"action_retry"},
        "b2b2c.grant": {"action_give"},
        "b2b2c.ladder.standing": {"action_evaluate"},
        "b2b2c.partner.agreement": {"action_look_again"},
        "b2b2c.referral": {"action_check_again"},
    },
    "the customer's wish, entered by who may write the order": {
        "b2b2c.part.payment.choose": {
            "action_choose",
            "action_choose_most",
            "action_choose_none",
        },
    },
    "asks in the method it calls": {
        "b2b2c.enroll": {"action_enroll"},  # b2b2c.member.create
        "b2b2c.event.ignore": {"action_ignore"},  # b2b2c.event._ignore
        "b2b2c.intake.import": {"action_check", "action_import"},  # _import
        "b2b2c.referral.invite": {"action_check", "action_invite"},  # _read_people
        "b2b2c.terminal": {
            *("preview", "record", "open_member", "offer_payment", "ask_payment"),
        },  # read_ticket
        "pos.session": {"b2b2c_show_buyer", "b2b2c_get_receipt"},  # TillDesk
    },
    "the own request is withdrawn, or the own entry at the counter": {
        "b2b2c.price.exception": {"action_cancel"},
        "b2b2c.terminal": {"cancel", "confirm_payment", "drop_payment"},
    },
    "notes that somebody looked at it; nothing moves": {
        "b2b2c.spend.incident": {"action_settle"},
    },
    "where machines look on the next receipt; a person or a proof decides": {
        "b2b2c.receipt.word": {"action_forget"},
    },
    "asked by the till: the participant's card, PIN and the ledger decide": {
        "pos.session": {
            "b2b2c_get_refundable",
            "b2b2c_get_spendable",
            "b2b2c_hold_points",
            "b2b2c_release_points",
            "b2b2c_send_points_code",
            # of the client in another company's Odoo: the network asks all of it
            "b2b2c_network_hold",
            "b2b2c_network_release",
            "b2b2c_network_send_code",
            "b2b2c_network_show",
        },
    },
    "books nothing, and tells nobody who has a number": {
        "pos.session": {"b2b2c_preview", "b2b2c_send_buyer_code"},
    },
    "words to people, and who writes them; nothing moves": {
        "b2b2c.chat.broadcast": {"action_start", "action_stop", "action_test"},
        "b2b2c.chat.channel": {
            "action_check",
            "action_pause",
            "action_set_up",
            "action_test",
        },
        "b2b2c.chat.link": {"action_unlink_person", "action_write_to"},
        "b2b2c.chat.question": {"action_done", "action_reopen", "action_take"},
    },
    "tries again to send a message": {
        "b2b2c.notification": {"action_retry"},
        "b2b2c.redemption": {"action_send_voucher"},
    },
    "lets somebody try a PIN again, who still has to know it": {
        "b2b2c.pin.try": {"action_open"}
    },
    "shows, opens or prints": {
        "b2b2c.account": {"action_verify", "action_verify_all"},
        "b2b2c.code.batch": {"action_print"},
        "b2b2c.code.print": {"action_print"},
        "b2b2c.document": {"action_preview"},
        "b2b2c.external.document": {"action_preview"},
        "b2b2c.activity.submission": {"action_next"},
        "b2b2c.challenge": {"action_estimate", "action_prove"},
        "b2b2c.challenge.round": {
            "action_ask_recount",
            "action_disqualify",
            "action_prove_result",
        },
        "b2b2c.claim": {"action_preview"},
        "b2b2c.desk": {"count_waiting", "get_day", "open_waiting"},
        "b2b2c.intake.import": {"action_back"},
        "b2b2c.ladder": {"action_dealers", "action_prove"},
        "b2b2c.ladder.standing": {"action_volume", "action_why"},
        "b2b2c.mechanic": {"get_gallery", "open_mechanic"},
        "b2b2c.member": {
            "action_erase",
            "action_export_personal_data",
            "action_why",
        },
        "b2b2c.preview": {"action_why"},
        "b2b2c.program": {"action_try"},
        "b2b2c.receipt": {"action_next"},
        "pos.config": {"b2b2c_find_sellers", "b2b2c_get_my_points"},
        "b2b2c.redemption": {"action_print_slip"},
        "b2b2c.seal.check": {"action_check"},
        "b2b2c.terminal": {"recent", "search_member", "search_product", "start"},
        "res.partner": {
            "action_b2b2c_dealer",
            "action_b2b2c_enroll",
            "action_b2b2c_invitations",
            "action_b2b2c_members",
            "action_b2b2c_show_place",
            "action_b2b2c_voucher_pools",
        },
        "sale.order": {
            "action_b2b2c_ask_exception",
            "action_b2b2c_choose_points",
            "action_b2b2c_entries",
            "action_b2b2c_exception",
            "action_b2b2c_exceptions",
            "action_b2b2c_preview",
            "action_b2b2c_update_prices",
            "action_b2b2c_why",
        },
    },
}


@tagged("post_install", "-at_install")
class TestDecisions(RightsCommon):
    def _find_unmarked(self):
        """Return model -> names of its public methods that do not ask by themselves."""
        found = {}
        for model in self.env.registry:
            names = self._get_public(model) - CORE
            if not model.startswith("b2b2c."):  # our buttons on models of Odoo
                names = {name for name in names if "b2b2c" in name}
            names = {
                name
                for name in names
                if not name.startswith("action_open_") and not self._asks(model, name)
            }
            if names:
                found[model] = names
        return found

    def _get_public(self, model):
        from .test_rights import TestPublicSurface

        return TestPublicSurface._get_public(self, model)

    def _asks(self, model, name):
        """Tell whether a method, or one it extends, is marked by ``decides``."""
        return any(
            hasattr(vars(klass).get(name), "_decides")
            for klass in type(self.env[model]).__mro__
        )

    maxDiff = None

    def test_every_public_method_asks_or_says_why_not(self):
        listed = {}
        for models in ASIDE.values():
            for model, names in models.items():
                twice = listed.get(model, set()) & names
                self.assertFalse(twice, model)
                listed.setdefault(model, set()).update(names)
        self.assertEqual(self._find_unmarked(), listed)

    def test_buttons_of_our_screens_are_among_them(self):
        """What a screen offers is a public method, so the list above is complete."""
        views = self.env["ir.ui.view"].search([("model", "=like", "b2b2c.%")])
        for view in views:
            for button in view._get_combined_arch().iter("button"):
                if button.get("type") != "object" or button.getparent().tag == "list":
                    continue  # of another model, maybe
                with self.subTest(view=view.name, button=button.get("name")):
                    names = self._get_public(view.model)
                    self.assertIn(button.get("name"), names)

    def test_control_a_new_decision_is_noticed(self):
        def action_give_away(records):
            """Decide something, and ask nobody."""

        claims = self.env.registry["b2b2c.claim"]
        action_give_away.__module__ = "odoo.addons.loyalty_b2b2c.models"
        bases = [k for k in claims.__mro__ if k.__module__.startswith("odoo.addons.lo")]
        bases[0].action_give_away = action_give_away
        self.addCleanup(delattr, bases[0], "action_give_away")
        self.assertIn("action_give_away", self._find_unmarked()["b2b2c.claim"])

    def test_marks_name_who_gains(self):
        """A path of a mark leads to people, companies, or is the record itself."""
        marked = 0
        for model in self.env.registry:
            for klass in type(self.env[model]).__mro__:
                for method in vars(klass).values():
                    for path in getattr(method, "_decides", ()):
                        records = self.env[model]
                        target = records.mapped(path) if path else records
                        self.assertIn(target._name, ("b2b2c.member", "res.partner"))
                        marked += 1
        self.assertGreater(marked, 40)
