"""What a running server writes down of the addresses it is asked for."""

from urllib.parse import unquote

import requests
import world

from tools import odoo_env

LOGIN, PASSWORD = "olena", "password-of-the-log"
SECRET = "7K3MQ2XH5TRW"
PHONE = "+380671000000"
#: Addresses that hold a secret; what is left of each is in the log.
ASKED = {
    f"/l/{SECRET}": "/l/***",
    f"/01/04006381333931/21/{SECRET}": "/01/04006381333931/21/***",
    f"/my/rewards/scan?code={SECRET}": "/my/rewards/scan?code=***",
    f"/rewards/join/{SECRET}": "/rewards/join/***",
    f"/rewards/join/{SECRET}/poster": "/rewards/join/***/poster",
    f"/web/signup?token={SECRET}": "/web/signup?token=***",
    f"/web/reset_password?token={SECRET}": "/web/reset_password?token=***",
    f"/loyalty/api/v1/balance?code={SECRET}": "/loyalty/api/v1/balance?code=***",
    f"/web/login?redirect=%2Fl%2F{SECRET}": "/web/login?redirect=%2Fl%2F***",
}


def test_no_secret_is_in_the_log(database, report):
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": LOGIN,
                "password": PASSWORD,
                "partner_id": made.members.partner_id.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
    log = _ask(database)
    asked = [line for line in log.splitlines() if " HTTP/1.1" in line]
    for left in ASKED.values():
        spellings = (left, unquote(left))  # as the web server writes it
        assert any(f" {text} HTTP" in "".join(asked) for text in spellings), asked
    assert SECRET not in log
    assert PHONE[1:] not in log
    # the control: a name that nobody cuts is written as it was asked for
    assert "/my/rewards?plain=PLAIN-SECRET" in log
    report("addresses with a secret", asked=len(ASKED), written=log.count(SECRET))


def _ask(database):
    """Ask a server for all addresses, signed in; return its log."""
    with odoo_env.odoo_server(database) as server:
        session = requests.Session()
        session.trust_env = False
        session.post(
            f"{server.url}/web/session/authenticate",
            json={
                "params": {"db": database, "login": LOGIN, "password": PASSWORD},
                "jsonrpc": "2.0",
            },
            timeout=60,
        )
        session.get(f"{server.url}/my/rewards?plain=PLAIN-SECRET", timeout=60)
        for address in ASKED:
            session.get(server.url + address, timeout=60)
        session.get(
            f"{server.url}/loyalty/api/v1/balance", params={"phone": PHONE}, timeout=60
        )
        # a body is never written
        session.post(
            f"{server.url}/loyalty/api/v1/balance", json={"phone": PHONE}, timeout=60
        )
    return server.log_path.read_text(errors="replace")
