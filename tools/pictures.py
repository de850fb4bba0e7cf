"""The pictures of the README, taken from the running demo company.

``./loyalty pictures`` calls this with a fresh database and a server on it, so that the
pictures are of today's code.
"""

import argparse
import sys
from pathlib import Path

from tools.browser import open_page
from tools.demo import life, network, till
from tools.demo.company import PASSWORDS, load
from tools.odoo_env import open_environment
from tools.steps import say
from tools.web_client import Session

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
LAPTOP = (1280, 800)
TABLET = (1180, 820)
PHONE = (390, 844)


def main():
    """Take every picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--web", action="store_true", help="those of the web shop")
    arguments = parser.parse_args()
    with open_environment(arguments.database) as env:
        load(env, life)
        ids = network.load(env)
        if arguments.web:
            ids = _find_cart(env)
        else:
            ids |= {**_find(env), **till.load(env)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    passwords = {**PASSWORDS, network.PARTNER: network.PARTNER}
    people = {
        login: Session(arguments.url, arguments.database, login, password)
        for login, password in passwords.items()
    }
    if arguments.web:
        people["olena"].post("/shop/cart/add", {**ids, "quantity": 2})
    shots = _web_shots() if arguments.web else _shots(ids)
    with open_page() as page:
        for name, login, size, path, until, click in shots:
            page.size(*size, mobile=size == PHONE)
            page.be(arguments.url, people[login].http.cookies["session_id"])
            page.open(arguments.url + path, until)
            for step in click:
                if isinstance(step, tuple):
                    page.fill(*step)
                else:
                    page.click(step)
            if click:
                page.wait(click[-1])
            page.picture(FOLDER / f"{name}.png")
            say(f"docs/images/{name}.png")


def _find(env):
    """Return the ids the pictures are of."""
    member = env.ref("__demo__.b2b2c_member_olena")
    buyer = env.ref("__demo__.b2b2c_contact_dnipro")
    orders = env["sale.order"].search([("partner_id", "=", buyer.id)], order="id")
    return {
        "order": orders[0].id,
        "draft": orders.filtered(lambda order: order.state == "draft")[:1].id,
        "program": env.ref("__demo__.b2b2c_program").id,
        "rucksack": env.ref("__demo__.b2b2c_reward_rucksack").id,
        "paper": env.ref("__demo__.b2b2c_product_paper").id,
        "member": member.id,
        "account": member.account_ids[:1].id,
        "receipt": env["b2b2c.receipt"]
        .search([("state", "=", "review"), ("kind", "=", "receipt")], limit=1)
        .id,
        **_find_dealer(env),
        **_find_codes(env),
        **_find_spent(env),
    }


def _find_cart(env):
    """Return what Olena puts into her cart; she has 500 points for it."""
    _give(env, "olena", 500)
    product = env.ref("__demo__.b2b2c_product_card")
    return {
        "product_id": product.id,
        "product_template_id": product.product_tmpl_id.id,
    }


def _give(env, name, points):
    """Let a participant have so many points more."""
    account = env.ref(f"__demo__.b2b2c_member_{name}")._get_account(
        env.ref("loyalty_b2b2c.unit_points")
    )
    account._earn(points, source_key=f"picture/{name}")
    env.cr.commit()


def _find_spent(env):
    """Let people ask for a voucher, for money and for a mug; return what they got."""
    _give(env, "ihor", 200)
    _give(env, "olena", 600)
    requests = env["b2b2c.redemption"]

    def ask(name, reward, **values):
        user = env["res.users"].search([("login", "=", name)])
        return requests.with_user(user)._request(
            env.ref(f"__demo__.b2b2c_member_{name}"),
            env.ref(f"__demo__.b2b2c_reward_{reward}"),
            request_key=f"picture-{reward}",
            **values,
        )

    ask("olena", "mug")
    ask("olena", "notebook")
    money = ask(
        "olena",
        "money",
        amount=400,
        answers={"holder": "Olena Kovalenko", "iban": "UA213223130000026007233566001"},
    )
    voucher = ask("ihor", "tickets")
    env.cr.commit()
    return {"voucher": voucher.id, "payout": money.payout_ids.id}


def _find_codes(env):
    """Scan some codes as people do; return what is left, and one to be reviewed."""
    batch = env.ref("__demo__.b2b2c_batch_cards")
    codes = env["b2b2c.code"].search([("batch_id", "=", batch.id)], order="serial")
    codes = codes.mapped("code")
    nina = env.ref("__demo__.b2b2c_member_nina")
    stranger = env["res.partner"].create(
        {"name": "Bohdan Lysenko", "email": "bohdan@lviv-print.example"}
    )
    elsewhere = env["b2b2c.member"].create(
        {
            "partner_id": stranger.id,
            "employer_id": env.ref("__demo__.b2b2c_client_lviv").id,
            "role": "salesperson",
            "consent_at": nina.consent_at,
        }
    )
    scans = env["b2b2c.scan"]
    for number, code in enumerate(codes[10:15]):
        scans._take(nina, code, f"picture-{number}", address="192.0.2.10")
    scans._take(elsewhere, codes[10], "picture-copy", address="198.51.100.7")
    with env.cr.savepoint():
        usual = env.company.b2b2c_scan_adjacent
        env.company.b2b2c_scan_adjacent = 6  # this picture is of an opened box
        scans._take(nina, codes[15], "picture-box", address="192.0.2.10")
        env.company.b2b2c_scan_adjacent = usual
    review = env["b2b2c.claim"].search([("state", "=", "review")], limit=1)
    env.cr.commit()
    return {"codes": codes, "batch": batch.id, "claim": review.id}


def _find_dealer(env):
    """Return a dealer, and a quotation of its salesperson."""
    company = env.ref("__demo__.b2b2c_dealer_kyiv")
    sales = env["res.users"].search([("login", "=", "sales")])
    case = env.ref("__demo__.b2b2c_product_case")
    quotation = (
        env["sale.order"]
        .with_user(sales)
        .create(
            {
                "partner_id": company.id,
                "order_line": [(0, 0, {"product_id": case.id, "product_uom_qty": 25})],
            }
        )
    )
    dealer = env["b2b2c.ladder.standing"].search([("partner_id", "=", company.id)])
    env.cr.commit()
    return {
        "dealer": dealer.id,
        "dealer_order": quotation.id,
        "ladder": dealer.ladder_id.id,
    }


def _shots(ids):
    """Return (name, login, screen, path, what to wait for, steps) per picture.

    A step is a selector to click, or a selector and the text to type there.
    """
    form = ".o_form_view .o_form_sheet"
    served = (
        ("#o_terminal_query", "067 123 45 67"),
        ".o_terminal_search button:enabled",
        *(f".o_terminal_keys [data-key='{key}']" for key in "240"),
        (".o_terminal_receipt input", "TILL-1-0042"),
        ".o_terminal_why",
    )
    return [
        (
            "order",
            "sales",
            LAPTOP,
            f"/odoo/action-sale.action_orders/{ids['order']}",
            "button[name=action_b2b2c_preview]",
            (),
        ),
        (
            "preview",
            "sales",
            LAPTOP,
            f"/odoo/action-sale.action_quotations/{ids['draft']}",
            form,
            ("button[name=action_b2b2c_preview]", ".modal .o_form_view"),
        ),
        (
            "gallery",
            "manager",
            LAPTOP,
            "/odoo/loyalty-mechanics",
            ".o_b2b2c_mechanic img",
            (),
        ),
        (
            "try_it",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_program_action/{ids['program']}",
            form,
            ("button[name='action_try']", ".modal .o_data_row .o_data_cell"),
        ),
        (
            "program",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_program_action/{ids['program']}",
            form,
            (),
        ),
        (
            "member",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_member_action/{ids['member']}",
            form,
            (),
        ),
        (
            "dealer",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_ladder_standing_action/{ids['dealer']}",
            ".o_form_sheet svg",
            (),
        ),
        (
            "ladder",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_ladder_action/{ids['ladder']}",
            form,
            (),
        ),
        (
            "dealer_order",
            "sales",
            LAPTOP,
            f"/odoo/action-sale.action_quotations/{ids['dealer_order']}",
            form,
            (),
        ),
        ("receipts", "nina", PHONE, "/my/rewards/receipts", "form", ()),
        ("store", "olena", PHONE, "/my/rewards/store", "#wrap img", ()),
        (
            "reward",
            "ihor",
            PHONE,
            f"/my/rewards/store/{ids['rucksack']}",
            "#wrap img",
            (),
        ),
        (
            "voucher",
            "ihor",
            PHONE,
            f"/my/rewards/requests/{ids['voucher']}/voucher",
            ".o_b2b2c_voucher",
            (".o_b2b2c_voucher_show", ".o_b2b2c_voucher_code"),
        ),
        (
            "payout",
            "olena",
            PHONE,
            f"/my/rewards/payouts/{ids['payout']}/proof",
            ".o_b2b2c_payout",
            (),
        ),
        ("requests", "olena", PHONE, "/my/rewards/requests", ".o_b2b2c_request", ()),
        (
            "requests_desk",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_redemption_action",
            ".o_data_row",
            (),
        ),
        (
            "payout_desk",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_payout_action/{ids['payout']}",
            form,
            (),
        ),
        ("supply", "ihor", PHONE, "/my/rewards/order", "#wrap form", ()),
        (
            "supply_confirm",
            "ihor",
            PHONE,
            f"/my/rewards/order/confirm?pieces_{ids['paper']}=2",
            ".o_b2b2c_supply_send",
            (),
        ),
        (
            "desk",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_receipt_action/{ids['receipt']}",
            form,
            (),
        ),
        ("dealer_portal", "taras", PHONE, "/my/rewards/dealer", "svg", ()),
        (
            "ledger",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_ledger_entry_action",
            ".o_data_row",
            (),
        ),
        (
            "dashboard",
            "manager",
            LAPTOP,
            "/odoo/loyalty-today",
            ".o_b2b2c_day canvas",
            (),
        ),
        (
            "shipments",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_external_document_action",
            ".o_data_row",
            (),
        ),
        ("goods", "ihor", PHONE, "/my/rewards/goods", "#wrap", ()),
        (
            "settlement",
            network.PARTNER,
            PHONE,
            f"/my/settlements/{ids['settlement']}",
            ".o_b2b2c_settlement_agree",
            (),
        ),
        (
            "settlement_office",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_settlement_action/{ids['settlement']}",
            form,
            (),
        ),
        (
            "places",
            "olena",
            PHONE,
            "/my/rewards/places",
            ".o_b2b2c_places_dot",
            (),
        ),
        (
            "scan",
            "nina",
            PHONE,
            f"/my/rewards/scan?code={ids['codes'][0]}",
            "#b2b2c_code",
            (".o_b2b2c_scan_ok", ".o_b2b2c_scan_result.o_credited"),
        ),
        (
            "batch",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_code_batch_action/{ids['batch']}",
            form,
            (),
        ),
        (
            "batch_print",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_code_batch_action/{ids['batch']}",
            form,
            ("button[name=action_print]", ".modal .o_form_view"),
        ),
        (
            "claims",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_claim_action",
            ".o_list_view",
            (),
        ),
        (
            "claim",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_claim_action/{ids['claim']}",
            form,
            (),
        ),
        (
            "code",
            "olena",
            PHONE,
            "/my/rewards",
            "#wrap",
            (".o_b2b2c_code summary", ".o_b2b2c_code img"),
        ),
        ("portal", "olena", PHONE, "/my/rewards", "#wrap", ()),
        ("statement", "olena", PHONE, f"/my/rewards/{ids['account']}", "#wrap", ()),
        ("terminal_find", "terminal", PHONE, "/odoo", ".o_terminal_scan", ()),
        (
            "terminal",
            "terminal",
            PHONE,
            "/odoo",
            ".o_terminal_scan",
            (*served, ".o_terminal_gets"),
        ),
        (
            "terminal_done",
            "terminal",
            PHONE,
            "/odoo",
            ".o_terminal_scan",
            (*served, ".o_terminal_confirm:enabled", ".o_terminal_result"),
        ),
        *_till_shots(ids),
    ]


def _till_shots(ids):
    """Return the same for the till: Olena shows her card, then pays with points."""
    rung = (
        ".open-register-btn",
        f"article.product[data-product-id='{ids['ring']}']",
        ".o_b2b2c_buyer_button",
        ("#b2b2c_buyer_text", ids["card"]),
        ".o_b2b2c_buyer_find",
        ".o_b2b2c_buyer_gain",
    )
    address = f"/pos/ui/{ids['till']}"
    points = (".pay-order-button", ".paymentmethod:nth-child(2)", ".paymentline")
    start = ".open-register-btn"
    return [
        ("till", "manager", TABLET, address, start, rung),
        ("till_pay", "manager", TABLET, address, start, (*rung, *points)),
    ]


def _web_shots():
    """Return the same for the web shop: two of card stock, half of them in points."""
    use = ".o_b2b2c_cart_points button[name='use']"
    return [
        (
            "cart",
            "olena",
            PHONE,
            "/shop/cart",
            use,
            (
                (".o_b2b2c_cart_points input[name='points']", "385"),
                use,
                ".o_b2b2c_cart_points input[value='385']",
            ),
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
