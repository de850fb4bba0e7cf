"""The phones of the demo: a chat with the company's bot, without an account anywhere.

A server beside Odoo speaks Telegram's Bot API and shows each person's chat as a phone
does. ``load`` gives the demo company its channel; ``main`` is the server's program.
"""

import base64
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import qrcode
import requests
from PIL import Image

from tools import cache, chat_servers, receipt_photos  # noqa: F401  makes ``chat_servers`` importable
from tools.demo import receipts
from tools.steps import UserError
from tools.web_client import Session
from tools.workspace import ROOT

TOKEN, BOT = "42:DEMO", "nova_paper_bot"
#: Names the file of what the program is told: what may be sent, where the bot listens.
VARIABLE = "LOYALTY_DEMO_PHONE"
PEOPLE = (
    ("Nina", "+380672223344", "en"),
    ("Olena", "+380671234567", "uk"),
    ("Somebody new", "+380509998877", "en"),
)
_WAIT_SECONDS = 15
#: Seconds between two looks at what is sent by SMS, and who may look.
_LOOK_SECONDS = 2
ADMINISTRATOR = ("admin", "admin")


def load(env, port):
    """Give the demo company its channel, and tell what the phones need to know.

    :param env: superuser environment; the caller commits
    :param int port: of the phones' server
    :return: dict for :func:`start`
    """
    address = f"http://127.0.0.1:{port}"
    channel = env.ref("__demo__.b2b2c_chat_channel", raise_if_not_found=False)
    if not channel:
        channel = env["b2b2c.chat.channel"].create(
            {"name": "Telegram", "kind": "telegram", "token": TOKEN, "account": BOT}
        )
        env["ir.model.data"].create(
            {
                "module": "__demo__",
                "name": "b2b2c_chat_channel",
                "model": channel._name,
                "res_id": channel.id,
                "noupdate": True,
            }
        )
    channel.write({"api_base": address, "state": "active"})
    channel._set_option("link_base", address)
    return {
        "port": port,
        "path": channel._get_hook_path(),
        "secret": channel.secret,
        "samples": _get_samples(env),
        "hints": _get_hints(env, address),
        "database": env.cr.dbname,
    }


def _get_samples(env):
    """Return pictures to send: dict name -> content in base64."""
    from odoo.addons.loyalty_b2b2c.engine import product_code

    batch = env.ref("__demo__.b2b2c_batch_cards")
    labels = [
        product_code.link(batch.get_base_url(), code.code, batch._get_gtin())
        for code in _get_cards(env)[:4]
    ]
    return {
        "A warranty card": _draw(labels[:1]),
        "Three warranty cards": _draw(labels[1:]),
        "A receipt": base64.b64encode(_draw_receipt()).decode(),
    }


def _get_cards(env):
    """Return codes of warranty cards that nobody used, the last first."""
    batch = env.ref("__demo__.b2b2c_batch_cards")
    domain = [("batch_id", "=", batch.id), ("state", "in", ("printed", "active"))]
    return env["b2b2c.code"].search(domain, order="serial desc")


def _draw(texts):
    """Return a picture of QR codes side by side, in base64."""
    codes = [qrcode.make(text, box_size=7).get_image().convert("RGB") for text in texts]
    width = sum(code.width for code in codes)
    picture = Image.new("RGB", (width, max(code.height for code in codes)), "white")
    left = 0
    for code in codes:
        picture.paste(code, (left, 0))
        left += code.width
    target = io.BytesIO()
    picture.save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


def _draw_receipt():
    """Return a photo of a receipt on which there is toner."""
    receipt = receipts._receipt(31, [(receipts.TONER, "", 2, 7900)])
    return receipt_photos.photograph(receipt_photos.draw(receipt), "scan", seed=31)


def _get_hints(env, address):
    """Return what a newcomer may try, in sentences."""
    code = _get_cards(env)[4].code
    return [
        "Nina's phone: sign in on the portal as nina, open Preferences and connect the "
        "chat; press START here.",
        f"Write the code of a warranty card: {code}",
        "Send the picture of three warranty cards.",
        "Ask for the balance, the statement, your own code and the rewards.",
        "The new phone: somebody joins in the chat, by this invitation: "
        f"{address}/{BOT}?start=j_{_invite(env)}",
        "Write /recommend on a phone that takes part.",
    ]


def _invite(env):
    """Return the token of an invitation to a shop, where nobody has to agree."""
    invitation = env.ref("__demo__.b2b2c_invitation_chat", raise_if_not_found=False)
    if not invitation:
        invitation = env["b2b2c.invitation"].create(
            {
                "employer_id": env.ref("__demo__.b2b2c_client_lviv").id,
                "role": "salesperson",
                "approval": "none",
            }
        )
        env["ir.model.data"].create(
            {
                "module": "__demo__",
                "name": "b2b2c_invitation_chat",
                "model": invitation._name,
                "res_id": invitation.id,
                "noupdate": True,
            }
        )
    return invitation.link.rsplit("/", 1)[1]


# === THE PROGRAM === #


def start(settings, odoo_url):
    """Start the phones' server beside Odoo.

    :param dict settings: what :func:`load` returned
    :return: (number of its process, its address)
    """
    hook = f"{odoo_url}{settings['path']}"
    told = {**settings, "hook": hook, "odoo": odoo_url}
    path = cache.root() / "phone-told.json"
    path.touch(0o600)
    path.write_text(json.dumps(told))
    log = (cache.root() / "phone.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.demo.phone"],
        cwd=ROOT,
        env={**os.environ, VARIABLE: str(path)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{settings['port']}"
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        try:
            requests.get(f"{address}/phone/about", timeout=2)
            return process.pid, address
        except requests.RequestException:
            time.sleep(0.1)
    process.kill()
    raise UserError(f"the phones did not start; see {log.name}")


def main():
    """Run the server until it is stopped."""
    from chat_servers.phone_server import PhoneServer

    told = json.loads(Path(os.environ[VARIABLE]).read_text())
    samples = {name: base64.b64decode(text) for name, text in told["samples"].items()}
    server = PhoneServer(
        PEOPLE, samples, told["hints"], token=TOKEN, username=BOT, port=told["port"]
    )
    server.call("setWebhook", {"url": told["hook"], "secret_token": told["secret"]})
    session = Session(told["odoo"], told["database"], *ADMINISTRATOR)
    last = 0
    while True:
        time.sleep(_LOOK_SECONDS)
        last = show_short_messages(session, server, last)


def show_short_messages(session, server, last):
    """Show on the phones what Odoo would send by SMS: the demo has no provider.

    :param Session session: of somebody who may read them
    :param server: of the phones
    :param int last: the message that was shown last
    :return: the last one now
    """
    rows = session.call(
        "sms.sms", "search_read", [("id", ">", last)], ["number", "body"], order="id"
    )
    for row in rows:
        server.notify(row["number"], row["body"])
    return rows[-1]["id"] if rows else last


if __name__ == "__main__":
    main()
